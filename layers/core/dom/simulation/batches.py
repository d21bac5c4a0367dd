"""Orders in the batches that the routing queue hands over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from dom.sourcing.problem import Demand


@dataclass(frozen=True, slots=True)
class Batching:
    """A batch is closed when it has so many orders, or `window` after its first one."""

    orders: int = 200
    window: timedelta = timedelta(seconds=1)


def batches(demands: Iterable[Demand], how: Batching) -> Iterator[tuple[datetime, list[Demand]]]:
    """The demands, which are sorted by time, in batches, each with the instant of its routing."""
    batch: list[Demand] = []
    count, closes = 0, datetime.min.replace(tzinfo=UTC)
    for _, same in groupby(demands, key=lambda one: one.order_id):
        order = list(same)
        placed = order[0].placed_at
        if batch and placed > closes:
            yield closes, batch
            batch, count = [], 0
        closes = closes if batch else placed + how.window
        batch += order
        count += 1
        if count == how.orders:
            yield placed, batch
            batch, count = [], 0
    if batch:
        yield closes, batch
