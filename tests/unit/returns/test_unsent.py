"""What never comes ends by itself, unpaid; what comes after the end is paid once all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from dom.errors import IllegalTransition, InvalidInput
from dom.model.commit import PersonalData
from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import Condition, ReturnOutcome, ReturnStatus, ShipsOn
from dom.model.rma import ExchangeLine, Return
from dom.model.tally import TallyScope
from dom.model.waiting import GOODS, outcome_of_return
from dom.returns import decide
from dom.returns.decide import Word
from dom.returns.scan import scan
from support.builders import NOW
from support.returning import World, delivered

S, C = ReturnStatus, Condition
WITHOUT_END = (ReturnRule("any", days=None),)


@pytest.fixture
def world() -> World:
    made = delivered(("MUG", 4, 2000), ("HAT", 2, 9000))
    made.policy = replace(made.policy, rules=WITHOUT_END)
    return made


def partly(world: World, came: int = 1, of: int = 3) -> Return:
    """A return of which some units came as new, and the others are still waited for."""
    record = world.ask({"1": of})
    world.receive(record, {"1": came})
    return world.inspect(record, [("1", came, C.NEW)])


def late(world: World, days: float = 31) -> Return:
    """The first return after the sweep has looked at it then."""
    world.wait(days=days)
    return decide.overdue("ord_a-R1", world.ports)


def test_the_rest_is_not_sent_and_the_return_closes_with_what_came(world: World) -> None:
    world.ledger.people["ord_a"] = PersonalData(OrderId("ord_a"), "cust-7", {})
    record = world.settle(partly(world))
    assert (record.status, outcome_of_return(record, GOODS)) == (S.INSPECTED, None)
    assert late(world, days=29).status is S.INSPECTED
    record = late(world, days=2)
    assert (record.status, record.lines[0].not_sent, record.due_at) == (S.DISPOSED, 2, None)
    told = record.history[-1]
    assert (told.type, told.data["units"]) == ("ReturnShortened", {"1": 2})
    assert outcome_of_return(record, GOODS) is not None
    assert world.settle(record).status is S.CLOSED
    assert world.shop.paid == [("ord_a-R1/1", 2000)]
    assert world.ledger.states["RENO"]["returning"] == 0
    assert world.order.line("1").returnable == 3
    # What was not sent is not missing: it counts against nobody.
    [customer] = [x for x in world.ledger.counts.values() if x.scope is TallyScope.CUSTOMER]
    assert (customer.count("returns"), customer.count("missing")) == (1, 0)


def test_the_wait_counts_from_the_last_receipt_however_long_its_inspection_took(
    world: World,
) -> None:
    record = world.ask({"1": 4})
    world.wait(days=20)
    world.receive(record, {"1": 1})
    world.inspect(record, [("1", 1, C.NEW)])
    world.wait(days=20)
    record = world.receive(record, {"1": 1})
    assert record.due_at == world.now + timedelta(hours=48)
    assert late(world, days=25).history[-1].type == "ReturnInspectionMissed"
    record = world.inspect(record, [("1", 1, C.NEW)])
    assert record.due_at == NOW + timedelta(days=70)
    assert late(world, days=6).lines[0].not_sent == 2


def test_what_waits_for_its_inspection_is_not_given_up(world: World) -> None:
    record = world.ask({"1": 3})
    world.receive(record, {"1": 1})
    record = late(world, days=90)
    assert (record.status, record.lines[0].outstanding) == (S.RECEIVED, 2)
    assert record.history[-1].type == "ReturnInspectionMissed"


def test_what_the_customer_keeps_is_not_waited_for() -> None:
    world = delivered(("PEN", 2, 200))
    record = world.ask({"1": 2})
    assert (record.kept, record.due_at) == (True, None)
    assert late(world).status is S.APPROVED
    with pytest.raises(IllegalTransition):
        world.cancel(record)
    assert world.settle(record).status is S.CLOSED
    with pytest.raises(IllegalTransition):
        world.receive(record, {"1": 1})


def test_a_parcel_that_the_carrier_left_at_our_door_is_looked_for_not_given_up(
    world: World,
) -> None:
    record = world.ask({"1": 1})
    scan(record.id, "delivered", NOW, world.ports)
    record = late(world, days=3)
    assert (record.status, record.history[-1].type) == (S.IN_TRANSIT, "ReturnInspectionMissed")


def test_what_was_paid_on_its_way_and_never_came_closes_and_is_not_paid_again(
    world: World,
) -> None:
    world.policy = ReturnPolicy(WITHOUT_END, refund_on=ShipsOn.SCAN)
    record = world.ask({"1": 2})
    scan(record.id, "in_transit", NOW, world.ports)
    with pytest.raises(IllegalTransition):
        world.cancel(record)
    assert late(world).status is S.DISPOSED
    assert world.settle(record).status is S.CLOSED
    again = world.ask({"1": 4})
    world.receive(again, {"1": 4})
    world.settle(world.inspect(again, [("1", 4, C.NEW)]))
    assert dict(world.shop.paid) == {"ord_a-R1/1": 4000, "ord_a-R2/1": 4000}


@pytest.mark.parametrize("early", [ShipsOn.INSPECTION, ShipsOn.RECEIPT])
def test_a_parcel_after_the_end_is_graded_and_paid_once(world: World, early: ShipsOn) -> None:
    world.policy = ReturnPolicy(refund_on=early)
    partly(world)
    world.settle(late(world))
    # WHEN one of two that were given up comes, and is told of twice
    record = world.receive(known(world), {"1": 1}, key="late")
    assert world.receive(record, {"1": 1}, key="late") == record
    assert (record.status, record.lines[0].not_sent, record.reopened) == (S.RECEIVED, 1, 1)
    told = [e.data["late"] for e in record.history if e.type == "ReturnReceived"]
    assert told == [False, True]
    record = world.inspect(record, [("1", 1, C.NEW)])
    assert world.settle(world.settle(record)).status is S.CLOSED
    assert [amount for _, amount in world.shop.paid] == [2000, 2000]
    assert world.ledger.positions["MUG@RENO"].on_hand == 6
    assert world.order.line("1").buckets == {Bucket.DELIVERED: 2, Bucket.RETURNED: 2}
    with pytest.raises(InvalidInput, match="1 of this line"):
        world.receive(record, {"1": 2})


def known(world: World) -> Return:
    return world.ledger.returns["ord_a-R1"]


def test_late_units_that_another_return_brings_are_received_there(world: World) -> None:
    partly(world)
    record = world.settle(late(world))
    other = world.ask({"1": 3})
    with pytest.raises(InvalidInput, match="0 of this line"):
        world.receive(record, {"1": 1})
    assert world.receive(other, {"1": 3}).status is S.RECEIVED


def test_a_return_that_never_came_and_comes_all_the_same_is_paid(world: World) -> None:
    record = world.ask({"1": 2})
    assert late(world).status is S.CANCELLED
    record = world.receive(record, {"1": 2})
    assert (record.reopened, world.order.line("1").back.returning) == (1, 0)
    world.settle(world.inspect(record, [("1", 2, C.NEW)]))
    assert world.shop.paid == [("ord_a-R1/1", 4000)]


def test_what_was_never_allowed_is_not_received_late(world: World) -> None:
    world.policy = ReturnPolicy(rules=(ReturnRule("ask", review=True),))
    record = world.cancel(world.ask({"1": 1}))
    with pytest.raises(IllegalTransition):
        world.receive(record, {"1": 1})


def test_before_the_end_the_execution_that_waits_goes_on(world: World) -> None:
    partly(world)
    record = world.receive(late(world), {"1": 2})
    assert (record.status, record.reopened, record.lines[0].not_sent) == (S.RECEIVED, 0, 0)


@pytest.mark.parametrize(("came", "withdrawn"), [(1, {}), (0, {"1": 2})])
def test_the_exchange_leaves_with_what_came_or_is_taken_back(
    world: World, came: int, withdrawn: dict[str, int]
) -> None:
    world.policy = ReturnPolicy(exchange_on=ShipsOn.INSPECTION)
    wanted = (ExchangeLine(Sku("MUG-XL"), 2),)
    record = world.ask({"1": 3}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=wanted)
    world.receive(record, {"1": came} if came else {}, {"1": 1})
    if came:
        world.inspect(record, [("1", came, C.NEW)])
    made = world.ledger.orders[record.exchange_order_id or ""]
    assert made.ship_after is not None
    late(world)
    made = world.ledger.orders[made.order_id]
    assert (made.ship_after, made.withdraw) == (None, withdrawn)


def test_late_goods_whose_exchange_was_taken_back_are_paid_in_money(world: World) -> None:
    wanted = (ExchangeLine(Sku("MUG-XL"), 2),)
    record = world.ask({"1": 2}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=wanted)
    decide.cancel(record.id, Word("ana", "changed their mind"), world.ports)
    record = world.receive(record, {"1": 2})
    record = world.settle(world.inspect(record, [("1", 2, C.NEW)]))
    assert (record.outcome, record.refunded.amount) == (ReturnOutcome.REFUND, 4000)
    assert record.refunds[0].exchanged == 0


def test_an_exchange_that_waits_is_not_settled_by_the_first_scan(world: World) -> None:
    world.policy = ReturnPolicy(refund_on=ShipsOn.SCAN, exchange_on=ShipsOn.RECEIPT)
    wanted = (ExchangeLine(Sku("MUG-XL"), 1),)
    record = world.ask({"1": 1}, outcome=ReturnOutcome.EXCHANGE, exchange_lines=wanted)
    assert not scan(record.id, "in_transit", NOW, world.ports).refunds
    assert late(world).status is S.CANCELLED
