"""What is on its way of a SKU has moved, or who waits for it: have the line looked along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from dom.model.ids import Sku

# What comes in is projected, and given to those who wait for it, within seconds: until then it is
# neither on its way nor theirs.
DELAY = timedelta(seconds=10)


class Lengths(Protocol):
    """How many wait."""

    def lengths(self, skus: Iterable[str]) -> Mapping[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for."""


class Messages(Protocol):
    """Whoever looks along lines."""

    def send_ids(self, name: str, ids: Sequence[str], delay: timedelta) -> Sequence[str]:
        """Send one message an id, received after the delay; returns ids that could not be sent."""


def tell_lines(skus: Iterable[Sku], lines: Lengths, messages: Messages) -> Sequence[str]:
    """Ask for it where anybody waits; returns the SKUs that could not be sent."""
    wanted = sorted(set(skus))
    waited = sorted(lines.lengths(wanted)) if wanted else []
    return messages.send_ids("waits_for", waited, DELAY) if waited else []
