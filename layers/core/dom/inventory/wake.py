"""Stock came in where there was none: the oldest orders that wait for it are routed at once.

A hint, as everything about routing is: an order that waits for several SKUs is listed under the
first of them only, and whoever is not woken is tried again by time (`BackorderRetrySeconds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from dom.inventory.project import StockRecord
from dom.model.ids import Sku

# More would not find stock: what they wait for comes in again, or they are tried by time.
MOST_ORDERS = 100


class Waiting(Protocol):
    """Orders with backordered units."""

    def waiting_for(self, sku: Sku, most: int) -> list[str]:
        """Ids of orders that wait for the SKU, the oldest first."""


class Router(Protocol):
    """Whoever asks for routing."""

    def send_ids(self, name: str, ids: Sequence[str]) -> Sequence[str]:
        """Send one message an id; returns ids that could not be sent."""


def came_in(records: Iterable[StockRecord]) -> dict[Sku, int]:
    """Units by SKU that are available now at positions where none were before."""
    units: dict[Sku, int] = {}
    for record in records:
        after = record.after or 0
        if (record.before or 0) <= 0 < after:
            units[record.sku] = units.get(record.sku, 0) + after
    return units


def wake(records: Sequence[StockRecord], waiting: Waiting, router: Router) -> int:
    """Ask for routing of as many waiting orders as units came in; how many were asked for.

    One that could not be sent is not sent again from here: it is tried by time.
    """
    ids: dict[str, None] = {}
    for sku, units in came_in(records).items():
        ids |= dict.fromkeys(waiting.waiting_for(sku, min(units, MOST_ORDERS)))
    refused = set(router.send_ids("order_id", list(ids))) if ids else set()
    return len(ids.keys() - refused)
