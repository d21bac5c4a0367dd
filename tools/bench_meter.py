"""What DynamoDB would bill for: request units from item sizes, at the doors of boto3.

Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
and .../CapacityUnitCalculations.html (sizes). A write is billed by the larger of the item before
and after, in KB; in a transaction twice. A read in 4 KB; half if eventually consistent. An index
entry (keys only) costs a write for each entry that comes or goes; transactions do not double it.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Item = Mapping[str, Any]
Address = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """An item before and after a write; empty: not there."""

    table: str
    key: Item
    before: Item
    after: Item


def size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(str(value).encode())
    if kind == "N":
        digits = value.lstrip("-").replace(".", "").strip("0")
        return math.ceil(len(digits) / 2) + 1 + int(value.startswith("-"))
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value(one) for name, one in value.items())
    if kind == "B":
        return len(value)
    if kind in {"SS", "NS"}:
        return sum(len(one.encode()) for one in value)
    return 1


@dataclass
class Meter:
    """Counts calls by service and DynamoDB's units. `plain` is a client that nobody counts."""

    plain: Any
    schemas: Mapping[str, Mapping[str, Any]]
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    # What counting took, so that it can be taken off: wall and processor seconds.
    wall: float = 0.0
    cpu: float = 0.0
    _images: dict[Address, Item] = field(default_factory=dict)

    def attach(self, session: Any) -> None:
        """Watch every client that is made of this session from now on.

        Somebody must leave the parameters in each request's context as `asked`.
        """
        session.events.register("after-call.dynamodb", self._called)

    def _called(self, parsed: Mapping[str, Any], model: Any, context: Any, **_: Any) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self._count(model, context["asked"], parsed)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu

    def _count(self, model: Any, params: Any, parsed: Mapping[str, Any]) -> None:
        self.counts["dynamodb calls"] += 1
        self.counts[f"dynamodb {model.name}"] += 1
        # Who reads a key has KMS unwrap it, or make one. All functions are one process here, which
        # remembers keys for all of them; on AWS each has to ask.
        self.counts["KMS requests"] += params.get("TableName") == "KeysTable"
        if writes := list(_writes(model.name, params)):
            self._written(writes, 2 if model.name == "TransactWriteItems" else 1)
        else:
            self.counts["half read units"] += self._half_units(model.name, params, parsed)

    def _half_units(self, name: str, params: Any, parsed: Any) -> int:
        """Read units times two, so that they stay whole."""
        if name == "GetItem":
            return _halves(size(parsed.get("Item", {})), params)
        if name == "Query":
            return _halves(sum(map(size, parsed["Items"])), params)
        total = 0
        for table, wanted in params["RequestItems"].items():
            found = parsed["Responses"].get(table, [])
            total += sum(_halves(size(item), wanted) for item in found)
            total += (len(wanted["Keys"]) - len(found)) * _halves(0, wanted)
        return total

    def _written(self, writes: list[tuple[str, Item]], times: int) -> None:
        keys = [(table, self._key(table, item)) for table, item in writes]
        after = self._read(keys)
        for table, key in keys:
            address = self._address(table, key)
            old, new = self._images.get(address, {}), after.get(address, {})
            self._images[address] = new
            units = times * max(1, math.ceil(max(size(old), size(new)) / 1024))
            self.counts["write units"] += units + self._entries(table, old, new)
            self.counts["items written"] += 1
            if old != new:
                self.changes.append(Change(table, key, old, new))

    def _entries(self, table: str, old: Item, new: Item) -> int:
        """Index entries that come and go."""
        total = 0
        for index in self.schemas[table].get("GlobalSecondaryIndexes", ()):
            names = [one["AttributeName"] for one in index["KeySchema"]]
            entries = [
                tuple(str(item.get(name)) for name in names)
                for item in (old, new)
                if all(name in item for name in names)
            ]
            total += len(entries) if len(set(entries)) == len(entries) else 0
        self.counts["index units"] += total
        return total

    def _read(self, wanted: list[tuple[str, Item]]) -> dict[Address, Item]:
        request: dict[str, Any] = {}
        for table, key in wanted:
            request.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
        answer = self.plain.batch_get_item(RequestItems=request)["Responses"]
        return {
            self._address(table, item): item for table, items in answer.items() for item in items
        }

    def _key(self, table: str, item: Item) -> Item:
        names = [one["AttributeName"] for one in self.schemas[table]["KeySchema"]]
        return {name: item[name] for name in names}

    def _address(self, table: str, item: Item) -> Address:
        return table, tuple((name, one["S"]) for name, one in self._key(table, item).items())


def _halves(bytes_: int, request: Mapping[str, Any]) -> int:
    return max(1, math.ceil(bytes_ / 4096)) * (2 if request.get("ConsistentRead") else 1)


def _writes(name: str, params: Any) -> Iterator[tuple[str, Item]]:
    """Table of each written item, with the item or its key."""
    if name == "TransactWriteItems":
        for one in params["TransactItems"]:
            ((kind, request),) = one.items()
            yield request["TableName"], request["Item" if kind == "Put" else "Key"]
    elif name in {"PutItem", "UpdateItem", "DeleteItem"}:
        yield params["TableName"], params["Item" if name == "PutItem" else "Key"]
