"""How well suppliers do: counted with each fact, in its transaction, so none counts twice.

All counts of a purchase order stand under the day (UTC) on which it was sent, so that a day's
counts are parts of what was sent on it, whenever they come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import HistoryEntry
from dom.model.scorecard import ACKNOWLEDGED_WITHIN, bucket_of
from dom.model.supplier import SupplierTerms
from dom.model.tally import Tally, TallyScope, period_of


def counted(before: FulfillmentOrder, after: FulfillmentOrder) -> tuple[Tally, ...]:
    """What a change of the work adds to its supplier's counts; nothing for other locations."""
    terms, seen = after.dropship, before.history[-1].seq if before.history else 0
    if terms is None:
        return ()
    counts: dict[str, int] = {}
    for entry in after.history:
        if entry.seq > seen:
            for name, units in _counts(entry, after, terms):
                counts[name] = counts.get(name, 0) + units
    scope = TallyScope.SUPPLIER
    period = period_of(scope, terms.asked_at)
    return (Tally(scope, after.location_id, period, counts),) if counts else ()


def _counts(
    entry: HistoryEntry, work: FulfillmentOrder, terms: SupplierTerms
) -> Iterator[tuple[str, int]]:
    if entry.type == "FulfillmentOrderReleased":
        yield "sent", 1
        yield "units", sum(line.quantity for line in work.lines)
    elif entry.type == "FulfillmentOrderAccepted":
        seconds = int((entry.at - terms.asked_at).total_seconds())
        yield "acknowledged", 1
        yield "acknowledged_seconds", seconds
        yield f"{ACKNOWLEDGED_WITHIN}{bucket_of(seconds)}", 1
    elif entry.type == "FulfillmentOrderShipped":
        yield "shipped", 1
        if terms.ship_by is None or entry.at <= terms.ship_by:
            yield "shipped_on_time", 1
    elif entry.type == "FulfillmentOrderExpired":
        yield "expired", 1
    elif entry.type == "FulfillmentOrderRejected":
        refused = entry.data.get("refused")
        yield "rejected_units", sum(refused.values()) if isinstance(refused, Mapping) else 0
        if work.status is FulfillmentStatus.REJECTED:
            yield "rejected", 1
