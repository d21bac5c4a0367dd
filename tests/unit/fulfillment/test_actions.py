"""A FulfillmentOrder from its release to the customer, and every way it may end before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import CommitRefused, Conflict, IllegalTransition, InvalidInput, NotFound, Outdated
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.commit import Commit
from dom.model.effort import EffortRate
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus, Parcel, RejectReason
from dom.model.ids import Sku
from dom.model.order import Bucket, HoldReason, Method
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket


def shop(status: FulfillmentStatus = S.RELEASED, units: int = 3, **rest: Any) -> FakeLedger:
    """One order of 3 mugs at RENO, in the bucket that belongs to the status."""
    bucket = {S.PICKING: B.PICKED, S.PACKED: B.PACKED, S.SHIPPED: B.SHIPPED}.get(
        status, B.ALLOCATED
    )
    ledger = FakeLedger()
    ledger.open(location("RENO", daily_capacity=5))
    ledger.stock("MUG", "RENO", 10, reserved=units)
    lines = (FulfillmentLine("1", Sku("MUG"), units),)
    facts = {"lines": lines, "capacity_day": NOW.date(), **rest}
    ledger.works["ord_a-1"] = work(status=status, **facts)
    bought = line("1", quantity=units, buckets={bucket: units})
    ledger.orders["ord_a"] = order("ord_a", bought)
    return ledger


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later))


def act(ledger: FakeLedger, action: str, **request: Any) -> Any:
    return perform(action, "ord_a-1", ActionRequest(**request), "ana", None, floor(ledger))


def buckets(ledger: FakeLedger) -> dict[Bucket, int]:
    return dict(ledger.orders["ord_a"].line("1").buckets)


def mugs(ledger: FakeLedger) -> tuple[int, int, int]:
    """on_hand, reserved, available."""
    position = ledger.positions["MUG@RENO"]
    return position.on_hand, position.reserved, position.available


def test_the_floor_takes_work_step_by_step_and_stock_leaves_with_the_shipment() -> None:
    ledger = shop()
    for action, bucket in (("accept", B.ALLOCATED), ("pick", B.PICKED), ("pack", B.PACKED)):
        act(ledger, action)
        assert buckets(ledger) == {bucket: 3}
    assert mugs(ledger) == (10, 3, 7)
    shipped = act(ledger, "ship", parcels=(Parcel("1Z", "UPS"),))
    assert (shipped.status, shipped.parcels[0].tracking_number) == (S.SHIPPED, "1Z")
    assert buckets(ledger) == {B.SHIPPED: 3}
    assert mugs(ledger) == (7, 0, 7)
    assert shipped.version == ledger.works["ord_a-1"].version


def test_who_acts_between_the_two_reads_of_another_is_only_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # GIVEN somebody whose order is read after another has picked it, and its work before
    ledger = shop(S.ACCEPTED)
    load = ledger.load

    def late(order_id: str) -> Any:
        monkeypatch.setattr(ledger, "load", load)
        act(ledger, "pick")
        return load(order_id)

    monkeypatch.setattr(ledger, "load", late)
    # THEN the work is read again, and found picked
    with pytest.raises(IllegalTransition, match="picking"):
        act(ledger, "pick")
    assert buckets(ledger) == {B.PICKED: 3}


def test_units_that_are_not_where_the_work_says_are_a_fault_and_not_a_race() -> None:
    ledger = shop(S.ACCEPTED)
    ledger.orders["ord_a"] = order("ord_a", line("1", quantity=3, buckets={B.PENDING: 3}))
    with pytest.raises(ValueError, match="3 of 0 allocated"):
        act(ledger, "pick")


@pytest.mark.parametrize("status", [S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED])
def test_a_shipment_alone_walks_the_missing_steps_in_one_transaction(status: S) -> None:
    ledger = shop(status)
    act(ledger, "ship")
    assert len(ledger.commits) == 1
    assert mugs(ledger) == (7, 0, 7)
    assert ledger.works["ord_a-1"].history[-1].type == "FulfillmentOrderShipped"


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (S.RELEASED, "pick"),
        (S.RELEASED, "pack"),
        (S.ACCEPTED, "accept"),
        (S.SHIPPED, "ship"),
        (S.SHIPPED, "reject"),
        (S.CANCELLED, "ship"),
        (S.REJECTED, "accept"),
        (S.EXPIRED, "ship"),
    ],
)
def test_an_illegal_step_names_the_state_found_and_changes_nothing(status: S, action: str) -> None:
    ledger = shop(status)
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, action)
    assert refused.value.found == status
    assert ledger.commits == []


def test_the_same_request_twice_is_done_once() -> None:
    ledger = shop()
    first = act(ledger, "accept", request_id="r1")
    again = act(ledger, "accept", request_id="r1")
    assert (again.status, again.version) == (first.status, first.version)
    assert len(ledger.commits) == 1


def test_two_people_cannot_both_do_it() -> None:
    ledger = shop()
    act(ledger, "accept", expected_version=1)
    with pytest.raises(Outdated):
        act(ledger, "pick", expected_version=1)


def test_another_stores_work_does_not_exist() -> None:
    ledger = shop()
    allowed = frozenset({"BOSTON"})
    with pytest.raises(NotFound):
        perform("accept", "ord_a-1", ActionRequest(), "bo", allowed, floor(ledger))


def test_whoever_lost_the_race_decides_anew_on_what_is_true() -> None:
    ledger = shop()

    def somebody_is_faster(commit: Commit) -> None:
        ledger.before = lambda commit: None
        ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], status=S.REJECTED, version=2)
        raise CommitRefused((Conflict("fulfillment_order", "ord_a-1", None),))

    ledger.before = somebody_is_faster
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, "ship")
    assert refused.value.found == S.REJECTED
    assert mugs(ledger) == (10, 3, 7)


@pytest.mark.parametrize(
    ("reason", "stock"),
    [
        (RejectReason.NOT_IN_STOCK, (0, 0, 0)),
        (RejectReason.MISMATCH, (7, 0, 7)),
        (RejectReason.DAMAGED, (10, 0, 7)),
        (RejectReason.WORN_DISPLAY, (10, 0, 7)),
        (RejectReason.NO_VARIANCE, (10, 0, 10)),
    ],
)
def test_a_reject_corrects_stock_by_its_reason_and_never_comes_back(
    reason: RejectReason, stock: tuple[int, int, int]
) -> None:
    ledger = shop()
    assert act(ledger, "reject", reason=reason).status is S.REJECTED
    assert mugs(ledger) == stock
    assert buckets(ledger) == {B.PENDING: 3}
    assert ledger.orders["ord_a"].line("1").excluded == ("RENO",)
    assert ledger.states["RENO"]["left#2026-03-04"] == 1


def test_a_partial_reject_keeps_the_rest_here() -> None:
    ledger = shop()
    kept = act(ledger, "reject", reason=RejectReason.DAMAGED, lines={"1": 1})
    assert (kept.status, kept.lines[0].quantity) == (S.RELEASED, 2)
    assert buckets(ledger) == {B.ALLOCATED: 2, B.PENDING: 1}
    assert mugs(ledger) == (10, 2, 7)


def test_more_than_there_is_cannot_be_rejected() -> None:
    ledger = shop()
    with pytest.raises(InvalidInput) as refused:
        act(ledger, "reject", lines={"1": 4})
    assert refused.value.field == "lines.1"


def test_a_pickup_that_is_refused_waits_for_the_customers_choice() -> None:
    ledger = shop(method=Method.PICKUP)
    act(ledger, "reject", reason=RejectReason.NOT_IN_STOCK)
    assert ledger.orders["ord_a"].hold_reason is HoldReason.INVENTORY_OUT_OF_STOCK


def test_work_expires_only_when_its_time_has_come() -> None:
    ledger = shop(due_at=NOW + timedelta(hours=1))
    assert expire_work("ord_a-1", floor(ledger)).status is S.RELEASED
    expire_work("ord_a-1", floor(ledger, timedelta(hours=2)))
    assert ledger.works["ord_a-1"].status is S.EXPIRED
    assert buckets(ledger) == {B.PENDING: 3}
    assert mugs(ledger) == (10, 0, 10)
    assert ledger.orders["ord_a"].line("1").excluded == ("RENO",)


@pytest.mark.parametrize("status", [S.PACKED, S.CANCEL_REQUESTED])
def test_packed_work_that_lies_there_is_told_and_told_again_later_and_later(
    status: FulfillmentStatus,
) -> None:
    ledger = shop(status, due_at=NOW)
    for hours in range(24 * 30):
        expire_work("ord_a-1", floor(ledger, timedelta(hours=hours)))
    work = ledger.works["ord_a-1"]
    entries = [e for e in work.history if e.type == "FulfillmentOrderStalled"]
    days = [(entry.at - NOW).days for entry in entries]
    assert (work.status, days) == (status, [0, 1, 2, 4, 8, 16])
    assert entries[-1].data["found"] == status and mugs(ledger) == (10, 3, 7)


def test_every_step_has_a_service_level_and_the_next_one_ends_that_it_stalled() -> None:
    ledger = shop()
    for action in ("accept", "pick", "pack"):
        act(ledger, action)
        assert ledger.works["ord_a-1"].due_at == NOW + timedelta(hours=24)
    expire_work("ord_a-1", floor(ledger, timedelta(hours=24)))
    assert ledger.works["ord_a-1"].stalled_since == NOW + timedelta(hours=24)
    act(ledger, "ship")
    shipped = ledger.works["ord_a-1"]
    assert (shipped.stalled_since, shipped.status) == (None, S.SHIPPED)
    # A clock that comes late finds nothing that is due.
    again = expire_work("ord_a-1", floor(ledger, timedelta(hours=25)))
    assert again.version == shipped.version


def test_the_execution_releases_the_work_and_leaves_its_token() -> None:
    ledger = shop(S.ASSIGNED)
    assert wait_for("ord_a-1", "acceptance", "token", floor(ledger)) is None
    found = ledger.works["ord_a-1"]
    assert (found.status, found.task_token) == (S.RELEASED, "token")
    assert found.due_at == NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("status", "awaited", "error"),
    [
        (S.ACCEPTED, "acceptance", ""),
        (S.SHIPPED, "acceptance", ""),
        (S.SHIPPED, "shipment", ""),
        (S.REJECTED, "acceptance", "FulfillmentOrderRejected"),
        (S.EXPIRED, "shipment", "FulfillmentOrderExpired"),
        (S.CANCELLED, "acceptance", "FulfillmentOrderCancelled"),
    ],
)
def test_nobody_waits_for_what_has_already_happened(status: S, awaited: str, error: str) -> None:
    ledger = shop(status)
    result = wait_for("ord_a-1", awaited, "token", floor(ledger))
    assert result is not None and result.error == error
    assert ledger.commits == []


def cancel(ledger: FakeLedger, units: int) -> None:
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], withdraw={"1": units})
    withdraw_units("ord_a", floor(ledger))


@pytest.mark.parametrize("status", [S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING])
def test_a_cancelled_order_gives_everything_back(status: S) -> None:
    ledger = shop(status)
    cancel(ledger, 3)
    assert ledger.works["ord_a-1"].status is S.CANCELLED
    assert buckets(ledger) == {B.CANCELLED: 3}
    assert ledger.orders["ord_a"].withdraw == {}
    assert mugs(ledger) == (10, 0, 10)


def test_a_cancelled_unit_leaves_the_others_at_work() -> None:
    ledger = shop()
    cancel(ledger, 1)
    assert ledger.works["ord_a-1"].lines[0].quantity == 2
    assert buckets(ledger) == {B.ALLOCATED: 2, B.CANCELLED: 1}
    assert mugs(ledger) == (10, 2, 8)


def test_cancelling_twice_cancels_once() -> None:
    ledger = shop()
    cancel(ledger, 1)
    withdraw_units("ord_a", floor(ledger))
    assert buckets(ledger) == {B.ALLOCATED: 2, B.CANCELLED: 1}


def test_packed_work_is_asked_for_and_its_shipment_wins() -> None:
    ledger = shop(S.PACKED)
    cancel(ledger, 3)
    assert ledger.works["ord_a-1"].status is S.CANCEL_REQUESTED
    assert ledger.orders["ord_a"].withdraw == {"1": 3}
    act(ledger, "ship")
    withdraw_units("ord_a", floor(ledger))
    found = ledger.orders["ord_a"]
    assert (found.withdraw, buckets(ledger)) == ({}, {B.SHIPPED: 3})
    assert found.history[-1].type == "CancellationRefused"
    assert mugs(ledger) == (7, 0, 7)


def test_a_location_that_stopped_the_parcel_gives_the_cancelled_units_back() -> None:
    ledger = shop(S.PACKED)
    cancel(ledger, 2)
    act(ledger, "confirm-cancel")
    kept = ledger.works["ord_a-1"]
    assert (kept.status, kept.lines[0].quantity) == (S.PACKED, 1)
    assert buckets(ledger) == {B.PACKED: 1, B.CANCELLED: 2}
    assert ledger.orders["ord_a"].withdraw == {}
    assert mugs(ledger) == (10, 1, 9)


def test_a_location_that_is_too_late_ships_and_the_wish_is_over() -> None:
    ledger = shop(S.PACKED)
    cancel(ledger, 3)
    assert act(ledger, "refuse-cancel").status is S.PACKED
    assert ledger.orders["ord_a"].withdraw == {}
    act(ledger, "ship")
    assert mugs(ledger) == (7, 0, 7)


@pytest.mark.parametrize("answer", ["confirm-cancel", "refuse-cancel"])
def test_only_what_was_asked_can_be_answered(answer: str) -> None:
    ledger = shop(S.PACKED)
    with pytest.raises(IllegalTransition):
        act(ledger, answer)


def test_a_rejected_unit_that_was_cancelled_meanwhile_is_not_routed_again() -> None:
    ledger = shop()
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], withdraw={"1": 2})
    act(ledger, "reject")
    assert buckets(ledger) == {B.CANCELLED: 2, B.PENDING: 1}
    assert ledger.orders["ord_a"].withdraw == {}


def large(ledger: FakeLedger, skus: int) -> None:
    """Work for so many SKUs that its stock takes several transactions."""
    lines = [line(str(n), f"S{n}", buckets={B.PACKED: 1}) for n in range(skus)]
    ledger.orders["ord_a"] = order("ord_a", *lines)
    parts = tuple(FulfillmentLine(str(n), Sku(f"S{n}"), 1) for n in range(skus))
    ledger.works["ord_a-1"] = work(status=S.PACKED, lines=parts)
    for n in range(skus):
        ledger.stock(f"S{n}", "RENO", 1, reserved=1)


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_work_too_large_for_one_transaction_resumes_where_it_stopped(dies_at: int) -> None:
    ledger = FakeLedger()
    large(ledger, 120)

    def killed(commit: Commit) -> None:
        if len(ledger.commits) == dies_at - 1:
            raise KeyboardInterrupt

    ledger.before = killed
    with pytest.raises(KeyboardInterrupt):
        act(ledger, "ship")
    ledger.before = lambda commit: None
    assert act(ledger, "ship").status is S.SHIPPED
    assert {(p.on_hand, p.reserved) for p in ledger.positions.values()} == {(0, 0)}
    assert {dict(one.buckets).get(B.SHIPPED) for one in ledger.orders["ord_a"].lines} == {1}


def test_half_shipped_work_can_only_be_shipped() -> None:
    ledger = FakeLedger()
    large(ledger, 120)

    def killed(commit: Commit) -> None:
        if ledger.commits:
            raise KeyboardInterrupt

    ledger.before = killed
    with pytest.raises(KeyboardInterrupt):
        act(ledger, "ship")
    ledger.before = lambda commit: None
    with pytest.raises(IllegalTransition):
        act(ledger, "reject")


def test_effort_comes_back_with_the_units_that_are_rejected_and_the_rest_with_the_work() -> None:
    ledger = shop(effort_rate=EffortRate(order=5, line=1, unit=2))
    ledger.states["RENO"] |= {"daily_effort": 100, f"effort#{NOW.date()}": 88}
    act(ledger, "reject", lines={"1": 2})
    assert ledger.states["RENO"][f"effort#{NOW.date()}"] == 92
    assert f"left#{NOW.date()}" not in ledger.states["RENO"]
    act(ledger, "reject")
    assert ledger.states["RENO"][f"effort#{NOW.date()}"] == 100


def test_what_has_left_was_work_although_a_part_of_it_is_lost() -> None:
    rate, parcels = (
        EffortRate(unit=2),
        (Parcel("1Z", scan="delivered", units={"1": 2}), Parcel("2Z")),
    )
    ledger = shop(S.SHIPPED, effort_rate=rate, failure="lost", parcels=parcels)
    ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], status=S.DELIVERY_FAILED)
    act(ledger, "write-off", lines={"1": 1})
    assert ledger.commits[-1].capacity == ()
