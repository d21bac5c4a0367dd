"""Stock came in: the first in line for it are routed at once.

A hint, as everything about routing is: whoever is not woken goes with a later one that is
(`dom.routing.line`), or is tried again by time (`BackorderRetrySeconds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dom.inventory.project import StockRecord
from dom.model.ids import Sku
from dom.model.queue import Waiting

# For more units than these the line is served from its head on (`dom.routing.serve`).
MOST_ORDERS = 100


class Lines(Protocol):
    """The lines of orders that wait for SKUs."""

    def lengths(self, skus: Iterable[str]) -> Mapping[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for: a batch read."""

    def first(self, sku: Sku, most: int) -> Iterable[Waiting]:
        """The first orders in line."""


class Router(Protocol):
    """Whoever asks for routing."""

    def send_ids(self, name: str, ids: Sequence[str]) -> Sequence[str]:
        """Send one message an id; returns ids that could not be sent."""


def came_in(records: Iterable[StockRecord]) -> dict[Sku, int]:
    """Units by SKU that are available now and were not before."""
    units: dict[Sku, int] = {}
    for record in records:
        more = max(0, record.after or 0) - max(0, record.before or 0)
        if more > 0:
            units[record.sku] = units.get(record.sku, 0) + more
    return units


def wake(records: Sequence[StockRecord], lines: Lines, router: Router) -> int:
    """Ask for routing of the first in line, as many as units came in, or of the line where those
    are many; how many were asked for.

    One read of counters says that nobody waits, as nearly always; then no line is read. One that
    could not be sent is not sent again from here: it is tried by time.
    """
    ids: dict[str, None] = {}
    units = came_in(records)
    waited = sorted(lines.lengths(units)) if units else []
    many = [sku for sku in waited if units[sku] >= MOST_ORDERS]
    for sku, most in ((one, units[one]) for one in waited if one not in many):
        ids |= dict.fromkeys(one.order_id for one in lines.first(sku, most))
    refused = set(router.send_ids("order_id", list(ids))) if ids else set()
    if many:
        router.send_ids("serve", many)
    return len(ids.keys() - refused) + len(many)
