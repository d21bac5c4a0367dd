"""A return step by step: decided, received in parts, inspected, settled; and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import Busy, CommitRefused, Conflict, IllegalTransition, InvalidInput, Rejected
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.location import LocationType
from dom.model.order import Bucket
from dom.model.product import Product
from dom.model.return_policy import ReturnPolicy, ReturnRouting
from dom.model.return_terms import Condition, Disposition, ReturnReason, ReturnStatus
from dom.model.waiting import GOODS, outcome_of_return
from dom.returns import decide
from dom.returns.decide import Word
from dom.returns.inspect import Found, Inspection, inspect
from dom.returns.waiting import wait_for
from dom.returns.wanted import WantedLine
from support.builders import BOSTON, location, work
from support.returning import World, delivered

S, C, D = ReturnStatus, Condition, Disposition


@pytest.fixture
def world() -> World:
    return delivered(("MUG", 3, 2000), ("HAT", 2, 9000))


def test_a_return_passes_from_the_request_to_its_end(world: World) -> None:
    record = world.ask({"1": 2, "2": 1})
    assert (record.status, world.order.line("1").back.returning) == (S.APPROVED, 2)
    record = world.label(record)
    assert (record.status, record.label is not None) == (S.LABELLED, True)
    assert world.receive(record, {"1": 2}).status is S.RECEIVED
    record = world.inspect(record, [("1", 1, C.NEW), ("1", 1, C.DAMAGED)])
    assert record.status is S.INSPECTED
    world.receive(record, {"2": 1})
    record = world.inspect(record, [("2", 1, C.FAIR)])
    assert [one.disposition for one in record.grades] == [D.RESTOCK, D.DISPOSE, D.REFURBISH]
    record = world.settle(record)
    assert (record.status, [one.reference for one in record.refunds]) == (
        S.CLOSED,
        ["ord_a-R1/1", "ord_a-R1/2"],
    )
    buckets = [line.buckets for line in world.order.lines]
    assert buckets == [
        {Bucket.DELIVERED: 1, Bucket.RETURNED: 2},
        {Bucket.DELIVERED: 1, Bucket.RETURNED: 1},
    ]
    held = world.ledger.positions["HAT~refurbish@RENO"]
    assert (held.on_hand, held.unsellable, held.available) == (1, 1, 0)
    types = [entry.type for entry in record.history]
    assert types[0] == "ReturnRequested" and types[-1] == "ReturnClosed"


def test_what_nobody_asked_for_may_not_be_received_or_paid(world: World) -> None:
    record = world.ask({"1": 1})
    with pytest.raises(InvalidInput, match=r"lines\.0\.quantity"):
        world.receive(record, {"1": 2})
    with pytest.raises(InvalidInput, match=r"lines\.0\.line_id"):
        world.receive(record, {"2": 1})
    with pytest.raises(IllegalTransition):
        world.inspect(record, [("1", 1, C.NEW)])
    world.receive(record, {"1": 1})
    with pytest.raises(InvalidInput, match=r"lines\.1\.quantity"):
        world.inspect(record, [("1", 1, C.NEW), ("1", 1, C.NEW)])
    world.inspect(record, [("1", 1, C.NEW)])
    with pytest.raises(IllegalTransition):
        world.receive(world.settle(record), {"1": 1})


def test_repeated_requests_change_nothing(world: World) -> None:
    record = world.ask({"1": 1}, key="a")
    assert world.ask({"1": 1}, key="a") == record
    first = world.receive(record, {"1": 1}, key="b")
    assert world.receive(record, {"1": 1}, key="b") == first
    graded = world.inspect(record, [("1", 1, C.NEW)], key="c")
    assert world.inspect(record, [("1", 1, C.NEW)], key="c") == graded
    world.settle(record)
    world.settle(record)
    assert world.shop.paid == [("ord_a-R1/1", 2000)]


def test_goods_not_worth_their_way_are_kept_and_paid_at_once() -> None:
    world = delivered(("PEN", 2, 200))
    record = world.ask({"1": 2})
    assert record.kept and (record.status, record.location_id) == (S.APPROVED, None)
    assert world.label(record).label is None
    assert world.settle(record).status is S.CLOSED
    assert world.shop.paid == [("ord_a-R1/1", 400)]
    assert world.order.line("1").buckets == {Bucket.DELIVERED: 2}
    with pytest.raises(InvalidInput, match="0 of this line"):
        world.ask({"1": 1})


def test_the_backlog_follows_the_goods_to_wherever_they_come(world: World) -> None:
    record = world.ask({"1": 3})
    loads = {name: state.get("returning", 0) for name, state in world.ledger.states.items()}
    assert loads == {"RENO": 3, "BOSTON": 0}
    world.receive(record, {"1": 2}, at="BOSTON")
    states = world.ledger.states
    assert (states["RENO"]["returning"], states["BOSTON"]["returning"]) == (0, 3)
    world.inspect(record, [("1", 2, C.NEW)])
    assert states["BOSTON"]["returning"] == 1
    assert world.ledger.positions["MUG@BOSTON"].available == 2
    world.receive(record, {}, {"1": 1}, at="BOSTON")
    assert states["BOSTON"]["returning"] == 0


def test_a_full_place_sends_returns_elsewhere(world: World) -> None:
    far, near = location("BOSTON", BOSTON), location("RENO", daily_returns=1)
    world.places = (near, far)
    world.ledger.states["RENO"]["returning"] = 400
    assert world.ask({"2": 1}).location_id == "BOSTON"


def test_the_inspector_may_decide_otherwise_and_it_is_told(world: World) -> None:
    record = world.ask({"1": 1})
    world.receive(record, {"1": 1})
    found = Found("1", 1, C.NEW, disposition=D.LIQUIDATE)
    record = inspect(record.id, Inspection((found,)), "ben", world.ports)
    assert record.grades[0].why == "by the inspector (rule: restock)"
    assert world.ledger.positions["MUG@RENO"].on_hand == 4


def test_a_supplier_gets_its_own_goods_only(world: World) -> None:
    vendor = location("ACME", type=LocationType.SUPPLIER)
    world.places = (vendor, location("BOSTON", BOSTON))
    world.ledger.open(vendor)
    assert world.ask({"1": 1}).location_id == "BOSTON"
    lines = (FulfillmentLine("1", Sku("MUG"), 3),)
    sent = work(1, FulfillmentStatus.DELIVERED, location_id=LocationId("ACME"), lines=lines)
    world.ledger.works[sent.id] = sent
    assert world.ask({"1": 1}).location_id == "ACME"


def test_a_refund_that_is_refused_waits_and_is_paid_once_it_is_put_right(world: World) -> None:
    record = world.ask({"1": 1})
    world.receive(record, {"1": 1})
    world.inspect(record, [("1", 1, C.NEW)])
    world.shop.refuses = [Rejected("no such payment")]
    record = world.settle(record)
    assert (record.status, record.refunds[0].detail) == (S.DISPOSED, "no such payment")
    assert outcome_of_return(record, GOODS) is None
    assert world.settle(record).version == record.version
    record = decide.retry_refund(record.id, Word("eva"), world.ports)
    assert outcome_of_return(record, GOODS) is not None
    assert world.settle(record).status is S.CLOSED


def test_a_channel_that_is_down_leaves_the_refund_owed(world: World) -> None:
    record = world.ask({"1": 1})
    world.receive(record, {"1": 1})
    world.inspect(record, [("1", 1, C.NEW)])
    world.shop.refuses = [Busy("HTTP 503")]
    with pytest.raises(Busy):
        world.settle(record)
    assert world.settle(record).status is S.CLOSED


def test_a_carrier_that_refuses_leaves_the_return_open_and_is_told(world: World) -> None:
    world.shop.refuses = [Rejected("unknown address")]
    record = world.label(world.ask({"1": 1}))
    assert (record.status, record.history[-1].type) == (S.APPROVED, "ReturnLabelRefused")
    assert world.receive(record, {"1": 1}).status is S.RECEIVED


def test_a_person_lets_the_carrier_be_asked_again(world: World) -> None:
    world.shop.refuses = [Rejected("unknown address"), Rejected("still unknown"), Busy("HTTP 503")]
    record = world.label(world.ask({"1": 1}))
    for tries in (1, 2):
        record = decide.retry_label(record.id, Word("eva", "mended", f"again {tries}"), world.ports)
        assert outcome_of_return(record, GOODS) is not None
        if tries == 1:
            record = world.settle(record)
            assert (record.relabel, record.history[-1].data["detail"]) == (False, "still unknown")
            assert outcome_of_return(record, GOODS) is None
    with pytest.raises(Busy):
        world.settle(record)
    record = world.settle(record)
    assert (record.status, record.relabel, record.label_tries) == (S.LABELLED, False, 2)
    with pytest.raises(IllegalTransition):
        decide.retry_label(record.id, Word("eva"), world.ports)


def test_goods_that_are_faster_than_their_label_need_none(world: World) -> None:
    world.shop.refuses = [Rejected("unknown address")]
    record = world.label(world.ask({"1": 1}))
    decide.retry_label(record.id, Word("eva"), world.ports)
    world.receive(record, {"1": 1})
    record = world.settle(record)
    assert (record.status, record.relabel, record.label) == (S.RECEIVED, False, None)


def test_what_is_kept_needs_no_label() -> None:
    world = delivered(("PEN", 2, 200))
    record = world.ask({"1": 2})
    with pytest.raises(IllegalTransition):
        decide.retry_label(record.id, Word("eva"), world.ports)


def test_a_parcel_weighs_what_its_products_weigh_else_what_the_channel_says(world: World) -> None:
    world.ledger.describe(Product(Sku("MUG"), grams=350))
    told = replace(world.order.line("2"), grams=900)
    world.ledger.orders["ord_a"] = world.order.with_lines([told])
    world.label(world.ask({"1": 2, "2": 1}))
    [parcel] = world.shop.parcels
    assert (parcel.grams, parcel.to.location_id) == (2 * 350 + 900, "RENO")


def test_an_execution_waits_until_there_is_something_to_settle(world: World) -> None:
    record = world.ask({"1": 1})
    assert wait_for(record.id, GOODS, "token", world.ports) is None
    stored = world.ledger.returns[record.id]
    assert (stored.task_token, outcome_of_return(stored, GOODS)) == ("token", None)
    world.cancel(record)
    ended = outcome_of_return(world.ledger.returns[record.id], GOODS)
    assert ended and ended.error == "ReturnCancelled"


def test_somebody_who_was_faster_is_read_and_the_step_decided_anew(world: World) -> None:
    record, refused = world.ask({"1": 2}), [2]

    def before(commit: object) -> None:
        if refused[0]:
            refused[0] -= 1
            raise CommitRefused((Conflict("order", "ord_a", None),))

    world.ledger.before = before
    assert world.receive(record, {"1": 1}).lines[0].received == 1
    refused[0] = 99
    with pytest.raises(Busy):
        world.receive(record, {"1": 1})


def test_customers_are_counted_without_being_named(world: World) -> None:
    data = {"name": "Ada Buyer", "email": "ada@example.com"}
    world.ledger.people["ord_a"] = PersonalData(OrderId("ord_a"), "cust-7", data)
    record = world.ask({"1": 1})
    assert len(record.customer_key) == 20 and "cust-7" not in record.customer_key
    assert "Ada" not in repr(record) and "ada@" not in repr(record)


def test_a_digital_line_is_never_sent_back(world: World) -> None:
    line = replace(world.order.line("1"), ship_group_id=None)
    world.ledger.orders["ord_a"] = world.order.with_lines([line])
    assert world.ask({"1": 1}).status is S.DECLINED


def test_nobody_takes_it_and_it_may_not_be_kept(world: World) -> None:
    world.policy = ReturnPolicy(routing=ReturnRouting(keep_below=0))
    world.places = (location("RENO", capabilities=frozenset()),)
    record = world.ask({"1": 1}, reason=ReturnReason.DEFECTIVE)
    assert (record.decision and record.decision.outcome, record.location_id) == ("none", None)


def test_what_people_write_after_their_customer_was_forgotten_is_not_kept(world: World) -> None:
    world.ledger.orders["ord_a"] = replace(world.order, forgotten=True)
    name = world.order.lines[0].line_id
    wanted = WantedLine(name, 1, ReturnReason.UNWANTED, "I am Jane Doe", ("photo/1.jpg",))
    record = world.ask({}, lines=(wanted,))
    assert (record.lines[0].note, record.lines[0].photos) == ("", ())
