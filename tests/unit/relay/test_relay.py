"""Every change is relayed: once is enough, twice does no harm, and a failure comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import Busy
from dom.model.authorization import NOTICE, Authorization
from dom.model.fulfillment import FulfillmentStatus
from dom.model.history import append
from dom.model.ids import OrderId, ReturnId, Sku
from dom.model.order import Bucket, HoldReason, Order
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from dom.model.waiting import Outcome
from dom.relay.relay import Relay, relay
from dom.relay.steps import FULFILLMENT_ORDER, RETURN, Start, Unreadable, Unrelayed, steps_for
from dom.relay.sweep import PATIENCE, Sweep, sweep
from support.builders import NOW, line, order, work
from support.fakes import frozen
from support.relaying import HISTORY, Table, Told, item, swept

S = FulfillmentStatus


def relayed(*stored: Unrelayed, refuse: str = "") -> tuple[Table, Told, list[Any]]:
    table, told = Table(list(stored)), Told(refuse=frozenset({refuse}))
    failed = relay([one.key for one in stored], Relay(table, told, frozen(NOW)))
    return table, told, [one.key for one in failed]


def test_a_placed_order_is_published_routed_and_acknowledged() -> None:
    table, told, failed = relayed(item(order(history=HISTORY)))
    assert told.events == ["ord_a/ORDER#1", "ord_a/ORDER#2"]
    assert told.routed == ["ord_a"]
    assert (table.acknowledged, failed) == ([("ORDER", False)], [])


def test_what_was_published_before_is_not_published_again() -> None:
    _, told, _ = relayed(item(order(history=HISTORY), relayed=1))
    assert told.events == ["ord_a/ORDER#2"]


def test_the_dashboard_counts_what_the_bus_took_and_nothing_else() -> None:
    stored, counted = item(order(history=HISTORY)), list[str]()
    for refuse in ("", "publish"):
        ports = Relay(
            Table([stored]), Told(refuse=frozenset({refuse})), frozen(NOW), counted.append
        )
        relay([stored.key], ports)
    assert counted == ["OrderPlaced", "OrderPaid"]


def test_several_records_of_one_item_are_one_relay() -> None:
    table, told = Table([item(order(history=HISTORY))]), Told()
    relay([table.stored[0].key] * 3, Relay(table, told, frozen(NOW)))
    assert (told.routed, len(table.acknowledged)) == (["ord_a"], 1)


def test_a_held_order_is_told_of_but_not_routed() -> None:
    _, told, _ = relayed(item(order(history=HISTORY, hold_reason=HoldReason.FRAUD_RISK)))
    assert (told.routed, len(told.events)) == ([], 2)


@pytest.mark.parametrize("bucket", [Bucket.ALLOCATED, Bucket.BACKORDERED, Bucket.CANCELLED])
def test_an_order_without_pending_units_is_not_routed(bucket: Bucket) -> None:
    _, told, _ = relayed(item(order("ord_a", line("1", buckets={bucket: 1}))))
    assert told.routed == []


def test_cancelled_units_that_are_at_work_are_asked_back() -> None:
    counted = {Sku("MUG"): 1}
    _, told, _ = relayed(item(order("ord_a", withdraw={"1": 1}, counted=counted)))
    assert told.withdrawn == ["ord_a"]
    _, told, _ = relayed(item(order("ord_a", counted=counted)))
    assert told.withdrawn == []


@pytest.mark.parametrize("counted", [{}, {"MUG": 2}, {"MUG": 1, "GONE": 1}])
def test_an_order_of_which_too_little_or_too_much_is_counted_is_asked_for_until_it_is(
    counted: dict[str, int],
) -> None:
    held = order("ord_a", hold_reason=HoldReason.MANUAL, counted=counted, due_at=NOW)
    _, told, _ = relayed(item(held))
    assert told.withdrawn == ["ord_a"]
    table, told, _, _ = swept(item(held))
    assert told.withdrawn == ["ord_a"]
    assert table.postponed == {"ord_a": NOW + PATIENCE}


def test_assigned_work_starts_when_its_release_is_due_and_not_before() -> None:
    _, told, _ = relayed(item(work(status=S.ASSIGNED, due_at=NOW)))
    assert told.started == [Start(FULFILLMENT_ORDER, "ord_a-1")]
    _, told, _ = relayed(item(work(status=S.ASSIGNED, due_at=NOW + timedelta(seconds=1))))
    assert told.started == []


@pytest.mark.parametrize(
    ("status", "awaited", "result"),
    [
        (S.ACCEPTED, "acceptance", Outcome("accepted")),
        (S.SHIPPED, "shipment", Outcome("shipped")),
        (S.REJECTED, "acceptance", Outcome("rejected", "FulfillmentOrderRejected")),
        (S.EXPIRED, "shipment", Outcome("expired", "FulfillmentOrderExpired")),
    ],
)
def test_the_waiting_execution_is_answered(status: S, awaited: str, result: Outcome) -> None:
    table, told, _ = relayed(item(work(status=status, task_token="t", awaited=awaited)))
    assert told.completed == [("t", result)]
    assert table.acknowledged == [("FO#000001", True)]


@pytest.mark.parametrize(
    ("status", "awaited"), [(S.RELEASED, "acceptance"), (S.PACKED, "shipment")]
)
def test_an_execution_waits_on_while_nothing_has_happened(status: S, awaited: str) -> None:
    _, told, _ = relayed(item(work(status=status, task_token="t", awaited=awaited)))
    assert told.completed == []


def test_new_work_is_asked_to_be_merged_and_again_when_that_could_not_be_sent() -> None:
    stored = item(work(recipient="m"))
    _, told, failed = relayed(stored)
    assert (told.merged, failed) == (["ord_a-1"], [])
    assert relayed(stored, refuse="merge")[2] == [stored.key]


@pytest.mark.parametrize("refuse", ["publish", "route", "start"])
def test_what_was_refused_is_not_acknowledged_and_comes_again(refuse: str) -> None:
    placed = item(order(history=HISTORY))
    assigned = item(work(status=S.ASSIGNED, history=append((), NOW, "X", "y")))
    table, _, failed = relayed(placed, assigned, refuse=refuse)
    guilty = {"publish": [placed, assigned], "route": [placed], "start": [assigned]}[refuse]
    assert failed == [one.key for one in guilty]
    assert len(table.acknowledged) == 2 - len(guilty)


def test_a_lost_stream_record_is_made_up_for() -> None:
    table, told, _, result = swept(item(order(history=HISTORY)))
    assert (told.routed, len(told.events), result) == (["ord_a"], 2, (1, 0))
    assert table.acknowledged == [("ORDER", False)]


def test_late_work_is_taken_away_and_punctual_work_is_not() -> None:
    late = work(due_at=NOW - timedelta(seconds=1))
    assert swept(item(late))[2] == ["ord_a-1"]
    assert swept(item(replace(late, due_at=NOW + timedelta(seconds=1))))[2] == []


def test_a_backorder_is_tried_again_and_then_left_in_peace_for_a_while() -> None:
    waiting = order("ord_a", line("1", buckets={Bucket.BACKORDERED: 1}), due_at=NOW)
    table, told, _, _ = swept(item(waiting))
    assert told.routed == ["ord_a"]
    tried_at = table.postponed["ord_a"]
    assert tried_at and tried_at > NOW


@pytest.mark.parametrize(
    "order_at_rest",
    [
        order("ord_a", line("1", buckets={Bucket.CANCELLED: 1}), due_at=NOW),
        order(
            "ord_a",
            line("1", buckets={Bucket.BACKORDERED: 1}),
            due_at=NOW,
            hold_reason=HoldReason.MANUAL,
            counted={Sku("MUG"): 1},
        ),
    ],
    ids=["cancelled", "held"],
)
def test_an_order_of_which_nothing_is_awaited_leaves_the_index_to_others(
    order_at_rest: Order,
) -> None:
    table, told, _, _ = swept(item(order_at_rest))
    assert (told.routed, told.withdrawn) == ([], [])
    assert table.postponed == {"ord_a": None}


def test_units_wanted_back_are_asked_for_again_after_a_while() -> None:
    packed = line("1", buckets={Bucket.PACKED: 1})
    table, told, _, _ = swept(item(order("ord_a", packed, due_at=NOW, withdraw={"1": 1})))
    asked_at = table.postponed["ord_a"]
    assert told.withdrawn == ["ord_a"]
    assert asked_at and asked_at > NOW


def test_work_that_cannot_be_taken_away_now_is_counted_and_left_for_the_next_run() -> None:
    def busy(fulfillment_order_id: str) -> None:
        raise Busy("keeps changing")

    table = Table([item(work(due_at=NOW))])
    assert sweep(Sweep(Relay(table, Told(), frozen(NOW)), table, busy, busy, busy, busy)) == (1, 1)


def test_an_item_that_nobody_can_read_fails_alone_and_waits_behind_the_others() -> None:
    broken = Unrelayed({"order_id": "ord_x", "item": "ORDER"}, 1, 0, Unreadable("no currency"))
    table, told, _, result = swept(broken, item(order(history=HISTORY)))
    assert (told.routed, result) == (["ord_a"], (2, 1))
    assert table.postponed == {"ord_x": NOW + PATIENCE}


def test_steps_are_a_function_of_the_item_alone() -> None:
    one = item(order(history=HISTORY))
    assert steps_for(one, NOW) == steps_for(one, NOW)


def returned(status: ReturnStatus, **rest: Any) -> Return:
    facts = {"channel": "shopify", "account": "shop", "currency": "USD", "created_at": NOW}
    words = {"method": ReturnMethod.MAIL, "outcome": ReturnOutcome.REFUND}
    name = ReturnId("ord_a-R1")
    return Return(name, OrderId("ord_a"), status=status, lines=(), **{**facts, **words, **rest})


def test_an_approved_return_starts_its_execution_and_others_do_not() -> None:
    told = relayed(item(returned(ReturnStatus.APPROVED)))[1]
    assert told.started == [Start(RETURN, "ord_a-R1")]
    for status in (ReturnStatus.REQUESTED, ReturnStatus.RECEIVED):
        assert relayed(item(returned(status)))[1].started == []


def test_goods_that_come_after_the_end_start_an_execution_of_their_own() -> None:
    late = returned(ReturnStatus.RECEIVED, reopened=1)
    [start] = relayed(item(late))[1].started
    assert (start.id, start.name) == ("ord_a-R1", "ord_a-R1-again1")
    assert Start(RETURN, "ord_a-R1").name == "ord_a-R1"
    waiting = returned(ReturnStatus.RECEIVED, reopened=1, task_token="t", awaited="goods")
    assert relayed(item(waiting))[1].started == []
    assert relayed(item(returned(ReturnStatus.CLOSED, reopened=1)))[1].started == []


def test_a_returns_token_is_completed_when_there_is_something_to_settle() -> None:
    waits = {"task_token": "t", "awaited": "goods"}
    received = returned(ReturnStatus.RECEIVED, **waits)
    assert relayed(item(received))[1].completed == []
    for status, error in (
        (ReturnStatus.DISPOSED, ""),
        (ReturnStatus.CANCELLED, "ReturnCancelled"),
        (ReturnStatus.CLOSED, "ReturnClosed"),
    ):
        told = relayed(item(returned(status, **waits)))[1]
        assert told.completed == [("t", Outcome(status.value, error))]


def test_a_late_return_is_looked_at_by_the_sweep() -> None:
    late = returned(ReturnStatus.LABELLED, due_at=NOW)
    soon = returned(ReturnStatus.LABELLED, due_at=NOW + timedelta(hours=1))
    for record, looked_at in ((late, ["ord_a-R1"]), (soon, [])):
        table, overdue = Table([item(record)]), []  # type: ignore[var-annotated]
        ports = Relay(table, Told(), frozen(NOW))
        assert sweep(Sweep(ports, table, print, overdue.append, print, print)) == (1, 0)
        assert overdue == looked_at


def test_a_promise_is_looked_at_when_it_is_time_and_not_of_held_orders() -> None:
    allocated = line("1", buckets={Bucket.ALLOCATED: 1})
    for look_at, held, looked_at in (
        (NOW, None, ["ord_a"]),
        (NOW + timedelta(hours=1), None, []),
        (NOW, HoldReason.MANUAL, []),
    ):
        one = order("ord_a", allocated, look_at=look_at, hold_reason=held)
        table, seen = Table([item(one)]), list[str]()
        ports = Relay(table, Told(), frozen(NOW))
        assert sweep(Sweep(ports, table, print, print, seen.append, print)) == (1, 0)
        assert seen == looked_at


def test_a_look_that_failed_is_made_again_and_one_that_found_nothing_is_not() -> None:
    def busy(order_id: str) -> None:
        raise Busy(order_id)

    settled = order("ord_a", line("1", quantity=1, buckets={Bucket.SHIPPED: 1}), look_at=NOW)
    for look, failed, again in ((busy, 1, NOW + PATIENCE), (print, 0, None)):
        table = Table([item(settled)])
        ports = Relay(table, Told(), frozen(NOW))
        assert sweep(Sweep(ports, table, print, print, look, print)) == (1, failed)
        assert table.postponed == {"ord_a": again}


def test_a_later_look_stays_in_the_index_when_nothing_else_is_awaited() -> None:
    allocated = line("1", buckets={Bucket.ALLOCATED: 1})
    later = NOW + timedelta(hours=1)
    table, _, _, _ = swept(item(order("ord_a", allocated, due_at=NOW, look_at=later)))
    assert table.postponed == {"ord_a": later}


def test_a_guarantee_that_ends_is_told_of_in_time_whatever_holds_the_order() -> None:
    allocated = line("1", buckets={Bucket.ALLOCATED: 1})
    sold = Authorization(1500, expires_at=NOW + NOTICE)
    for guarantee, told, rests in (
        (sold, ["ord_a"], NOW + PATIENCE),
        (replace(sold, warned=True), [], None),
        (replace(sold, due=1500), [], None),
        (replace(sold, expires_at=NOW + 2 * NOTICE), [], NOW + NOTICE),
    ):
        held = {"hold_reason": HoldReason.MANUAL, "due_at": NOW, "authorization": guarantee}
        one = order("ord_a", allocated, **held)
        table, seen = Table([item(one)]), list[str]()
        ports = Relay(table, Told(), frozen(NOW))
        assert sweep(Sweep(ports, table, print, print, print, seen.append)) == (1, 0)
        assert (seen, table.postponed["ord_a"]) == (told, rests)
