"""What is on its way of a SKU has moved, or who waits for it: have the line looked along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from dom.model.ids import Sku

# What comes in is projected, and given to those who wait for it, within seconds: until then it is
# neither on its way nor theirs.
DELAY = timedelta(seconds=10)


class Looks(Protocol):
    """Whether somebody is to look along a line already."""

    def to_look(self, skus: Iterable[str]) -> list[Sku]:
        """Those of the SKUs that anybody waits for, and for which nobody is asked to look."""

    def note_look(self, sku: Sku, at: datetime) -> None:
        """That somebody was asked at that time."""


class Messages(Protocol):
    """Whoever looks along lines."""

    def send_ids(self, name: str, ids: Sequence[str], delay: timedelta) -> Sequence[str]:
        """Send one message an id, received after the delay; returns ids that could not be sent."""


def tell_lines(
    skus: Iterable[Sku], lines: Looks, messages: Messages, now: datetime
) -> Sequence[str]:
    """Ask for it where anybody waits; returns the SKUs that could not be sent.

    In a rush one look tells of all that moved before it: nobody is asked twice for it. That it was
    asked is noted afterwards: whoever is interrupted in between asks again.
    """
    wanted = sorted(set(skus))
    asked = lines.to_look(wanted) if wanted else []
    unsent = messages.send_ids("waits_for", asked, DELAY) if asked else []
    for sku in asked:
        if sku not in unsent:
            lines.note_look(sku, now)
    return unsent
