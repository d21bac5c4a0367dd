"""What parts segments and elements: said by the ISA segment of each interchange."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from dom.errors import InvalidInput

# Elements of ISA; vendors leave out the blanks that make it 106 characters long.
_ELEMENTS = 16
_LONGEST_ISA = 300
_LINE_ENDS = "\r\n"
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Separators:
    """What ends an element, a component and a segment; `component` "": nobody says."""

    element: str
    component: str
    segment: str


def separators_of(text: str, start: int) -> Separators:
    """The separators of the interchange that begins there.

    The element's is the one behind `ISA`; the last element of ISA is the component's, one
    character, and what follows it ends segments. InvalidInput: it is no ISA segment.
    """
    head = text[start : start + _LONGEST_ISA]
    if not head.startswith("ISA") or len(head) < 5:
        raise InvalidInput("ISA", "the file does not begin with one")
    element = head[3]
    if element.isalnum() or element in _BLANK:
        raise InvalidInput("ISA", f"{element!r} cannot part its elements")
    ends = [at for at, one in enumerate(head) if one == element]
    if len(ends) < _ELEMENTS or len(head) < ends[_ELEMENTS - 1] + 3:
        raise InvalidInput("ISA", "it has fewer than 16 elements, or nothing behind them")
    last = ends[_ELEMENTS - 1] + 1
    return _checked(_closing(text, start + last, element))


def _closing(text: str, at: int, element: str) -> Separators:
    """By the character at `at`, the last element of ISA, and the one behind it."""
    component, segment = text[at], text[at + 1]
    begins = text.startswith("GS", at + 1)
    if begins or (segment in _LINE_ENDS and _ends_lines(component, text, at)):
        # The last element was left out: what stands in its place ends segments.
        return Separators(element, "", component)
    return Separators(element, component, segment)


def _ends_lines(mark: str, text: str, at: int) -> bool:
    following = text[at + 1 : at + 1 + _LONGEST_ISA].split("\n")
    lines = [line.strip() for line in islice(following, 1, 3) if line.strip()]
    return bool(lines) and lines[0].endswith(mark)


def _checked(found: Separators) -> Separators:
    said = {found.element, found.component, found.segment}
    wrong = found.segment.isalnum() or found.segment == " " or found.component.isalnum()
    if wrong or len(said) < 3:
        raise InvalidInput("ISA", "its last characters do not say what ends a segment")
    return found
