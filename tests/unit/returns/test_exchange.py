"""An exchange: reserved at once by the routing of every order, sent when goods come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import InvalidInput
from dom.fulfillment.ports import Floor
from dom.fulfillment.withdraw import withdraw_units
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import Condition, ReturnOutcome, ReturnStatus, ShipsOn
from dom.model.rma import ExchangeLine, Return
from dom.model.totals import line_total
from dom.relay.steps import is_due_for_release
from dom.relay.wanted import is_routable
from dom.returns.decide import overdue
from dom.returns.labelled import track
from dom.returns.scan import scan
from dom.routing.ports import Routing
from dom.routing.route import route_all
from support.builders import NOW
from support.fakes import FakePlaces
from support.returning import World, delivered

S = ReturnStatus
BIGGER = (ExchangeLine(Sku("MUG-XL"), 2),)


@pytest.fixture
def world() -> World:
    world = delivered(("MUG", 3, 2000), taxes={"1": 100})
    world.ledger.stock("MUG-XL", "BOSTON", 2)
    return world


def exchange(world: World, **ask: Any) -> Return:
    return world.ask({"1": 2}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=BIGGER, **ask)


def made(world: World, record: Return) -> Order:
    assert record.exchange_order_id
    return world.ledger.orders[record.exchange_order_id]


def route(world: World, record: Return) -> FulfillmentOrder:
    """What routing makes of the exchange."""
    places = FakePlaces(world.ledger, world.places)
    rules = world.ports.rules
    ports = Routing(world.ledger, world.ledger, places, world.ledger, lambda: world.now, rules)
    route_all([record.exchange_order_id or ""], ports)
    [work] = world.ledger.fulfillment_orders(record.exchange_order_id or "")
    return work


def test_the_new_goods_are_reserved_at_once_and_not_released(world: World) -> None:
    record = exchange(world)
    order = made(world, record)
    assert is_routable(order) and order.history[0].type == "OrderPlaced"
    work = route(world, record)
    assert world.ledger.positions["MUG-XL@BOSTON"].available == 0
    assert work.due_at == order.ship_after and not is_due_for_release(work, world.now)


@pytest.mark.parametrize("routed_first", [True, False])
def test_they_leave_with_the_first_scan_of_what_comes_back(
    world: World, routed_first: bool
) -> None:
    record = exchange(world)
    if routed_first:
        route(world, record)
    track(record.id, "UPS", "1Z", "ana", world.ports)
    scan(record.id, "in_transit", NOW, world.ports)
    assert made(world, record).ship_after is None
    work = world.ledger.works.get(f"{record.exchange_order_id}-1") or route(world, record)
    assert is_due_for_release(work, world.now)


@pytest.mark.parametrize("policy", [ShipsOn.RECEIPT, ShipsOn.INSPECTION])
def test_by_policy_they_wait_for_the_receipt_or_the_inspection(
    world: World, policy: ShipsOn
) -> None:
    world.policy = ReturnPolicy(exchange_on=policy)
    record = exchange(world)
    scan(record.id, "in_transit", NOW, world.ports)
    assert made(world, record).ship_after
    world.receive(record, {"1": 2})
    assert (made(world, record).ship_after is None) is (policy is ShipsOn.RECEIPT)
    world.inspect(record, [("1", 2, Condition.NEW)])
    assert made(world, record).ship_after is None


def test_the_value_goes_into_the_new_goods_and_nothing_is_paid(world: World) -> None:
    record = exchange(world)
    world.receive(record, {"1": 2})
    world.inspect(record, [("1", 2, Condition.NEW)])
    record = world.settle(record)
    assert record.status is S.CLOSED
    assert any(entry.type == "ReturnExchanged" for entry in record.history)
    # 2 of 3 mugs at 20.00 and of 1.00 tax.
    assert (record.refunds[0].exchanged, record.refunded.amount) == (4067, 0)
    assert sum(line_total(made(world, record), x) for x in made(world, record).lines) == 4067


def test_what_was_exchanged_can_be_returned_for_what_was_given(world: World) -> None:
    record = exchange(world)
    order = made(world, record)
    assert line_total(order, order.lines[0]) == record.exchange_value


def test_a_return_that_ends_without_goods_takes_the_exchange_back(world: World) -> None:
    record = exchange(world)
    route(world, record)
    world.cancel(record)
    order = made(world, record)
    assert order.withdraw == {"1": 2} and order.ship_after is None
    floor = Floor(world.ledger, world.ledger, world.ledger, world.ledger, lambda: world.now)
    withdraw_units(order.order_id, floor)
    assert made(world, record).status is OrderStatus.CANCELLED
    assert world.ledger.positions["MUG-XL@BOSTON"].available == 2


def test_when_all_of_it_is_missing_nothing_is_sent(world: World) -> None:
    world.policy = ReturnPolicy(exchange_on=ShipsOn.RECEIPT)
    record = exchange(world)
    world.receive(record, {}, {"1": 2})
    assert made(world, record).withdraw == {"1": 2}


def test_name_and_address_go_along_in_an_item_of_their_own(world: World) -> None:
    data = {"email": "ada@example.com", "addresses": {"sg1": {"name": "Ada"}, "sg2": {}}}
    world.ledger.people["ord_a"] = PersonalData(OrderId("ord_a"), "c1", data)
    record = exchange(world)
    copy = world.ledger.people[record.exchange_order_id or ""]
    assert copy.data["addresses"] == {"sg1": {"name": "Ada"}}
    assert "Ada" not in repr(made(world, record))


def test_goods_that_are_kept_send_the_exchange_at_once_and_pay_nothing() -> None:
    world = delivered(("PEN", 1, 150))
    wanted = (ExchangeLine(Sku("PEN-BLUE"), 1),)
    record = world.ask({"1": 1}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=wanted)
    assert record.kept and made(world, record).ship_after is None
    assert world.settle(record).refunded.amount == 0


@pytest.mark.parametrize(
    ("outcome", "lines"), [(ReturnOutcome.EXCHANGE, ()), (ReturnOutcome.REFUND, BIGGER)]
)
def test_the_outcome_and_what_is_wanted_instead_must_fit(
    world: World, outcome: ReturnOutcome, lines: Any
) -> None:
    with pytest.raises(InvalidInput, match="exchange_lines"):
        world.ask({"1": 1}, outcome=outcome, exchange_lines=lines)


def test_an_exchange_that_left_stays_gone_when_the_return_never_comes(world: World) -> None:
    record = exchange(world)
    scan(record.id, "in_transit", NOW, world.ports)
    world.now += timedelta(days=40)
    assert overdue(record.id, world.ports).status is S.CANCELLED
    assert made(world, record).withdraw == {}


def test_units_are_pending_until_they_are_routed(world: World) -> None:
    order = made(world, exchange(world))
    assert [line.buckets for line in order.lines] == [{Bucket.PENDING: 2}]
    assert replace(order, history=()).name.endswith("exchange")


def cancel_exchange(world: World, record: Return, units: int) -> None:
    """A person takes back so much of what the customer was to get instead."""
    order = made(world, record)
    line = order.lines[0].moved(Bucket.PENDING, Bucket.CANCELLED, units)
    world.ledger.orders[order.order_id] = order.with_lines([line])


@pytest.mark.parametrize("early", [ShipsOn.RECEIPT, ShipsOn.INSPECTION])
def test_goods_whose_exchange_a_person_cancelled_are_paid_in_money(
    world: World, early: ShipsOn
) -> None:
    world.policy = replace(world.policy, refund_on=early)
    record = exchange(world)
    cancel_exchange(world, record, 2)
    world.receive(record, {"1": 2})
    graded = world.inspect(record, [("1", 2, Condition.NEW)])
    assert graded.outcome is ReturnOutcome.REFUND
    closed = world.settle(record)
    assert closed.status is S.CLOSED
    assert closed.refunded.amount == sum(amount for _, amount in world.shop.paid) > 0
    assert world.order.exchange_promised == 0


def test_an_exchange_of_which_something_still_comes_stays_one(world: World) -> None:
    record = exchange(world)
    cancel_exchange(world, record, 1)
    world.receive(record, {"1": 2})
    assert world.inspect(record, [("1", 2, Condition.NEW)]).outcome is ReturnOutcome.EXCHANGE
