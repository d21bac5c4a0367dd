"""One segment of X12, and what is said of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from dom.errors import InvalidInput

_WHOLE = re.compile(r"(-?[0-9]{1,9})(?:\.0*)?")


class X12Error(InvalidInput):
    """A segment that cannot be understood, by its id, its number in the file, and its element
    (0: the segment as a whole).
    """

    def __init__(self, segment: Segment, element: int, reason: str) -> None:
        name = f"{segment.id}-{element:02d}" if element else segment.id
        super().__init__(f"{name} (segment {segment.position})", reason)
        self.segment = segment
        self.element = element


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its number in the file (from 1), its id, and its elements from number 1 on.

    `component` is what parts an element that is made of several.
    """

    position: int
    id: str
    elements: tuple[str, ...] = ()
    component: str = ""

    def get(self, number: int) -> str:
        """The element of that number without the blanks around it; "" if there is none."""
        return self.elements[number - 1].strip() if number <= len(self.elements) else ""

    def first(self, number: int) -> str:
        """The first component of an element."""
        text = self.get(number)
        return text.split(self.component)[0] if self.component else text

    def needed(self, number: int) -> str:
        """The element; X12Error if it is empty."""
        return self.get(number) or self._missing(number)

    def _missing(self, number: int) -> str:
        raise self.wrong(number, "it is missing")

    def wrong(self, number: int, reason: str) -> X12Error:
        """The error that names this element."""
        return X12Error(self, number, reason)

    def whole(self, number: int) -> int:
        """The element as a whole number (`12`, `-3`, `12.00`); X12Error if it is none."""
        found = _WHOLE.fullmatch(self.needed(number))
        if not found or not found[1].isascii():
            raise self.wrong(number, "it is no whole number of units")
        return int(found[1])

    def day(self, number: int) -> date:
        """The element as a day, CCYYMMDD or YYMMDD (of this century); X12Error if it is none."""
        text = self.needed(number)
        try:
            return date.fromisoformat(f"20{text}" if len(text) == 6 else text)
        except ValueError:
            raise self.wrong(number, "it is no day (CCYYMMDD)") from None

    def clock(self, number: int) -> time:
        """The element as a time of day, HHMM and finer; X12Error if it is none."""
        text = self.needed(number)
        try:
            return time.fromisoformat(text[: 6 if len(text) > 5 else 4])
        except ValueError:
            raise self.wrong(number, "it is no time of day (HHMM)") from None

    def pairs(self, number: int) -> Iterator[tuple[str, str]]:
        """Qualifiers with their values, from that element on, where both are there."""
        for at in range(number, len(self.elements), 2):
            if self.get(at) and self.get(at + 1):
                yield self.get(at), self.get(at + 1)
