"""The segments of a file, each interchange by its own separators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dom.errors import InvalidInput
from dom.x12.segments import Segment
from dom.x12.separators import Separators, separators_of

MOST_SEGMENTS = 200_000
# Between segments: line ends and blanks, and what old systems end files with.
_BETWEEN = re.compile(r"[ \t\r\n\x00\x1a\ufeff]*")


def segments_of(text: str) -> Iterator[tuple[Separators, Segment]]:
    """Every segment, by its number from 1, with the separators that it was read by.

    The last one may lack its terminator. InvalidInput: the file is no X12, or too much of it.
    """
    at, number, by = _next(text, 0), 0, None
    while at < len(text):
        number += 1
        if number > MOST_SEGMENTS:
            raise InvalidInput("file", f"it has more than {MOST_SEGMENTS} segments")
        if by is None or _begins(text, at, by):
            by = separators_of(text, at)
        end = text.find(by.segment, at)
        end = len(text) if end < 0 else end
        yield by, _segment(number, text[at:end].rstrip("\r\n\x00\x1a"), by)
        at = _next(text, end + 1)


def _begins(text: str, at: int, by: Separators) -> bool:
    """Whether another interchange begins there, which may part its elements otherwise."""
    if not text.startswith("ISA", at) or at + 3 >= len(text):
        return False
    return text[at + 3] == by.element or not text[at + 3].isalnum()


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _segment(number: int, text: str, by: Separators) -> Segment:
    name, *elements = text.split(by.element)
    return Segment(number, name.strip()[:20], tuple(elements), by.component)
