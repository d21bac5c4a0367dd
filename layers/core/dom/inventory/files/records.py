"""What a file consists of: records, each at a line, with fields by the file's own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """Fields of a record that begins at a line (from 1), or why it cannot be read (`problem`)."""

    line: int
    fields: Mapping[str, object] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why what begins at a line is not used. `field` is one of our names, "" for the whole record;
    `text` is what stood there.
    """

    line: int
    field: str
    reason: str
    text: str = ""
