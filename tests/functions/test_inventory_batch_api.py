"""Feeds and the ledger over HTTP, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from dom.api.identity import Identity
from dom.aws import keys, stock_desk
from dom.aws.stock_writes import movement_put
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from support.api import Backend, backend
from support.http import Reply

STORE = Identity("store", frozenset({"inventory:write"}), frozenset({"RENO"}))


@pytest.fixture(scope="module")
def api() -> Iterator[Backend]:
    with backend() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stock_desk, "THREADS", 1)  # moto is not made for several
        for location_id in ("RENO", "BOSTON"):
            assert made.put_location(location_id).status == 200
        yield made


def ago(**time: int) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def row(sku: object, quantity: object, location_id: object = "RENO") -> dict[str, object]:
    return {"sku": sku, "quantity": quantity, "location_id": location_id}


def batch(*rows: object, **changes: object) -> dict[str, Any]:
    facts: dict[str, Any] = {"mode": "snapshot", "quantity_is": "on_hand", "as_of": ago(minutes=5)}
    return {"source": "wms", **facts, "rows": rows, **changes}


def post(api: Backend, *rows: object, **changes: object) -> Reply:
    return api.call("POST", "/inventory/batch", batch(*rows, **changes))


def on_hand(api: Backend, sku: str) -> dict[str, int]:
    found = api.call("GET", f"/inventory/{quote(sku, safe='')}").json["positions"]
    return {one["location_id"]: one["on_hand"] for one in found}


def movements(api: Backend, sku: str, **query: str) -> Reply:
    path = f"/inventory/{quote(sku, safe='')}/movements"
    return api.call("GET", path, query={"location_id": "RENO", **query})


def test_good_rows_are_written_and_bad_ones_named(api: Backend) -> None:
    found = post(
        api,
        row("GOOD 1/2", 5),
        row("BAD", -1),
        row("BAD", 1.5),
        row("", 1),
        row("BAD", 1, "NOWHERE"),
        {"sku": "BAD"},
        "no row at all",
        row("GOOD 1/2", 7, "BOSTON"),
    )
    assert found.status == 200
    assert (found.json["accepted"], found.json["unchanged"], found.json["emptied"]) == (2, 0, 0)
    assert [(one["row"], one["field"]) for one in found.json["rejected"]] == [
        (1, "quantity"),
        (2, "quantity"),
        (3, "sku"),
        (4, "location_id"),
        (5, "location_id"),
        (6, "row"),
    ]
    assert all(one["reason"] for one in found.json["rejected"])
    assert on_hand(api, "GOOD 1/2") == {"BOSTON": 7, "RENO": 5}
    assert on_hand(api, "BAD") == {}


@pytest.mark.parametrize("mode", ["delta", "snapshot"])
def test_the_same_batch_again_changes_nothing(api: Backend, mode: str) -> None:
    body = batch(row(f"TWICE {mode}", 3), mode=mode)
    counts = [api.call("POST", "/inventory/batch", body).json for _ in range(2)]
    assert [(one["accepted"], one["unchanged"]) for one in counts] == [(1, 0), (0, 1)]
    assert on_hand(api, f"TWICE {mode}") == {"RENO": 3}
    assert len(movements(api, f"TWICE {mode}").json["movements"]) == 1


def test_what_shipped_after_the_snapshot_is_not_put_back(api: Backend) -> None:
    post(api, row("SHIPS", 10), as_of=ago(days=40))
    post(api, row("SHIPS", -2), mode="delta", as_of=ago(minutes=10))
    post(api, row("SHIPS", -3), mode="delta", as_of=ago(minutes=2))
    post(api, row("SHIPS", 9), as_of=ago(minutes=5))
    assert on_hand(api, "SHIPS") == {"RENO": 6}
    late = post(api, row("SHIPS", -1), mode="delta", as_of=ago(minutes=6))
    assert (late.json["accepted"], on_hand(api, "SHIPS")) == (1, {"RENO": 6})


def test_an_available_figure_gets_back_what_is_reserved(api: Backend) -> None:
    post(api, row("HELD", 10), as_of=ago(hours=2))
    api.reserve("HELD", "RENO", 3)  # long before this snapshot
    post(api, row("HELD", 5), as_of=ago(minutes=5), quantity_is="available")
    assert on_hand(api, "HELD") == {"RENO": 8}


def till(*rows: object, **changes: object) -> dict[str, Any]:
    return batch(*rows, **{"source": "till 4", "mode": "delta", **changes})


def test_receipts_of_a_till_say_why_stock_moved(api: Backend) -> None:
    post(api, row("SOLD", 10), as_of=ago(minutes=9))
    at = ago(minutes=5)
    receipts = [
        till(row("SOLD", -2), as_of=at, cause="sale", reference="R-1"),
        till(row("SOLD", -3), as_of=at, cause="sale", reference="R-2"),
        # An exchange: both are of one receipt.
        till(row("SOLD", 1), as_of=at, cause="return", reference="R-2"),
    ]
    for body in (*receipts, *receipts):  # a till sends again what it got no answer to
        assert api.call("POST", "/inventory/batch", body).status == 200
    assert on_hand(api, "SOLD") == {"RENO": 6}
    told = movements(api, "SOLD").json["movements"]
    assert sorted((one["cause"], one["on_hand"]) for one in told) == [
        ("return", 1),
        ("sale", -3),
        ("sale", -2),
        ("snapshot", 10),
    ]


def test_a_sale_beyond_the_books_is_written(api: Backend) -> None:
    post(api, row("SHORT", 1), as_of=ago(minutes=9))
    body = till(row("SHORT", -3), cause="sale")
    assert api.call("POST", "/inventory/batch", body).json["accepted"] == 1
    assert on_hand(api, "SHORT") == {"RENO": -2}


@pytest.mark.parametrize(("cause", "quantity"), [("sale", 2), ("return", -2)])
def test_a_receipt_with_the_wrong_sign_is_rejected(api: Backend, cause: str, quantity: int) -> None:
    sku = f"SIGN {cause}"
    body = till(row(sku, quantity), row(sku, -quantity), cause=cause)
    found = api.call("POST", "/inventory/batch", body).json
    assert [(one["row"], one["field"]) for one in found["rejected"]] == [(0, "quantity")]
    assert on_hand(api, sku) == {"RENO": -quantity}


@pytest.mark.parametrize("facts", [{"cause": "sale"}, {"reference": "R-9"}])
def test_a_snapshot_is_no_receipt(api: Backend, facts: dict[str, str]) -> None:
    assert post(api, row("COUNTED", 3), **facts).status == 400
    assert on_hand(api, "COUNTED") == {}


def test_a_complete_snapshot_empties_what_it_does_not_name(api: Backend) -> None:
    api.put_location("SHED")
    post(api, row("IN", 5, "SHED"), row("OUT", 6, "SHED"), as_of=ago(minutes=9))
    found = post(api, row("IN", 5, "SHED"), complete=True).json
    assert (found["accepted"], found["unchanged"], found["emptied"]) == (0, 1, 1)
    assert on_hand(api, "OUT") == {"SHED": 0}
    refused = post(api, row("IN", 5, "SHED"), complete=True, mode="delta")
    assert refused.status == 400


def test_many_locations_of_one_new_sku_are_written_at_once(api: Backend) -> None:
    places = [f"P{number:02}" for number in range(35)]
    for place in places:
        api.put_location(place)
    assert post(api, *(row("NEW", 1, place) for place in places)).json["accepted"] == 35
    assert on_hand(api, "NEW") == dict.fromkeys(places, 1)


def test_a_store_feeds_its_own_shelves_only(api: Backend) -> None:
    body = batch(row("TOY", 1), row("TOY", 1, "BOSTON"))
    found = api.call("POST", "/inventory/batch", body, caller=STORE).json
    assert (found["accepted"], [one["row"] for one in found["rejected"]]) == (1, [1])
    assert on_hand(api, "TOY") == {"RENO": 1}


def test_a_reader_may_not_write(api: Backend) -> None:
    reader = Identity("reader", frozenset({"inventory:read"}))
    assert api.call("POST", "/inventory/batch", batch(row("A", 1)), caller=reader).status == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"as_of": "2026-03-04T15:00:00"}, "as_of"),
        ({"as_of": "2999-01-01T00:00:00Z"}, "as_of"),
        ({"mode": "all"}, "mode"),
        ({"quantity_is": "sold"}, "quantity_is"),
        ({"source": " "}, "source"),
        ({"rows": []}, "rows"),
        ({"rows": [{}] * 5001}, "rows"),
    ],
)
def test_a_batch_that_is_none_is_refused_whole(
    api: Backend, changes: dict[str, object], field: str
) -> None:
    refused = post(api, row("A", 1), **changes)
    assert refused.status == 400
    assert [one["field"] for one in refused.json["errors"]] == [field]


def test_the_ledger_comes_newest_first_page_by_page(api: Backend) -> None:
    # GIVEN a position with 130 more movements than its first, over three months
    sku = "MANY/CHANGES"
    post(api, row(sku, 1), mode="delta", as_of=ago(hours=1))
    for number in range(130):
        change = StockChange(Sku(sku), LocationId("RENO"), Cause.RECEIPT, 1)
        at = datetime.now(UTC) - timedelta(hours=12 * number + 2)
        put = movement_put("InventoryTable", change, Commit(f"receipt-{number}", at, "wms"))
        api.dynamodb.put_item(**put["Put"])
    months = {f"{datetime.now(UTC) - timedelta(days=days):%Y-%m}" for days in range(70)}
    item = {**api.item("INVENTORY_TABLE", keys.position(sku, "RENO")), "months": months}
    api.put_item("INVENTORY_TABLE", item)
    # WHEN all pages are read
    first = movements(api, sku).json
    second = movements(api, sku, next=first["next"]).json
    # THEN they hold each movement once, by the time it occurred
    assert (len(first["movements"]), len(second["movements"]), second["next"]) == (100, 31, None)
    both = first["movements"] + second["movements"]
    times = [one["occurred_at"] for one in both]
    assert times == sorted(times, reverse=True)
    assert len({one["id"] for one in both}) == 131
    assert both[0]["references"] == [{"source": "wms", "quantity": 1, "quantity_is": "on_hand"}]
    assert (both[0]["cause"], both[0]["actor"]) == ("vendor_feed", "admin")


def test_a_sku_that_never_moved_has_no_movements(api: Backend) -> None:
    found = movements(api, "GHOST")
    assert (found.status, found.json["movements"], found.json["next"]) == (200, [], None)


def test_a_ledger_is_asked_for_with_a_location_and_a_cursor_of_ours(api: Backend) -> None:
    assert api.call("GET", "/inventory/MUG/movements").status == 400
    assert movements(api, "MUG", next="%%%").status == 400
    assert movements(api, "MUG", next="bm8").status == 400


def test_a_sku_named_batch_can_be_read(api: Backend) -> None:
    post(api, row("batch", 2))
    assert on_hand(api, "batch") == {"RENO": 2}
