"""What happened to an item, kept on the item itself.

The entry is written with the change it speaks of, in one write, and the stream relay publishes it:
the history is the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Items stay far below DynamoDB's 400 KB; older entries are on the bus and in the archive already.
KEPT_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact: `type` is the event's name (`OrderPlaced`), `data` JSON without personal data.

    `seq` counts from 1 without gaps for each item; `actor` is who or what caused it.
    """

    seq: int
    at: datetime
    type: str
    actor: str
    data: Mapping[str, object]


def append(
    history: tuple[HistoryEntry, ...], at: datetime, type_: str, actor: str, **data: object
) -> tuple[HistoryEntry, ...]:
    """The history with one more entry, cut to the newest `KEPT_ENTRIES`."""
    seq = history[-1].seq + 1 if history else 1
    return (*history, HistoryEntry(seq, at, type_, actor, data))[-KEPT_ENTRIES:]
