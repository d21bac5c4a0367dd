"""Parcels on their way: delivered as a whole, lost, sent back, or never heard of again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dom.errors import CommitRefused, Conflict, IllegalTransition, InvalidInput
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.scan import scan
from dom.model.commit import MAX_WRITES
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus, Parcel
from dom.model.ids import FulfillmentOrderId, LocationId, Sku
from dom.model.order import Bucket, Method, OrderStatus
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO = Parcel("1Z", "UPS"), Parcel("2z 9", "UPS")


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later))


def act(ledger: FakeLedger, action: str, **request: Any) -> Any:
    return perform(action, "ord_a-1", ActionRequest(**request), "ana", None, floor(ledger))


def shipped(*parcels: Parcel, **rest: Any) -> FakeLedger:
    """Three mugs and two hats, shipped from RENO in these parcels."""
    ledger = FakeLedger()
    ledger.open(location("RENO"), location("SHOP"))
    ledger.stock("MUG", "RENO", 10, reserved=3)
    ledger.stock("HAT", "RENO", 10, reserved=2)
    lines = (FulfillmentLine("1", Sku("MUG"), 3), FulfillmentLine("2", Sku("HAT"), 2))
    ledger.works["ord_a-1"] = work(status=S.PACKED, lines=lines, **rest)
    bought = [
        line("1", quantity=3, buckets={B.PACKED: 3}),
        line("2", "HAT", 2, buckets={B.PACKED: 2}),
    ]
    ledger.orders["ord_a"] = order("ord_a", *bought)
    act(ledger, "ship", parcels=parcels or (ONE,))
    return ledger


def seen(ledger: FakeLedger, number: str, status: str, after: timedelta | None = HOUR) -> list[str]:
    at = NOW + after if after is not None else None
    return scan(number, status, at, floor(ledger))


def status_of(ledger: FakeLedger) -> FulfillmentStatus:
    return ledger.works["ord_a-1"].status


def mugs(ledger: FakeLedger) -> tuple[dict[Bucket, int], int]:
    """Where the mugs of the order are, and how many are on hand."""
    bought = dict(ledger.orders["ord_a"].line("1").buckets)
    return bought, ledger.positions["MUG@RENO"].on_hand


def types(ledger: FakeLedger) -> list[str]:
    return [entry.type for entry in ledger.works["ord_a-1"].history]


def test_a_parcel_is_followed_to_the_door() -> None:
    ledger = shipped()
    for hours, status in enumerate(("in_transit", "out_for_delivery", "delivered")):
        assert seen(ledger, "1z", status, hours * HOUR) == ["ord_a-1"]
    assert types(ledger)[-4:] == [
        "ParcelScanned",
        "ParcelOutForDelivery",
        "ParcelScanned",
        "FulfillmentOrderDelivered",
    ]
    assert mugs(ledger) == ({B.DELIVERED: 3}, 7)
    assert ledger.orders["ord_a"].status is OrderStatus.CLOSED
    assert ledger.works["ord_a-1"].due_at is None


def test_the_same_scan_twice_is_noted_once() -> None:
    ledger = shipped()
    for _ in range(3):
        seen(ledger, "1Z", "in_transit")
    assert types(ledger).count("ParcelScanned") == 1


def test_a_day_that_moves_moves_no_parcel() -> None:
    ledger, day = shipped(), (NOW + DAY).date()

    def told(hours: int) -> tuple[str, date | None]:
        scan("1z", "rescheduled", NOW + hours * HOUR, floor(ledger), day + hours * DAY)
        (parcel,) = ledger.works["ord_a-1"].parcels
        return parcel.scan, parcel.arrives_on

    assert told(1) == ("", None)  # nobody has it yet
    seen(ledger, "1z", "out_for_delivery", 2 * HOUR)
    assert told(3) == ("out_for_delivery", day + 3 * DAY)
    assert told(1) == ("out_for_delivery", day + 3 * DAY)  # an older one
    assert ledger.works["ord_a-1"].history[-1].data["status"] == "out_for_delivery"
    seen(ledger, "1z", "delivered", 4 * HOUR)
    assert told(5) == ("delivered", day + 3 * DAY)


def test_scans_in_any_order_end_the_same() -> None:
    ledger = shipped(ONE, TWO)
    seen(ledger, "1Z", "delivered", 5 * HOUR)
    seen(ledger, "1Z", "in_transit", 6 * HOUR)  # a late one, with a clock that is ahead
    seen(ledger, "2Z9", "out_for_delivery", 4 * HOUR)
    seen(ledger, "2Z9", "in_transit", 3 * HOUR)
    assert [p.scan for p in ledger.works["ord_a-1"].parcels] == ["delivered", "out_for_delivery"]
    assert status_of(ledger) is S.SHIPPED


@pytest.mark.parametrize("after", [None, HOUR])
def test_where_times_tell_nothing_the_way_does(after: timedelta | None) -> None:
    ledger = shipped()
    seen(ledger, "1Z", "out_for_delivery", after)
    seen(ledger, "1Z", "in_transit", after)
    assert ledger.works["ord_a-1"].parcels[0].scan == "out_for_delivery"


def test_it_is_delivered_when_all_of_its_parcels_are() -> None:
    ledger = shipped(ONE, TWO)
    seen(ledger, "2Z 9", "delivered")
    assert status_of(ledger) is S.SHIPPED
    seen(ledger, "1Z", "delivered")
    assert status_of(ledger) is S.DELIVERED


def test_a_parcel_without_a_number_keeps_it_open() -> None:
    ledger = shipped(ONE, Parcel())
    seen(ledger, "1Z", "delivered")
    assert status_of(ledger) is S.SHIPPED


def test_one_box_for_two_orders_moves_both() -> None:
    ledger = shipped()
    other = replace(ledger.works["ord_a-1"], id=FulfillmentOrderId("ord_a-2"), lines=())
    ledger.works["ord_a-2"] = other
    ledger.parcels["1Z"].add(other.id)
    assert seen(ledger, "1Z", "in_transit") == ["ord_a-1", "ord_a-2"]
    assert ledger.works["ord_a-2"].parcels[0].scan == "in_transit"


@pytest.mark.parametrize("number", ["", "  ", "9X"])
def test_a_strangers_parcel_is_nobodys(number: str) -> None:
    ledger = shipped(ONE, Parcel())
    assert seen(ledger, number, "delivered") == []


@pytest.mark.parametrize("status", ["unknown", "pre_transit", "cancelled", "error", "sold"])
def test_words_about_labels_change_nothing(status: str) -> None:
    ledger = shipped()
    before = ledger.works["ord_a-1"]
    seen(ledger, "1Z", status)
    assert ledger.works["ord_a-1"] == before


def test_a_scan_that_lost_a_race_is_decided_anew() -> None:
    ledger = shipped(ONE, TWO)

    def the_other_parcel_arrives(commit: Any) -> None:
        ledger.before = lambda commit: None
        seen(ledger, "2Z9", "delivered")
        raise CommitRefused((Conflict("fulfillment_order", "ord_a-1", None),))

    ledger.before = the_other_parcel_arrives
    seen(ledger, "1Z", "delivered")
    assert status_of(ledger) is S.DELIVERED


@pytest.mark.parametrize(
    ("status", "reason"), [("failure", "lost"), ("return_to_sender", "returned_to_sender")]
)
def test_what_will_not_arrive_waits_for_a_person(status: str, reason: str) -> None:
    ledger = shipped()
    seen(ledger, "1Z", status)
    failed = ledger.works["ord_a-1"]
    assert (failed.status, failed.failure, failed.due_at) == (S.DELIVERY_FAILED, reason, None)
    assert mugs(ledger)[0] == {B.SHIPPED: 3}


def test_what_turns_up_after_all_is_delivered() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "failure")
    seen(ledger, "1Z", "delivered", 2 * HOUR)
    assert status_of(ledger) is S.DELIVERED


def test_what_went_back_and_was_delivered_there_is_not_delivered() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "return_to_sender")
    for hours, status in enumerate(("in_transit", "delivered"), start=2):
        seen(ledger, "1Z", status, hours * HOUR)
    assert status_of(ledger) is S.DELIVERY_FAILED


def test_a_lost_parcel_is_sent_again_from_anywhere() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "failure")
    done = act(ledger, "reship")
    assert (done.status, done.cancel_reason) == (S.CANCELLED, "reshipped")
    assert mugs(ledger) == ({B.PENDING: 3}, 7)
    assert ledger.orders["ord_a"].line("1").excluded == ()


def test_what_came_back_is_for_sale_again() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "return_to_sender")
    act(ledger, "write-off", restock=True)
    assert mugs(ledger) == ({B.CANCELLED: 3}, 10)
    said = ledger.orders["ord_a"].history[-1]
    assert said.data == {"units": 5, "whole_order": True, "reason": "returned_to_sender"}


def test_the_same_settlement_twice_is_one() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "failure")
    for _ in range(2):
        act(ledger, "write-off", restock=True, request_id="r1")
    assert mugs(ledger) == ({B.CANCELLED: 3}, 10)
    with pytest.raises(IllegalTransition):
        act(ledger, "reship", request_id="r2")


def test_nothing_is_settled_that_did_not_fail() -> None:
    for action in ("reship", "write-off"):
        with pytest.raises(IllegalTransition) as refused:
            act(shipped(), action)
        assert refused.value.found == "shipped"


def test_of_two_parcels_only_the_lost_one_is_sent_again() -> None:
    ledger = shipped(replace(ONE, units={"1": 3}), replace(TWO, units={"2": 2}))
    seen(ledger, "1Z", "failure")
    act(ledger, "reship")
    left = ledger.works["ord_a-1"]
    assert (left.status, left.failure) == (S.SHIPPED, "")
    assert ([x.line_id for x in left.lines], [p.key for p in left.parcels]) == (["2"], ["2Z9"])
    assert left.due_at is not None
    assert mugs(ledger)[0] == {B.PENDING: 3}
    seen(ledger, "2Z9", "delivered")
    assert status_of(ledger) is S.DELIVERED


def test_what_remains_is_delivered_if_it_was_already() -> None:
    ledger = shipped(replace(ONE, units={"1": 3}), replace(TWO, units={"2": 2}))
    seen(ledger, "2Z9", "delivered")
    seen(ledger, "1Z", "failure")
    act(ledger, "write-off")
    assert status_of(ledger) is S.DELIVERED
    hats = ledger.orders["ord_a"].line("2").buckets
    assert (mugs(ledger)[0], hats) == ({B.CANCELLED: 3}, {B.DELIVERED: 2})


def test_where_nobody_noted_what_was_in_a_parcel_a_person_says_it() -> None:
    ledger = shipped(ONE, TWO)
    seen(ledger, "1Z", "failure")
    with pytest.raises(InvalidInput) as refused:
        act(ledger, "reship")
    assert refused.value.field == "lines"
    act(ledger, "reship", lines={"1": 2})
    assert mugs(ledger)[0] == {B.PENDING: 2, B.SHIPPED: 1}


def test_the_rest_of_one_parcel_is_still_to_be_settled() -> None:
    ledger = shipped()
    seen(ledger, "1Z", "failure")
    act(ledger, "reship", lines={"1": 3})
    assert status_of(ledger) is S.DELIVERY_FAILED
    act(ledger, "write-off")
    assert status_of(ledger) is S.CANCELLED
    assert ledger.orders["ord_a"].line("2").buckets == {B.CANCELLED: 2}


def test_parcels_told_when_packing_are_found_once_they_left() -> None:
    ledger = shipped()
    packing = replace(ledger.works["ord_a-1"], status=S.PICKING, parcels=(), version=9)
    ledger.works["ord_a-1"] = packing
    bought = [
        line("1", quantity=3, buckets={B.PICKED: 3}),
        line("2", "HAT", 2, buckets={B.PICKED: 2}),
    ]
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], lines=tuple(bought))
    ledger.stock("MUG", "RENO", 10, reserved=3)
    ledger.stock("HAT", "RENO", 10, reserved=2)
    act(ledger, "pack", parcels=(Parcel("3Z", weight_grams=900),))
    assert seen(ledger, "3Z", "in_transit") == []
    act(ledger, "ship")
    assert seen(ledger, "3Z", "in_transit") == ["ord_a-1"]


@pytest.mark.parametrize("action", ["cancel", "reject", "ship"])
def test_what_failed_is_settled_and_nothing_else(action: str) -> None:
    ledger = shipped()
    seen(ledger, "1Z", "failure")
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, action)
    assert refused.value.found == "delivery_failed"


@pytest.mark.parametrize("units", [{"9": 1}, {"1": 4}])
def test_a_parcel_cannot_hold_what_the_work_does_not(units: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        shipped(ONE, replace(TWO, units=units))
    assert refused.value.field == f"parcels.1.lines.{next(iter(units))}"


# ── silence ──


def silent(ledger: FakeLedger, days: int) -> FulfillmentStatus:
    expire_work("ord_a-1", floor(ledger, days * DAY))
    return status_of(ledger)


def test_what_nobody_tracks_counts_as_delivered_a_week_after_its_promise() -> None:
    ledger = shipped(delivers_by=NOW + 3 * DAY)
    assert silent(ledger, 9) is S.SHIPPED
    assert silent(ledger, 10) is S.DELIVERED
    assert ledger.works["ord_a-1"].history[-1].data["assumed"] is True
    assert ledger.orders["ord_a"].line("1").returnable == 3


def test_what_a_carrier_had_and_lost_sight_of_is_missing() -> None:
    ledger = shipped(delivers_by=NOW + 3 * DAY)
    seen(ledger, "1Z", "in_transit")
    assert silent(ledger, 10) is S.DELIVERY_FAILED
    assert ledger.works["ord_a-1"].failure == "no_news"
    act(ledger, "reship")
    assert mugs(ledger)[0] == {B.PENDING: 3}


def test_a_promise_long_past_gives_the_carrier_its_time_from_the_shipment_on() -> None:
    ledger = shipped(delivers_by=NOW - 30 * DAY)
    assert ledger.works["ord_a-1"].due_at == NOW + 7 * DAY


def test_what_never_reaches_our_own_store_is_missing_too() -> None:
    to_store = {"method": Method.SHIP_TO_STORE, "to_location": LocationId("SHOP")}
    ledger = shipped(**to_store)
    seen(ledger, "1Z", "delivered")
    assert status_of(ledger) is S.SHIPPED  # the store says when it is ready
    assert silent(ledger, 8) is S.DELIVERY_FAILED
    # AND if it turns up, the customer can have it
    act(ledger, "ready")
    assert status_of(ledger) is S.READY_FOR_PICKUP
    assert ledger.positions["MUG@SHOP"].reserved == 3


# ── large work ──


def test_a_work_of_many_skus_and_parcels_leaves_in_steps_that_fit() -> None:
    ledger, many = FakeLedger(), 80
    ledger.open(location("RENO"), location("SHOP"))
    skus = [f"SKU{number}" for number in range(many)]
    for sku in skus:
        ledger.stock(sku, "RENO", 5, reserved=1)
    lines = tuple(FulfillmentLine(sku, Sku(sku), 1) for sku in skus)
    to_store = {"method": Method.SHIP_TO_STORE, "to_location": LocationId("SHOP")}
    ledger.works["ord_a-1"] = work(status=S.PACKED, lines=lines, **to_store)
    bought = [line(sku, sku, buckets={B.PACKED: 1}) for sku in skus]
    ledger.orders["ord_a"] = order("ord_a", *bought)
    act(ledger, "ship", parcels=tuple(Parcel(f"P{number}") for number in range(100)))
    assert len(ledger.parcels) == 100

    # WHEN the arrival is interrupted after its first step, and said again
    calls = []

    def fails_once(commit: Any) -> None:
        calls.append(commit.writes)
        if len(calls) == 2:
            raise ConnectionError

    ledger.before = fails_once
    with pytest.raises(ConnectionError):
        act(ledger, "ready")
    act(ledger, "ready")

    # THEN each position got its unit once, and no transaction was too large
    assert max(calls) <= MAX_WRITES
    assert {ledger.positions[f"{sku}@SHOP"].reserved for sku in skus} == {1}
