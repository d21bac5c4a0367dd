"""Records of the Inventory table's stream, read into what the projection and the bus need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import unmarshal
from dom.aws.events import EventBus
from dom.events import movement_event
from dom.inventory.await_supply import SupplyRecord
from dom.inventory.project import StockRecord
from dom.model.ids import LocationId, Sku
from dom.model.stock import Position
from dom.model.supply import SupplyId

Record = Mapping[str, Any]


def stock_records(records: Iterable[Record]) -> list[StockRecord]:
    """The records of positions, in order."""
    return [_stock_record(record["dynamodb"]) for record in records if _is_position(record)]


def shortages_of(records: Iterable[Record]) -> set[tuple[Sku, LocationId]]:
    """Positions of which more units are missing than before, or none any more. What only shrinks is
    looked at already, or comes with goods.
    """
    changes = (record["dynamodb"] for record in records if _is_position(record))
    images = [(one.get("OldImage"), one.get("NewImage")) for one in changes]
    return {
        (Sku(new["sku"]["S"]), LocationId(new["location_id"]["S"]))
        for old, new in images
        if new and _is_news(_short(old) if old else 0, _short(new))
    }


def queued_skus(records: Iterable[Record]) -> set[Sku]:
    """SKUs of which more or fewer units wait for a location."""
    changes = (record["dynamodb"] for record in records if _is_demand(record))
    return {Sku(change["NewImage"]["sku"]["S"]) for change in changes if "NewImage" in change}


def moved_lines(records: Iterable[Record]) -> set[Sku]:
    """SKUs for which somebody came to stand in line, left it, or waits for more or fewer units.

    What is only told of a place is no news, or looks along the line would never end.
    """
    changes = (one["dynamodb"] for one in records)
    places = (x for x in changes if x["Keys"]["pk"]["S"].startswith(keys.LINE))
    images = ((place.get("OldImage") or {}, place.get("NewImage") or {}) for place in places)
    moved = (new or old for old, new in images if old.get("units") != new.get("units"))
    return {Sku(image["sku"]["S"]) for image in moved if "sku" in image}


def released_skus(records: Iterable[Record]) -> set[Sku]:
    """SKUs of which the day of the release, or how much is sold before it, was set or moved."""
    changes = [one["dynamodb"] for one in records if _is_product(one)]
    pairs = ((one.get("OldImage") or {}, one.get("NewImage") or {}) for one in changes)
    moved = (new or old for old, new in pairs if _release(old) != _release(new))
    return {Sku(image["sku"]["S"]) for image in moved}


def remade_skus(records: Iterable[Record]) -> set[Sku]:
    """SKUs that are made of something else now, or are no kits any more."""
    changes = [one["dynamodb"] for one in records if _is_product(one)]
    pairs = ((one.get("OldImage") or {}, one.get("NewImage") or {}) for one in changes)
    moved = (new or old for old, new in pairs if _recipe(old) != _recipe(new))
    return {Sku(image["sku"]["S"]) for image in moved}


def supply_records(records: Iterable[Record]) -> list[SupplyRecord]:
    """The records of transfers and purchases of which something else should come now, in order."""
    moved = (_supply_record(record["dynamodb"]) for record in records if _is_supply(record))
    return [one for one in moved if one.skus]


def publish_movements(records: Iterable[Record], bus: EventBus) -> list[str]:
    """Publish InventoryMoved of each ledger row; sequence numbers of those that were refused."""
    events = {number: movement_event(row) for number, row in _movements(records)}
    refused = {event.event_id for event in bus.publish(list(events.values()))}
    return [number for number, event in events.items() if event.event_id in refused]


def first_of(records: Iterable[Record], failed: Iterable[str]) -> list[dict[str, str]]:
    """`batchItemFailures` that name the earliest failed record: Lambda goes on from there."""
    wanted = set(failed)
    numbers = (record["dynamodb"]["SequenceNumber"] for record in records)
    first = next((number for number in numbers if number in wanted), None)
    return [{"itemIdentifier": first}] if first else []


def _movements(records: Iterable[Record]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    inserted = (record["dynamodb"] for record in records if record["eventName"] == "INSERT")
    rows = ((change["SequenceNumber"], unmarshal(change["NewImage"])) for change in inserted)
    return ((sequence, row) for sequence, row in rows if "commit_id" in row)


def _is_position(record: Record) -> bool:
    return bool(record["dynamodb"]["Keys"]["sk"]["S"] == keys.POSITION)


def _is_demand(record: Record) -> bool:
    return str(record["dynamodb"]["Keys"]["sk"]["S"]).startswith(keys.DEMAND)


def _is_product(record: Record) -> bool:
    return bool(record["dynamodb"]["Keys"]["sk"]["S"] == keys.PRODUCT)


def _release(product: Mapping[str, Any]) -> tuple[object, object]:
    return product.get("releases_on"), product.get("preorder_limit")


def _recipe(product: Mapping[str, Any]) -> object:
    """None, an empty list: both are no kit."""
    return (product.get("components") or {}).get("L") or None


def _is_supply(record: Record) -> bool:
    return bool(record["dynamodb"]["Keys"]["sk"]["S"] == keys.SUPPLY)


def _supply_record(change: Mapping[str, Any]) -> SupplyRecord:
    new, old = (unmarshal(change.get(image, {})) for image in ("NewImage", "OldImage"))
    before, after = _lines(old), _lines(new)
    skus = {sku for sku in (*before, *after) if before.get(sku) != after.get(sku)}
    return SupplyRecord(change["SequenceNumber"], SupplyId((new or old)["id"]), frozenset(skus))


def _lines(order: Mapping[str, Any]) -> dict[Sku, Any]:
    """Of each SKU all that says what should come of it, where and when."""
    whole = [order.get(name) for name in ("status", "expected_on", "location_id")]
    return {Sku(line["sku"]): (line, *whole) for line in order.get("lines", ())}


def _stock_record(change: Mapping[str, Any]) -> StockRecord:
    new, old = (unmarshal(change.get(image, {})) for image in ("NewImage", "OldImage"))
    some = new or old
    return StockRecord(
        change["SequenceNumber"],
        Sku(some["sku"]),
        LocationId(some["location_id"]),
        before=old.get("available"),
        after=new.get("available"),
    )


def _is_news(before: int, after: int) -> bool:
    return after > before or (before > 0 and not after)


def _short(image: Mapping[str, Any]) -> int:
    if int(image["available"]["N"]) >= 0:
        return 0  # as of nearly every record: nothing else of it need be read
    return from_plain(Position, unmarshal(image)).short
