"""X12 as we write it: version 4010, `*`, `>` and `~`, a segment on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

ELEMENT, COMPONENT, SEGMENT = "*", ">", "~"
# What would end an element, a component or a segment, and what no receiver prints.
_RESERVED = re.compile(r"[*>~\x00-\x1f\x7f-\x9f^|]+")


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or gets interchanges: the qualifier of its id, and the id. `group_id`: what it is
    called in groups, if otherwise.
    """

    qualifier: str
    id: str
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Around one set: of which group (`code`) and `kind`, by which control number of all three."""

    sender: Party
    receiver: Party
    code: str
    kind: str
    control: int
    at: datetime
    test: bool = False


def write(envelope: Envelope, body: Sequence[Sequence[str]]) -> str:
    """The interchange with one set of these segments (each an id and its elements)."""
    number, at = envelope.control, envelope.at
    ours, theirs = envelope.sender, envelope.receiver
    date, clock = f"{at:%Y%m%d}", f"{at:%H%M}"
    isa = (
        "ISA", "00", " " * 10, "00", " " * 10,
        ours.qualifier, f"{ours.id:<15}", theirs.qualifier, f"{theirs.id:<15}",
        date[2:], clock, "U", "00401", f"{number:09d}", "0", "T" if envelope.test else "P",
    )  # fmt: skip
    said = [ELEMENT.join((*isa, COMPONENT))]
    said += [
        _segment(one)
        for one in (
            ("GS", envelope.code, ours.group_id or ours.id, theirs.group_id or theirs.id, date,
             clock, str(number), "X", "004010"),
            ("ST", envelope.kind, f"{number:09d}"),
            *body,
            ("SE", str(len(body) + 2), f"{number:09d}"),
            ("GE", "1", str(number)),
            ("IEA", "1", f"{number:09d}"),
        )
    ]  # fmt: skip
    return "".join(f"{one}{SEGMENT}\n" for one in said)


def _segment(elements: Sequence[str]) -> str:
    """Without what its trailing elements do not say; free text loses what would end it."""
    texts = [_RESERVED.sub(" ", one).strip() for one in elements]
    while len(texts) > 1 and not texts[-1]:
        texts.pop()
    return ELEMENT.join(texts)
