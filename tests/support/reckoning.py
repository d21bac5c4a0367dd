"""What a run came to, in terms that no fault may change, and what must hold after any run."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dom.aws.codec import from_plain
from dom.aws.dynamo import unmarshal
from dom.model.clock import to_text
from dom.model.demand import demand_of, shard_of
from dom.model.order import Order
from dom.model.queue import waits_of
from support.pipeline import Pipeline, items

Json = dict[str, Any]
Book = dict[str, list[Json]]
OPEN = {"assigned", "released", "accepted", "picking", "packed", "cancel_requested"}
# Orders that are routed together share a movement: those are held against the ledger's rows. And
# whether a promise is at risk for long enough to be told of depends on how long things take.
NOT_COMPARED = {"InventoryMoved", "PromiseMoved"}
UNITS = ("on_hand", "unsellable", "reserved", "safety_stock")


def result(pipeline: Pipeline) -> Json:
    """The end state, without times, versions and tokens."""
    book = _book()
    orders, stock = book["OrdersTable"], book["InventoryTable"]
    events = [one for one in pipeline.aws.events if one["type"] not in NOT_COMPARED]
    return {
        "orders": {
            one["order_id"]: (one["status"], [line["buckets"] for line in one["lines"]])
            for one in orders
            if one["item"] == "ORDER"
        },
        "work": {
            one["id"]: (one["location_id"], one["status"], _lines(one))
            for one in orders
            if one["item"].startswith("FO#")
        },
        "stock": {
            one["pk"]: {x: one[x] for x in UNITS} for one in stock if one["sk"] == "POSITION"
        },
        "capacity": {
            one["pk"]: {name: n for name, n in one.items() if name.startswith("left#")}
            for one in book["NetworkTable"]
            if one["sk"] == "STATE"
        },
        "executions": {one.name: one.ended for one in pipeline.aws.executions.values()},
        "events": Counter({one["event_id"]: one["type"] for one in events}.values()),
        "messages": {key for one in _messages(book) if "#order_delayed" not in (key := one["key"])},
    }


def assert_sound(pipeline: Pipeline) -> int:
    """Nothing lost, nothing doubled; returns how many customer messages are left UNKNOWN."""
    book = _book()
    _assert_stock_adds_up(book)
    _assert_demand_is_what_waits(book)
    _assert_who_waits_stands_in_line(book)
    _assert_all_is_relayed(pipeline, book)
    assert not any(pipeline.dead_letters.values()), pipeline.dead_letters
    assert not any(pipeline.dead_records.values()), pipeline.dead_records
    return _assert_each_letter_went_once(pipeline, book)


def _assert_stock_adds_up(book: Book) -> None:
    """reserved == units of live work; a position == its movements; documents == positions."""
    rows = book["InventoryTable"]
    positions = {(one["sku"], one["location_id"]): one for one in rows if one["sk"] == "POSITION"}
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        for name in UNITS if "commit_id" in row else ():
            sums[row["sku"], row["location_id"], name] += row[name]
    live: Counter[tuple[str, str]] = Counter()
    for work in book["OrdersTable"]:
        if work["item"].startswith("FO#") and work["status"] in OPEN:
            for line in work["lines"]:
                live[line["sku"], work["location_id"]] += line["quantity"]
    for key, one in positions.items():
        assert one["reserved"] == live[key], (key, one, live)
        assert {x: one[x] for x in UNITS} == {x: sums[(*key, x)] for x in UNITS}, key
        assert one["available"] == one["on_hand"] - sum(one[x] for x in UNITS[1:])
    shown = {
        (row["sku"], place): n
        for row in rows
        if row["sk"] == "AVAILABILITY"
        for place, n in row["locations"].items()
    }
    assert shown == {key: one["available"] for key, one in positions.items()}


def _assert_demand_is_what_waits(book: Book) -> None:
    """Every counter is the sum of the units of its orders that wait for a location."""
    counters = {
        (row["sku"], int(row["sk"].removeprefix("DEMAND#"))): row["units"]
        for row in book["InventoryTable"]
        if row["sk"].startswith("DEMAND#") and row["units"]
    }
    waiting: Counter[tuple[str, int]] = Counter()
    for row in book["OrdersTable"]:
        if row["item"] == "ORDER":
            one = from_plain(Order, row)
            assert dict(one.counted) == demand_of(one), one.order_id
            for sku, units in one.counted.items():
                waiting[sku, shard_of(one.order_id)] += units
    assert counters == dict(waiting)


def _assert_who_waits_stands_in_line(book: Book) -> None:
    """The lines are the places of the orders that wait, and no others."""
    orders = [from_plain(Order, row) for row in book["OrdersTable"] if row["item"] == "ORDER"]
    places = {(sku, x.rank): x.units for one in orders for sku, x in waits_of(one).items()}
    rows = (row for row in book["InventoryTable"] if row["pk"].startswith("LINE#"))
    assert {(row["sku"], row["sk"]): row["units"] for row in rows} == places


def _assert_all_is_relayed(pipeline: Pipeline, book: Book) -> None:
    """Every history entry and movement is on the bus; nothing waits for the relay or the sweep."""
    published = {one["event_id"] for one in pipeline.aws.events}
    for item in [*book["OrdersTable"], *book["NetworkTable"]]:
        assert "unrelayed" not in item, item
        assert "sweep_shard" not in item or item["sweep_at"] > to_text(pipeline.now), item
        assert not (item.get("task_token") and item["status"] not in OPEN), item
        for entry in item.get("history", []):
            name = f"{item['order_id']}/{item['item']}" if "item" in item else item["location_id"]
            assert f"{name}#{entry['seq']}" in published, (name, entry)
    rows = [row for row in book["InventoryTable"] if "commit_id" in row]
    assert {f"{row['pk']}/{row['sk']}" for row in rows} <= published


def _assert_each_letter_went_once(pipeline: Pipeline, book: Book) -> int:
    """A message that is SENT was sent once; one that is UNKNOWN at most once."""
    statuses = Counter(one["status"] for one in _messages(book))
    letters = Counter(
        (one["Destination"]["ToAddresses"][0], one["Message"]["Subject"]["Data"])
        for one in pipeline.aws.letters
    )
    assert set(letters.values()) <= {1}, letters
    assert set(statuses) <= {"sent", "unknown"}, statuses
    assert 0 <= len(pipeline.aws.letters) - statuses["sent"] <= statuses["unknown"]
    return statuses["unknown"]


def _lines(work: Json) -> list[tuple[str, str, int]]:
    return [(one["line_id"], one["sku"], one["quantity"]) for one in work["lines"]]


def _messages(book: Book) -> list[Json]:
    return [one for one in book["InboxTable"] if one["key"].startswith("notify#")]


def _book() -> Book:
    """Every item of every table as plain data."""
    names = ("OrdersTable", "InventoryTable", "NetworkTable", "InboxTable")
    return {name: [unmarshal(item) for item in items(name)] for name in names}
