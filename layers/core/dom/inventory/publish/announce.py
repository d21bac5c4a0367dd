"""A SKU moved: whoever shows it hears of it, sooner the less of it is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from dom.inventory.project import StockRecord
from dom.model.ids import Sku

# A position with so few units left, or more of them than before, is told of at once.
NEAR = 10
LATER = timedelta(seconds=5)


class Announcer(Protocol):
    """The queue of SKUs to look at."""

    def send_ids(
        self, name: str, ids: Sequence[str], delay: timedelta = timedelta()
    ) -> Sequence[str]:
        """Send one message an id; returns ids that could not be sent."""


def announce(records: Iterable[StockRecord], queued: Iterable[Sku], queue: Announcer) -> set[Sku]:
    """Send each SKU whose available units moved; returns those that could not be sent.

    Far from zero a few seconds do no harm, and movements of that time are looked at as one. Of
    `queued` SKUs more or fewer units wait for a location, which is over in a moment for most.
    """
    near: dict[Sku, bool] = dict.fromkeys(queued, False)
    for record in records:
        if record.before != record.after:
            near[record.sku] = near.get(record.sku, False) or (record.after or 0) <= NEAR
    refused: set[Sku] = set()
    for urgent in (True, False):
        skus = [sku for sku, is_near in near.items() if is_near is urgent]
        delay = timedelta() if urgent else LATER
        refused |= {Sku(one) for one in queue.send_ids("sku", skus, delay)} if skus else set()
    return refused
