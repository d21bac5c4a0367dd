"""An order as GET /orders/{id} shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dom.api.render_order import render_order, render_work
from dom.model.clock import to_text
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.history import HistoryEntry, append
from dom.model.ids import OrderId
from dom.model.order import Bucket, HoldReason
from support.builders import NOW, line, order, work


def entry(seq: int, type_: str, seconds: int) -> HistoryEntry:
    return HistoryEntry(seq, NOW + timedelta(seconds=seconds), type_, "test", {"n": seq})


def test_buckets_and_statuses_have_their_lower_case_names_and_no_zeros() -> None:
    split = line(
        "1", quantity=3, buckets={Bucket.ALLOCATED: 2, Bucket.BACKORDERED: 1, Bucket.PENDING: 0}
    )
    shown = render_order(order("ord_a", split), (), ())
    assert shown["lines"][0]["buckets"] == {"allocated": 2, "backordered": 1}
    assert shown["lines"][0]["unit_price"] == {"amount": 1500, "currency": "USD"}
    assert (shown["status"], shown["hold_reason"]) == ("partially_allocated", None)
    group = {"id": "sg1", "method": "ship", "location_id": None, "promised_by": None}
    assert shown["ship_groups"] == [{**group, "expected_on": None, "expected_from": None}]


def test_a_ship_group_says_what_its_customer_was_told_last() -> None:
    for told in (NOW, None):
        (group,) = render_order(order("ord_a", told={"sg1": told}), (), ())["ship_groups"]
        assert group["promised_by"] == (to_text(NOW) if told else None)


def test_a_held_order_tells_why() -> None:
    held = order(hold_reason=HoldReason.INVALID_DATA, hold_detail="line 1 has no SKU")
    shown = render_order(held, (), ())
    assert (shown["status"], shown["hold_reason"]) == ("held", "invalid_data")
    assert shown["hold_detail"] == "line 1 has no SKU"


def test_a_line_without_sku_shows_null() -> None:
    assert render_order(order("ord_a", line("1", sku=None)), (), ())["lines"][0]["sku"] is None  # type: ignore[arg-type]


def test_work_is_shown_with_everything_the_contract_names() -> None:
    packed = work(
        status=FulfillmentStatus.PACKED,
        distance_km=171.5,
        delivers_by=NOW,
        co2e_grams=420,
        why="nearest with all lines",
        parcels=(Parcel("1Z", "ups", "https://ups.example/1Z", 700),),
    )
    shown = render_work(packed)
    assert shown["lines"] == [{"line_id": "1", "sku": "MUG", "quantity": 1}]
    assert shown["cost"] == {"amount": 899, "currency": "USD"}
    assert shown["parcels"][0] == {
        "tracking_number": "1Z",
        "carrier": "ups",
        "tracking_url": "https://ups.example/1Z",
        "weight_grams": 700,
        "scan": "",
        "scanned_at": None,
    }
    wanted: dict[str, Any] = {
        "id": "ord_a-1",
        "ship_group_id": "sg1",
        "version": 1,
        "location_id": "RENO",
        "status": "packed",
        "method": "ship",
        "distance_km": 171.5,
        "delivers_by": "2026-03-04T15:00:00.000000Z",
        "co2e_grams": 420,
        "why": "nearest with all lines",
    }
    assert shown.items() >= wanted.items()


def test_what_is_unknown_is_null_and_the_task_token_is_nobodys_business() -> None:
    shown = render_work(work(task_token="secret-token"))
    assert (shown["distance_km"], shown["delivers_by"], shown["due_at"]) == (None, None, None)
    assert "secret-token" not in str(shown)


def test_the_timeline_is_all_histories_in_order_of_time() -> None:
    placed = order(history=(entry(1, "OrderPlaced", 0), entry(2, "OrderAllocated", 5)))
    works: list[FulfillmentOrder] = [
        work(1, history=(entry(1, "FulfillmentOrderAssigned", 5), entry(2, "Shipped", 60))),
        work(2, history=(entry(1, "FulfillmentOrderAssigned", 5), entry(2, "Rejected", 30))),
    ]
    shown = render_order(placed, works, ())["timeline"]
    assert [(one["type"], one.get("fulfillment_order_id")) for one in shown] == [
        ("OrderPlaced", None),
        ("OrderAllocated", None),
        ("FulfillmentOrderAssigned", "ord_a-1"),
        ("FulfillmentOrderAssigned", "ord_a-2"),
        ("Rejected", "ord_a-2"),
        ("Shipped", "ord_a-1"),
    ]
    assert shown[0] == {
        "at": "2026-03-04T15:00:00.000000Z",
        "type": "OrderPlaced",
        "actor": "test",
        "data": {"n": 1},
    }


def test_decisions_come_oldest_first_and_say_why() -> None:
    def decision(name: str, seconds: int) -> RoutingDecision:
        at = NOW + timedelta(seconds=seconds)
        return RoutingDecision(name, OrderId("ord_a"), "sg1", at, "1", 1, "allocated", "nearest")

    shown = render_order(order(), (), [decision("d2", 9), decision("d1", 1)])["decisions"]
    assert [(one["id"], one["ship_group_id"], one["why"]) for one in shown] == [
        ("d1", "sg1", "nearest"),
        ("d2", "sg1", "nearest"),
    ]
    assert shown[0]["unallocated"] == {}


def test_personal_data_has_no_way_into_the_answer() -> None:
    # What intake remembers and where the parcel goes belong to routing, not to whoever may read.
    placed = order(
        source={"email": "buyer@example.com"}, history=append((), NOW, "OrderPlaced", "x")
    )
    shown = str(render_order(placed, (), ()))
    assert "buyer@example.com" not in shown
    assert "95814" not in shown
