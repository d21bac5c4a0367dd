"""A file that was dropped becomes a run, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import InvalidInput, NotFound
from dom.inventory.files.ports import Runs, Sources
from dom.model.clock import Clock
from dom.model.feed_source import FeedRun, FeedSource, RunStatus
from dom.model.ids import timed_id


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that S3 tells of; `key` is `in/<source>/<name>`."""

    key: str
    etag: str
    uploaded_at: datetime


def receive(
    dropped: Dropped, sources: Sources, runs: Runs, start: Callable[[FeedRun], None], clock: Clock
) -> FeedRun:
    """Note the run and start working on it; told again, nothing more happens.

    NotFound: nobody described the source. InvalidInput: the file lies where none belongs.
    """
    source = _source(dropped.key, sources)
    run = runs.receive(_run(dropped, source, clock))
    if run.status is RunStatus.RECEIVED:
        start(run)
    return run


def _source(key: str, sources: Sources) -> FeedSource:
    _, _, rest = key.partition("/")
    name, slash, file = rest.partition("/")
    if not slash or not file:
        raise InvalidInput("key", "files belong at in/<source>/<name>")
    found = sources.find(name)
    if found is None:
        raise NotFound("feed source", name)
    return found


def _run(dropped: Dropped, by: FeedSource, clock: Clock) -> FeedRun:
    run = FeedRun(
        by.source, run_id_of(dropped, by), dropped.key, dropped.etag, dropped.uploaded_at, by
    )
    if by.active:
        return run
    reasons = ("the source is switched off",)
    return replace(run, status=RunStatus.REFUSED, reasons=reasons, finished_at=clock())


def run_id_of(dropped: Dropped, by: FeedSource) -> str:
    """A function of the upload, by its time: the same file that comes later is another run."""
    return timed_id(dropped.uploaded_at, by.source, dropped.key, dropped.etag)
