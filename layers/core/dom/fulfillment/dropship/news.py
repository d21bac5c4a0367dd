"""What a supplier is to be told, read from the history of its work.

The history does not change any more once it is written, so each message is the same on every
attempt, whatever happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dom.model.fulfillment import FulfillmentOrder
from dom.model.history import HistoryEntry


class NewsKind(StrEnum):
    """ORDER: ship it. CANCEL: do not ship these units. CANCEL_REQUEST: stop them, though packed."""

    ORDER = "order"
    CANCEL = "cancel"
    CANCEL_REQUEST = "cancel_request"


@dataclass(frozen=True, slots=True)
class News:
    """One message, by the number of the history entry that it tells: units by line id.

    `whole`: after it nothing is left to ship.
    """

    seq: int
    kind: NewsKind
    at: datetime
    units: Mapping[str, int]
    whole: bool = False


_KINDS = {
    "FulfillmentOrderReleased": NewsKind.ORDER,
    "FulfillmentOrderCancelled": NewsKind.CANCEL,
    "FulfillmentOrderExpired": NewsKind.CANCEL,
    "CancellationRequested": NewsKind.CANCEL_REQUEST,
}
# Who says one of these has the purchase order, however it came by it.
_KNOWN_BY = frozenset({"FulfillmentOrderAccepted", "FulfillmentOrderRejected"})
_ANSWERS = frozenset(
    {"FulfillmentOrderCancelled", "CancellationRefused", "FulfillmentOrderShipped"}
)


def news_for(work: FulfillmentOrder) -> tuple[News, ...]:
    """What its supplier was not told yet, oldest first; nothing of other work.

    An order that was cancelled meanwhile is told all the same, and then its cancellation: nobody
    knows whether an earlier attempt has reached it.
    """
    if work.dropship is None:
        return ()
    told = work.dropship.told
    return tuple(news for news in _all(work.history) if news.seq > told)


def _all(history: tuple[HistoryEntry, ...]) -> Iterator[News]:
    known, asked = any(entry.type in _KNOWN_BY for entry in history), False
    for entry in history:
        kind = _KINDS.get(entry.type)
        by_itself = kind is NewsKind.CANCEL and asked  # the supplier's own answer to our wish
        if kind and not by_itself and not (known and kind is NewsKind.ORDER):
            yield _news(entry, kind)
        asked = entry.type == "CancellationRequested" or (asked and entry.type not in _ANSWERS)


def _news(entry: HistoryEntry, kind: NewsKind) -> News:
    held, units = _held(entry), entry.data.get("units")
    named = {str(k): int(n) for k, n in units.items()} if isinstance(units, Mapping) else held
    whole = kind is NewsKind.CANCEL and sum(named.values()) >= sum(held.values())
    return News(entry.seq, kind, entry.at, named, whole)


def _held(entry: HistoryEntry) -> dict[str, int]:
    """The units that the work held before the entry."""
    lines, units = entry.data.get("lines"), dict[str, int]()
    for line in lines if isinstance(lines, list | tuple) else ():
        units[line["line_id"]] = units.get(line["line_id"], 0) + int(line["quantity"])
    return units
