"""The ledger's rows as they are read: what moved since, what is recorded, and page by page."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal
from dom.aws.reads import Plain, batch_get, get, query
from dom.errors import InvalidInput
from dom.model.clock import from_text, to_text
from dom.model.ids import LocationId, Sku
from dom.model.stock import Movement, Position, Totals, totals

PAGE = 100
# A source's clock may be ahead of ours: what it told may have occurred after it was recorded.
MARGIN = timedelta(minutes=5)

Place = tuple[Sku, LocationId]


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Movements, newest first, and the cursor of what follows; None: that was all."""

    movements: tuple[Movement, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class MovementStore:
    """`dom.inventory.ports.Book` on the Inventory table, and its pages."""

    dynamodb: Any
    table: str
    size: int = PAGE

    def positions_of(self, pairs: Iterable[Place]) -> list[Position]:
        """The positions that exist among these, read consistently."""
        return [from_plain(Position, item) for item in self._items(pairs)]

    def moved_after(self, pairs: Iterable[Place], after: datetime) -> dict[Place, Totals]:
        """What moved at each by facts that occurred after the instant; absent: nothing did.

        Positions that nothing was recorded of since then cost no query.
        """
        untouched = to_text(after - MARGIN)
        moved = [one for one in self._items(pairs) if one.get("moved_at", "~") > untouched]
        return {(one["sku"], one["location_id"]): self._after(one, after) for one in moved}

    def _after(self, position: Plain, after: datetime) -> Totals:
        place = position["sku"], position["location_id"]
        months = (one for one in months_of(position) if one >= keys.month(after))
        rows = (row for month in months for row in self.rows(*place, month))
        return totals(row for row in rows if row.occurred_at > after)

    def recorded(
        self, names: Iterable[tuple[Sku, LocationId, str]], occurred_at: datetime
    ) -> set[Place]:
        """Positions among (sku, location_id, movement id) that have that movement of that time."""
        wanted = [keys.movement(sku, place, occurred_at, name) for sku, place, name in names]
        found = batch_get(self.dynamodb, self.table, wanted)
        return {(one["sku"], one["location_id"]) for one in found}

    def stocked(self, location_ids: Iterable[LocationId]) -> Iterator[Place]:
        """Every position at these locations; the index follows within a second."""
        for location_id in location_ids:
            rows = query(
                self.dynamodb,
                TableName=self.table,
                IndexName="stocked",
                KeyConditionExpression="stocked_at = :location",
                ExpressionAttributeValues=marshal({":location": location_id}),
            )
            yield from ((row["sku"], location_id) for row in rows)

    def rows(self, sku: Sku, location_id: LocationId, month: str) -> Iterator[Movement]:
        """The position's movements that occurred in a month, in no order, page after page."""
        partition = keys.movements(sku, location_id, month)
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=marshal({":pk": partition}),
            ConsistentRead=True,
        )
        return (from_plain(Movement, item) for item in items)

    def page(self, sku: Sku, location_id: LocationId, cursor: str | None) -> MovementPage:
        """A page of the position's movements, by the time they occurred, newest first.

        InvalidInput: a cursor that is not one of ours. Rows of a month lie by id, so a page reads
        its month whole and keeps the newest.
        """
        before = _parsed(cursor) if cursor else None
        position = get(self.dynamodb, self.table, keys.position(sku, location_id))
        found: list[Movement] = []
        for month in reversed(months_of(position or {})):
            if before and month > keys.month(before[0]):
                continue
            rows = (row for row in self.rows(sku, location_id, month))
            older = (row for row in rows if before is None or _rank(row) < before)
            found += nlargest(self.size + 1 - len(found), older, key=_rank)
            if len(found) > self.size:
                return MovementPage(tuple(found[: self.size]), _cursor(found[self.size - 1]))
        return MovementPage(tuple(found))

    def _items(self, pairs: Iterable[Place]) -> list[Plain]:
        return batch_get(self.dynamodb, self.table, [keys.position(*pair) for pair in pairs])


def months_of(position: Plain) -> list[str]:
    """The months that hold the position's movements, oldest first.

    An item that does not list them from its beginning (it was lost, or is older than the list) has
    them among the last two years.
    """
    listed = set(position.get("months", ()))
    if position.get("months_complete"):
        return sorted(listed)
    now = datetime.now(UTC)
    count = now.year * 12 + now.month
    return sorted(listed | {_month_number(one) for one in range(count - 24, count + 1)})


def _month_number(months: int) -> str:
    return f"{(months - 1) // 12:04}-{(months - 1) % 12 + 1:02}"


def _rank(movement: Movement) -> tuple[datetime, str]:
    return movement.occurred_at, movement.commit_id


def _cursor(movement: Movement) -> str:
    text = f"{to_text(movement.occurred_at)}|{movement.commit_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parsed(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        at, _, name = text.partition("|")
        return from_text(at), name
    except (ValueError, OverflowError):
        raise InvalidInput("next", "it is not a cursor of this list") from None
