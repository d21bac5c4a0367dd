"""What is on its way of a SKU has moved, or who waits for it: have the line looked along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from dom.errors import Busy
from dom.model.ids import Sku

# What comes in is projected, and given to those who wait for it, within seconds: until then it is
# neither on its way nor theirs.
DELAY = timedelta(seconds=10)


class Looks(Protocol):
    """How many wait, and whether somebody is to look along a line already."""

    def lengths(self, skus: Iterable[str]) -> Mapping[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for."""

    def ask_look(self, sku: Sku) -> bool:
        """Note that somebody is asked to look; False: somebody is, and has not begun."""

    def begin_look(self, sku: Sku) -> None:
        """Whatever moves from now on needs another look."""


class Messages(Protocol):
    """Whoever looks along lines."""

    def send_ids(self, name: str, ids: Sequence[str], delay: timedelta) -> Sequence[str]:
        """Send one message an id, received after the delay; returns ids that could not be sent."""


def tell_lines(
    skus: Iterable[Sku], lines: Looks, messages: Messages, delay: timedelta = DELAY
) -> Sequence[str]:
    """Ask for it where anybody waits; returns the SKUs that could not be sent.

    In a rush one look tells of all that moved before it: nobody is asked twice for it.
    """
    wanted = sorted(set(skus))
    waited = sorted(lines.lengths(wanted)) if wanted else []
    unsent: list[str] = []
    asked = [sku for sku in waited if _ask(sku, lines, unsent)]
    for name in messages.send_ids("waits_for", asked, delay) if asked else ():
        lines.begin_look(Sku(name))
        unsent.append(name)
    return unsent


def _ask(sku: Sku, lines: Looks, unsent: list[str]) -> bool:
    try:
        return lines.ask_look(sku)
    except Busy:
        unsent.append(sku)
        return False
