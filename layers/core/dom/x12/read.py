"""A file of X12 as interchanges, groups and sets: one bad set costs only itself.

What envelopes say of themselves (counts, control numbers of trailers) is wrong in many real files:
it is noted, and no reason to refuse what is there. A set without its end is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from dom.errors import InvalidInput
from dom.x12.segments import Segment, X12Error
from dom.x12.tokens import segments_of

_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """A transaction set from ST to SE. `problem`: why it cannot be read."""

    segments: tuple[Segment, ...]
    warnings: tuple[str, ...] = ()
    problem: X12Error | None = None

    @property
    def header(self) -> Segment:
        """ST."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """Which set it is, such as 945."""
        return self.header.get(1)

    @property
    def control(self) -> str:
        """Its control number."""
        return self.header.get(2)

    @property
    def body(self) -> tuple[Segment, ...]:
        """What stands between ST and SE."""
        return tuple(one for one in self.segments[1:] if one.id != "SE")


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group: its GS (None: its sets stand in none), sets, and what is odd of it."""

    header: Segment | None
    sets: tuple[TransactionSet, ...]
    warnings: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """What it is of, such as SW."""
        return self.header.get(1) if self.header else ""

    @property
    def control(self) -> str:
        """Its control number."""
        return self.header.get(6) if self.header else ""


@dataclass(frozen=True, slots=True)
class Interchange:
    """What one sender sent at once: its ISA, groups, and what is odd of it."""

    header: Segment
    groups: tuple[Group, ...]
    warnings: tuple[str, ...] = ()

    @property
    def sender(self) -> str:
        """Who sent it."""
        return self.header.get(6)

    @property
    def control(self) -> str:
        """Its control number."""
        return self.header.get(13)


def read(text: str) -> tuple[Interchange, ...]:
    """The interchanges of a file. InvalidInput: it is no X12 at all."""
    number, found = 0, list[tuple[int, Segment]]()
    for _, segment in segments_of(text):
        number += segment.id == "ISA"
        found.append((number, segment))
    if not found:
        raise InvalidInput("ISA", "the file is empty")
    parts = groupby(found, key=lambda one: one[0])
    return tuple(_interchange([segment for _, segment in part]) for _, part in parts)


def _interchange(segments: list[Segment]) -> Interchange:
    header, *rest = segments
    ends = [one for one in rest if one.id == "IEA"]
    parts = list(_parts([one for one in rest if one.id not in {"IEA", "TA1"}], "GS"))
    groups = tuple(_group(part) for part in parts)
    return Interchange(header, groups, tuple(_trailer(ends, header.get(13), len(groups), "IEA")))


def _group(segments: list[Segment]) -> Group:
    header = segments[0] if segments[0].id == "GS" else None
    inner = segments[1:] if header else segments
    ends = [one for one in inner if one.id == "GE"]
    parts = list(_parts([one for one in inner if one.id != "GE"], "ST"))
    sets = tuple(_set(part) for part in parts if part[0].id == "ST")
    stray = [f"{part[0].id} (segment {part[0].position}) is in no set" for part in parts]
    stray = [text for part, text in zip(parts, stray, strict=True) if part[0].id != "ST"]
    if header is None:
        no_group = "it stands in no group (GS)"
        sets = tuple(replace(one, problem=one.header.wrong(0, no_group)) for one in sets)
        return Group(None, sets, tuple(stray))
    return Group(header, sets, (*stray, *_trailer(ends, header.get(6), len(sets), "GE")))


def _parts(segments: Iterable[Segment], opens: str) -> Iterator[list[Segment]]:
    """Each part from one that opens it to the next; first what stands before any."""
    part: list[Segment] = []
    for segment in segments:
        if segment.id == opens and part:
            yield part
            part = []
        part.append(segment)
    if part:
        yield part


def _trailer(ends: list[Segment], control: str, count: int, name: str) -> Iterator[str]:
    if len(ends) != 1:
        yield f"{name} is missing" if not ends else f"{name} is there {len(ends)} times"
        return
    if ends[0].get(1).lstrip("0") != str(count):
        yield f"{name}-01 says {ends[0].get(1)[:20]}, there are {count}"
    if ends[0].get(2).lstrip("0") != control.lstrip("0"):
        yield f"{name}-02 says {ends[0].get(2)[:20]}, its header {control[:20]}"


def _set(segments: list[Segment]) -> TransactionSet:
    at = next((n for n, one in enumerate(segments) if one.id == "SE"), len(segments))
    found = TransactionSet(tuple(segments[: at + 1]))
    stray = tuple(
        f"{one.id} (segment {one.position}) is behind the end of its set"
        for one in segments[at + 1 :]
    )
    try:
        _check(found)
    except X12Error as wrong:
        return replace(found, warnings=stray, problem=wrong)
    return replace(found, warnings=(*_counted(found), *stray))


def _check(found: TransactionSet) -> None:
    header, end = found.segments[0], found.segments[-1]
    header.needed(1)
    header.needed(2)
    for segment in found.segments:
        if not _ID.fullmatch(segment.id):
            raise segment.wrong(0, "this is no segment")
    if end.id != "SE":
        raise end.wrong(0, "the set ends here without SE")
    if end.get(2).lstrip("0") != found.control.lstrip("0"):
        raise end.wrong(2, f"it ends another set than {found.control[:20]}")


def _counted(found: TransactionSet) -> Iterator[str]:
    end, count = found.segments[-1], len(found.segments)
    if end.get(1).lstrip("0") != str(count):
        yield f"SE-01 (segment {end.position}) says {end.get(1)[:20]}, there are {count} segments"
