"""What a supplier is to be told, read from the history of its work.

The history does not change any more once it is written, so each message is the same on every
attempt, whatever happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import HistoryEntry
from dom.model.work_machine import OPEN


class NewsKind(StrEnum):
    """ORDER: ship it. CANCEL: do not ship these units. CANCEL_REQUEST: stop them, though packed."""

    ORDER = "order"
    CANCEL = "cancel"
    CANCEL_REQUEST = "cancel_request"


@dataclass(frozen=True, slots=True)
class News:
    """One message, by the number of the history entry that it tells: units by line id.

    `whole`: after it nothing is left to ship; `left`: what is, of a cancellation or a wish for one.
    """

    seq: int
    kind: NewsKind
    at: datetime
    units: Mapping[str, int]
    whole: bool = False
    left: Mapping[str, int] = field(default_factory=dict)


_KINDS = {
    "FulfillmentOrderReleased": NewsKind.ORDER,
    "FulfillmentOrderCancelled": NewsKind.CANCEL,
    "FulfillmentOrderExpired": NewsKind.CANCEL,
    "CancellationRequested": NewsKind.CANCEL_REQUEST,
}
# Of work that ended so a supplier has nothing to ship; it is told so of no other end.
_TOLD_ENDS = frozenset({FulfillmentStatus.CANCELLED, FulfillmentStatus.EXPIRED})


def news_for(work: FulfillmentOrder) -> tuple[News, ...]:
    """What its supplier was not told yet, oldest first; nothing of other work.

    An order that was cancelled meanwhile is told all the same, and then its cancellation: nobody
    knows whether an earlier attempt has reached it. One that was shipped or refused as a whole is
    told no more: nothing would take it back.
    """
    if work.dropship is None:
        return ()
    told, wanted = work.dropship.told, work.status in OPEN | _TOLD_ENDS
    entries = (one for one in work.history if one.seq > told and one.type in _KINDS)
    news = (_news(entry, _KINDS[entry.type]) for entry in entries)
    return tuple(one for one in news if wanted or one.kind is not NewsKind.ORDER)


def _news(entry: HistoryEntry, kind: NewsKind) -> News:
    held, units = _held(entry), entry.data.get("units")
    named = {str(k): int(n) for k, n in units.items()} if isinstance(units, Mapping) else held
    whole = kind is NewsKind.CANCEL and sum(named.values()) >= sum(held.values())
    left = {line: n - named.get(line, 0) for line, n in held.items() if n > named.get(line, 0)}
    return News(entry.seq, kind, entry.at, named, whole, {} if kind is NewsKind.ORDER else left)


def _held(entry: HistoryEntry) -> dict[str, int]:
    """The units that the work held before the entry."""
    lines, units = entry.data.get("lines"), dict[str, int]()
    for line in lines if isinstance(lines, list | tuple) else ():
        units[line["line_id"]] = units.get(line["line_id"], 0) + int(line["quantity"])
    return units
