"""Sources of feeds that come as files: how one is read, what of it is believed, and its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from dom.model.feed import FeedMode, QuantityIs


class FileFormat(StrEnum):
    """How a file's records are written."""

    CSV = "csv"
    NDJSON = "ndjson"


class RunStatus(StrEnum):
    """How far a file has come."""

    RECEIVED = "received"
    HELD = "held"
    APPLYING = "applying"
    APPLIED = "applied"
    REFUSED = "refused"
    DISMISSED = "dismissed"
    FAILED = "failed"


# Nothing of these was written, so the same file may come again.
UNUSED = frozenset({RunStatus.REFUSED, RunStatus.DISMISSED})


def drop_prefix(source: str) -> str:
    """Where a source's files are dropped, in the bucket of feeds."""
    return f"in/{source}/"


@dataclass(frozen=True, slots=True)
class Gate:
    """What a person has to look at before it is written; shares in percent, None: not judged.

    `rows_percent`: fewer rows than the last file by more than this. `units_percent`: more or fewer
    units, over all positions named, than now. `changed_percent`, `emptied_percent`: positions that
    change; that had units and then have none. `unknown_percent`: SKUs we never heard of.
    `rejected_percent`: rows that cannot be used. A share of fewer than `least` is not judged.
    """

    rows_percent: int | None = None
    units_percent: int | None = None
    changed_percent: int | None = None
    emptied_percent: int | None = None
    unknown_percent: int | None = None
    rejected_percent: int | None = None
    least: int = 20


@dataclass(frozen=True, slots=True)
class Pull:
    """Where a source is asked for its stock, and how often.

    `items`: the path (`data.items`) of the list in each JSON page, whose elements become records;
    "": the answer is the file. `following`: the path of the next page's address or, with
    `cursor`, of the value for that query parameter; "": the answer's Link header says it.
    """

    url: str
    every_minutes: int
    items: str = ""
    following: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class PullState:
    """When a source is asked next, how often it failed in a row, and what was wrong last."""

    source: str
    next_at: datetime
    failures: int = 0
    reason: str = ""
    pulled_at: datetime | None = None
    version: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FeedSource:
    """How a source's files are read.

    `columns`: our names (sku, location_id, quantity, as_of) to the file's. Files that name no
    location are all of `location_id`. `locations`: the file's names to ours; when given, others are
    refused. `delimiter` is CSV's. `encoding` is one of Python's. `pull`: the source is asked.
    """

    source: str
    format: FileFormat
    mode: FeedMode
    quantity_is: QuantityIs
    columns: Mapping[str, str] = field(default_factory=dict)
    location_id: str = ""
    locations: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    complete: bool = False
    active: bool = True
    gate: Gate = Gate()
    pull: Pull | None = None
    version: int = field(default=0, compare=False)

    def column(self, name: str) -> str:
        """What the file calls it."""
        return self.columns.get(name, name)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a file, or a part of one, holds and would do.

    `rows` read, of which `rejected`; `positions` it names, of which `changed` and `emptied` (units
    before, none after); units over all of them `units_before` and `units_after`; `skus` it names,
    of which `unknown`. Of what was written: rows `accepted` and `unchanged`.
    """

    rows: int = 0
    rejected: int = 0
    positions: int = 0
    changed: int = 0
    emptied: int = 0
    units_before: int = 0
    units_after: int = 0
    skus: int = 0
    unknown: int = 0
    accepted: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        names = [one.name for one in fields(self)]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class FeedRun:
    """One upload of a file, read by the description `by` that was in force when it came.

    `key` and `etag` name the object; `digest` its content once it was read; `parts` what it was cut
    into. `reasons`: why it is held, refused or failed. `decided_by`: who let a held one through, or
    dropped it.
    """

    source: str
    run_id: str
    key: str
    etag: str
    uploaded_at: datetime
    by: FeedSource
    status: RunStatus = RunStatus.RECEIVED
    as_of: datetime | None = None
    digest: str = ""
    parts: int = 0
    tally: Tally = Tally()
    reasons: tuple[str, ...] = ()
    decided_by: str = ""
    finished_at: datetime | None = None
    version: int = field(default=0, compare=False)

    @property
    def open(self) -> bool:
        """Whether it is still to be worked on without anybody's say."""
        return self.status in {RunStatus.RECEIVED, RunStatus.APPLYING}
