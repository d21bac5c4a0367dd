"""Channels that know whole seconds only: how such a time is written, and cursors over lists in
order of change, by seconds and numbered pages.

Numbers alone would skip an order whenever one before it changes meanwhile and leaves the list. So a
cursor is `<last second seen>#<page>`: the list is read on from that second, which is read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dom.model.facts import SeenOrder


def whole_second(moment: datetime) -> str:
    """ISO 8601 of the whole second, with `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def opened(cursor: str, since: str) -> tuple[str, int]:
    """From which second to list, and which page of that."""
    begins, _, number = (cursor or f"{since}#1").partition("#")
    return begins, int(number)


def following(seen: Sequence[SeenOrder], last: str, begins: str, number: int) -> str:
    """The next cursor after a full page whose last order changed at `last`: from there on; a second
    that fills a whole page is read on by number.
    """
    return f"{last}#1" if seen and last > begins else f"{begins}#{number + 1}"
