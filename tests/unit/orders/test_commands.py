"""People cancel, hold and release orders, whatever others do to them meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict, IllegalTransition, InvalidInput, NotFound
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.intake.hold import apply_hold
from dom.intake.source import Source
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.ids import Sku
from dom.model.order import Bucket, HoldReason, Order, OrderStatus
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.orders.expedite import expedite
from dom.orders.hold import hold, release
from dom.relay.wanted import is_routable
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket
MINUTE = timedelta(minutes=1)


def known(*lines: Any, **rest: Any) -> FakeLedger:
    ledger = FakeLedger()
    ledger.orders["ord_a"] = order("ord_a", *lines, **rest)
    return ledger


def at_location(status: FulfillmentStatus, bucket: Bucket, units: int = 3) -> FakeLedger:
    """Three mugs, all of them with RENO."""
    ledger = known(line("1", quantity=units, buckets={bucket: units}))
    ledger.open(location("RENO"))
    ledger.stock("MUG", "RENO", 10, reserved=units)
    lines = (FulfillmentLine("1", Sku("MUG"), units),)
    ledger.works["ord_a-1"] = work(status=status, lines=lines)
    return ledger


def desk(ledger: FakeLedger) -> Desk:
    return Desk(ledger, ledger, frozen(NOW))


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later))


def wish(**rest: Any) -> Wish:
    return Wish("ord_a", **{"actor": "ana", "reason": "changed her mind", **rest})


def buckets(ledger: FakeLedger, line_id: str = "1") -> dict[Bucket, int]:
    return dict(ledger.orders["ord_a"].line(line_id).buckets)


def told(ledger: FakeLedger) -> list[tuple[str, Any]]:
    return [(entry.type, dict(entry.data)) for entry in ledger.orders["ord_a"].history]


# ── cancel ──


@pytest.mark.parametrize("bucket", [B.PENDING, B.BACKORDERED, B.PREORDERED])
def test_what_waits_is_cancelled_at_once(bucket: Bucket) -> None:
    ledger = known(line("1", quantity=3, buckets={bucket: 3}))
    answer = cancel(wish(), None, desk(ledger))
    assert answer == ledger.orders["ord_a"]
    assert (buckets(ledger), answer.status) == ({B.CANCELLED: 3}, OrderStatus.CANCELLED)
    facts = {"units": 3, "whole_order": True, "reason": "changed her mind"}
    assert told(ledger) == [("OrderCancelled", facts)]


def test_units_of_a_line_are_cancelled_and_the_rest_goes_on() -> None:
    ledger = known(line("1", quantity=3), line("2", "HAT"))
    cancel(wish(), {"1": 2}, desk(ledger))
    assert buckets(ledger) == {B.PENDING: 1, B.CANCELLED: 2}
    assert buckets(ledger, "2") == {B.PENDING: 1}


def test_what_a_location_has_is_asked_back_and_comes() -> None:
    ledger = at_location(S.ACCEPTED, B.ALLOCATED)
    asked = cancel(wish(), {"1": 2}, desk(ledger))
    assert (asked.withdraw, asked.due_at) == ({"1": 2}, NOW + 5 * MINUTE)
    assert told(ledger) == [("CancellationRequested", {"units": 2, "reason": "changed her mind"})]
    withdraw_units("ord_a", floor(ledger))
    assert told(ledger)[-1] == ("OrderCancelled", {"units": 2, "whole_order": False})
    assert buckets(ledger) == {B.ALLOCATED: 1, B.CANCELLED: 2}
    assert ledger.positions["MUG@RENO"].reserved == 1


def test_waiting_units_go_first() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    both = line("1", quantity=5, buckets={B.ALLOCATED: 3, B.PENDING: 1, B.BACKORDERED: 1})
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], lines=(both,))
    asked = cancel(wish(), {"1": 3}, desk(ledger))
    assert buckets(ledger) == {B.ALLOCATED: 3, B.CANCELLED: 2}
    assert asked.withdraw == {"1": 1}


def test_what_has_left_stays_and_the_rest_is_cancelled() -> None:
    ledger = known(line("1", quantity=3, buckets={B.SHIPPED: 2, B.PENDING: 1}))
    cancel(wish(), None, desk(ledger))
    assert buckets(ledger) == {B.SHIPPED: 2, B.CANCELLED: 1}


@pytest.mark.parametrize(
    ("units", "field"), [({"1": 2}, "lines.1"), ({"9": 1}, "lines.9"), ({"2": 1}, "lines.2")]
)
def test_more_than_can_be_stopped_is_refused_by_name(units: dict[str, int], field: str) -> None:
    shipped = line("2", "HAT", buckets={B.SHIPPED: 1})
    ledger = known(line("1", quantity=3, buckets={B.SHIPPED: 2, B.PENDING: 1}), shipped)
    with pytest.raises(InvalidInput) as refused:
        cancel(wish(), units, desk(ledger))
    assert refused.value.field == field
    assert ledger.commits == []


def test_nobody_asks_twice_for_the_same_units() -> None:
    ledger = at_location(S.PACKED, B.PACKED)
    cancel(wish(), {"1": 2}, desk(ledger))
    with pytest.raises(InvalidInput):
        cancel(wish(), {"1": 2}, desk(ledger))
    assert cancel(wish(), None, desk(ledger)).withdraw == {"1": 3}


@pytest.mark.parametrize("bucket", [B.SHIPPED, B.DELIVERED, B.COLLECTED, B.CANCELLED])
def test_where_nothing_can_be_stopped_the_state_is_told(bucket: Bucket) -> None:
    ledger = known(line("1", buckets={bucket: 1}))
    with pytest.raises(IllegalTransition) as refused:
        cancel(wish(), None, desk(ledger))
    assert refused.value.found == ledger.orders["ord_a"].status


def test_the_same_request_twice_is_one() -> None:
    ledger = known(line("1", quantity=3))
    first = cancel(wish(request_id="r1"), {"1": 1}, desk(ledger))
    again = cancel(wish(request_id="r1"), {"1": 1}, desk(ledger))
    assert (again, len(ledger.commits)) == (first, 1)


def test_a_hold_ends_with_what_it_held() -> None:
    ledger = known(hold_reason=HoldReason.FRAUD_RISK, hold_detail="score 90")
    assert cancel(wish(), None, desk(ledger)).status is OrderStatus.CANCELLED


def test_so_it_does_when_a_location_gives_the_last_units_back() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    held = replace(ledger.orders["ord_a"], hold_reason=HoldReason.MANUAL, withdraw={"1": 3})
    ledger.orders["ord_a"] = held
    withdraw_units("ord_a", floor(ledger))
    assert ledger.orders["ord_a"].status is OrderStatus.CANCELLED


def test_an_unknown_order_is_not_found() -> None:
    with pytest.raises(NotFound):
        cancel(wish(), None, desk(FakeLedger()))


def faster(ledger: FakeLedger, deed: Callable[[], object]) -> None:
    """Somebody does it before the next commit, which is refused."""

    def before(commit: Any) -> None:
        ledger.before = lambda commit: None
        deed()
        raise CommitRefused((Conflict("order", "ord_a", None),))

    ledger.before = before


def ship(ledger: FakeLedger) -> object:
    return perform("ship", "ord_a-1", ActionRequest(), "reno", None, floor(ledger))


def test_a_shipment_that_was_faster_wins_alone() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    faster(ledger, lambda: ship(ledger))
    with pytest.raises(IllegalTransition) as refused:
        cancel(wish(), None, desk(ledger))
    assert refused.value.found == "fulfilled"
    assert (buckets(ledger), ledger.positions["MUG@RENO"].on_hand) == ({B.SHIPPED: 3}, 7)


def test_a_cancellation_that_was_faster_is_refused_by_the_location_that_ships() -> None:
    # GIVEN a cancellation that waits to be carried out, and a parcel that leaves before
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    cancel(wish(), None, desk(ledger))
    ship(ledger)
    # WHEN it is carried out
    withdraw_units("ord_a", floor(ledger))
    # THEN nothing is cancelled, and everybody knows
    assert buckets(ledger) == {B.SHIPPED: 3}
    assert ledger.orders["ord_a"].withdraw == {}
    assert told(ledger)[-1][0] == "CancellationRefused"


def test_what_left_before_it_was_taken_back_cannot_be_cancelled_once_more() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    cancel(wish(), None, desk(ledger))
    ship(ledger)
    with pytest.raises(IllegalTransition) as refused:
        cancel(wish(), None, desk(ledger))
    assert refused.value.found == "fulfilled"


def test_two_who_cancel_at_once_cancel_once() -> None:
    ledger = known(line("1", quantity=3))
    faster(ledger, lambda: cancel(wish(actor="bo"), {"1": 2}, desk(ledger)))
    with pytest.raises(InvalidInput):
        cancel(wish(), {"1": 2}, desk(ledger))
    assert buckets(ledger) == {B.PENDING: 1, B.CANCELLED: 2}


def test_an_order_that_keeps_changing_is_busy() -> None:
    ledger = known()

    def always(commit: Any) -> None:
        raise CommitRefused((Conflict("order", "ord_a", None),))

    ledger.before = always
    with pytest.raises(Busy):
        hold(wish(), desk(ledger))


# ── hold and release ──


def test_a_held_order_is_not_routed_until_it_is_let_go() -> None:
    ledger = known()
    held = hold(wish(reason="call her first"), desk(ledger))
    assert (held.status, held.hold_detail) == (OrderStatus.HELD, "call her first")
    assert not is_routable(held)
    freed = release(wish(reason="she confirmed"), desk(ledger))
    assert is_routable(freed)
    assert told(ledger) == [
        ("OrderHeld", {"reason": "manual", "detail": "call her first"}),
        ("OrderReleased", {"reason": "manual", "detail": "she confirmed"}),
    ]


def test_the_same_hold_twice_is_one() -> None:
    ledger = known()
    for _ in range(2):
        hold(wish(), desk(ledger))
    assert len(ledger.commits) == 1


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ({"hold_reason": HoldReason.AWAITING_PAYMENT}, "held"),
        ({"hold_reason": HoldReason.MANUAL, "hold_detail": "another reason"}, "held"),
        ({"lines": (line("1", buckets={B.SHIPPED: 1}),)}, "fulfilled"),
    ],
)
def test_what_is_held_or_over_is_not_held_again(rest: dict[str, Any], found: str) -> None:
    ledger = known(**rest)
    with pytest.raises(IllegalTransition) as refused:
        hold(wish(), desk(ledger))
    assert (refused.value.found, ledger.commits) == (found, [])


@pytest.mark.parametrize("reason", sorted(set(HoldReason) - {HoldReason.INVALID_DATA}))
def test_a_person_may_end_any_hold_but_that_for_want_of_data(reason: HoldReason) -> None:
    ledger = known(hold_reason=reason, hold_detail="why")
    freed = release(wish(), desk(ledger))
    assert (freed.hold_reason, freed.hold_detail) == (None, "")


@pytest.mark.parametrize("reason", [None, HoldReason.INVALID_DATA])
def test_other_orders_are_not_released(reason: HoldReason | None) -> None:
    ledger = known(hold_reason=reason)
    with pytest.raises(IllegalTransition) as refused:
        release(wish(), desk(ledger))
    assert refused.value.found == ledger.orders["ord_a"].status


def test_the_channel_neither_ends_a_persons_hold_nor_brings_an_ended_one_back() -> None:
    unpaid = (HoldReason.AWAITING_PAYMENT, "pending")
    held = order("ord_a", hold_reason=HoldReason.MANUAL, hold_detail="call her")
    after, source = apply_hold(held, Source(), None)
    assert after.hold_reason is HoldReason.MANUAL
    # WHEN intake held it, and a person let it go
    held, source = apply_hold(order("ord_a"), Source(), unpaid)
    assert held.hold_reason is HoldReason.AWAITING_PAYMENT
    freed = release(wish(), desk(_with(held)))
    # THEN the same reason told again does not hold it, a new one does
    again, source = apply_hold(freed, source, unpaid)
    assert again.hold_reason is None
    missing = (HoldReason.INVALID_DATA, "line_items.1.sku")
    assert apply_hold(again, source, missing)[0].hold_reason is HoldReason.INVALID_DATA


def _with(one: Order) -> FakeLedger:
    ledger = FakeLedger()
    ledger.orders["ord_a"] = one
    return ledger


def test_work_of_a_held_order_waits_for_its_release_and_is_not_forgotten() -> None:
    ledger = at_location(S.ASSIGNED, B.ALLOCATED)
    hold(wish(), desk(ledger))
    # WHEN its execution begins
    assert wait_for("ord_a-1", "acceptance", "token", floor(ledger)) is None
    assert ledger.works["ord_a-1"].status is S.ASSIGNED
    # AND the sweep comes by, again and again
    for minutes in (5, 10, 15):
        expire_work("ord_a-1", floor(ledger, minutes * MINUTE))
        assert ledger.works["ord_a-1"].status is S.ASSIGNED
    # THEN five minutes after the hold's end the location has it, and the execution goes on with it
    release(wish(), desk(ledger))
    expire_work("ord_a-1", floor(ledger, 20 * MINUTE))
    released = ledger.works["ord_a-1"]
    assert (released.status, released.task_token) == (S.RELEASED, "token")


def test_work_that_waits_for_its_wave_is_not_released_by_the_sweep() -> None:
    ledger = at_location(S.ASSIGNED, B.ALLOCATED)
    ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], due_at=NOW)
    expire_work("ord_a-1", floor(ledger, MINUTE))
    assert ledger.works["ord_a-1"].status is S.ASSIGNED


@pytest.mark.parametrize("reason", [HoldReason.INVENTORY_OUT_OF_STOCK, HoldReason.INVALID_DATA])
def test_a_hold_about_what_is_not_allocated_stops_no_work(reason: HoldReason) -> None:
    ledger = at_location(S.ASSIGNED, B.ALLOCATED)
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], hold_reason=reason)
    wait_for("ord_a-1", "acceptance", "token", floor(ledger))
    assert ledger.works["ord_a-1"].status is S.RELEASED


def test_an_expedited_order_goes_first_with_all_of_its_work_in_one_transaction() -> None:
    ledger = at_location(S.ASSIGNED, B.ALLOCATED)
    later = NOW + timedelta(hours=5)
    ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], due_at=later)
    after = expedite(wish(), 100, desk(ledger))
    work = ledger.works["ord_a-1"]
    assert len(ledger.commits) == 1
    assert (after.priority, work.priority, work.due_at) == (100, 100, NOW)
    told = after.history[-1]
    assert (told.type, told.actor) == ("OrderExpedited", "ana")
    assert told.data["fulfillment_orders"] == ["ord_a-1"]


@pytest.mark.parametrize("status", [S.RELEASED, S.PICKING, S.PACKED])
def test_work_that_is_begun_keeps_its_service_level_and_is_on_top(
    status: FulfillmentStatus,
) -> None:
    bucket = {S.PICKING: B.PICKED, S.PACKED: B.PACKED}.get(status, B.ALLOCATED)
    ledger = at_location(status, bucket)
    due_at = ledger.works["ord_a-1"].due_at
    expedite(wish(), 7, desk(ledger))
    assert (ledger.works["ord_a-1"].priority, ledger.works["ord_a-1"].due_at) == (7, due_at)


def test_what_waits_for_goods_to_come_back_waits_for_them_however_urgent() -> None:
    back = NOW + timedelta(days=3)
    ledger = at_location(S.ASSIGNED, B.ALLOCATED)
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], ship_after=back)
    ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], due_at=back + timedelta(days=1))
    expedite(wish(), 100, desk(ledger))
    assert ledger.works["ord_a-1"].due_at == back


def test_less_than_it_has_already_changes_nothing_and_what_has_left_cannot_be_hurried() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)
    expedite(wish(), 100, desk(ledger))
    expedite(wish(), 50, desk(ledger))
    assert len(ledger.commits) == 1
    gone = at_location(S.SHIPPED, B.SHIPPED)
    with pytest.raises(IllegalTransition):
        expedite(wish(), 100, desk(gone))


def test_work_that_its_location_begins_meanwhile_is_hurried_as_it_is_by_then() -> None:
    ledger = at_location(S.RELEASED, B.ALLOCATED)

    def accepted_meanwhile(_: object) -> None:
        ledger.before = lambda _: None
        perform("accept", "ord_a-1", ActionRequest(), "bo", None, floor(ledger))

    ledger.before = accepted_meanwhile
    expedite(wish(), 100, desk(ledger))
    work = ledger.works["ord_a-1"]
    assert (work.status, work.priority) == (S.ACCEPTED, 100)
