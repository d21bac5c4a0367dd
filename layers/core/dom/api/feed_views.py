"""Shapes of sources of files, and of what became of files, as the API shows them."""

from __future__ import annotations

from typing import NotRequired

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class GateView(TypedDict):
    """Shares in percent from which a person looks at a file first; null: never."""

    rows_percent: int | None
    units_percent: int | None
    changed_percent: int | None
    emptied_percent: int | None
    unknown_percent: int | None
    rejected_percent: int | None
    least: int


class PullView(TypedDict):
    """Where the source is asked, and how often."""

    url: str
    every_minutes: int
    items: str
    following: str
    cursor: str


class PullStateView(TypedDict):
    """When it is asked next; how often it failed in a row, and why; when it last answered."""

    next_at: str
    failures: int
    reason: str
    pulled_at: str | None


class FeedSourceView(TypedDict):
    """How a source's files are read. They are dropped below `drop_at` in the bucket of feeds."""

    source: str
    format: str
    mode: str
    quantity_is: str
    columns: dict[str, str]
    location_id: str
    locations: dict[str, str]
    delimiter: str
    encoding: str
    complete: bool
    active: bool
    gate: GateView
    pull: PullView | None
    version: int
    drop_at: str
    pulled: NotRequired[PullStateView]


class FeedSourcesView(TypedDict):
    """All of them, by name."""

    feeds: list[FeedSourceView]


class FeedTallyView(TypedDict):
    """What a file holds and would change, in rows, positions, SKUs and units; and what was written.

    Of a part that was tried again, `accepted` counts the last try.
    """

    rows: int
    rejected: int
    positions: int
    changed: int
    emptied: int
    units_before: int
    units_after: int
    skus: int
    unknown: int
    accepted: int
    unchanged: int


class FeedRunView(TypedDict):
    """A file. `status`: received, held, applying, applied, refused, dismissed or failed.

    `reasons`: why it stands so. `rejects` can be opened for an hour.
    """

    run_id: str
    source: str
    file: str
    status: str
    uploaded_at: str
    as_of: str | None
    finished_at: str | None
    reasons: list[str]
    decided_by: str
    tally: FeedTallyView
    rejects: NotRequired[str]


class FeedRunsView(TypedDict):
    """Files of a source, newest first; `next` continues."""

    runs: list[FeedRunView]
    next: str | None
