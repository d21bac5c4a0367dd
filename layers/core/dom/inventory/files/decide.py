"""What people decide of files: how a source is read, and whether a held file is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dom.errors import Busy, IllegalTransition
from dom.inventory.files.ports import Runs, Sources
from dom.model.clock import Clock
from dom.model.feed_source import FeedRun, FeedSource, RunStatus

ATTEMPTS = 5


def put_source(wanted: FeedSource, sources: Sources) -> FeedSource:
    """Describe a source, for the files that come from now on."""
    for _ in range(ATTEMPTS):
        previous = sources.find(wanted.source)
        if previous == wanted:
            return previous
        made = replace(wanted, version=(previous.version if previous else 0) + 1)
        if sources.save(made, previous):
            return made
    raise Busy(f"feed source {wanted.source} keeps changing")


def approve(
    source: str, run_id: str, actor: str, runs: Runs, start: Callable[[FeedRun], None]
) -> FeedRun:
    """Apply a held file after all, or one that failed after it was read; again: the same.

    IllegalTransition: there is nothing to be applied.
    """
    run = runs.load(source, run_id)
    if run.status is not RunStatus.APPLYING:
        failed = run.status is RunStatus.FAILED and run.parts > 0
        if run.status is not RunStatus.HELD and not failed:
            raise IllegalTransition("feed run", run_id, run.status, RunStatus.APPLYING)
        told = replace(run, status=RunStatus.APPLYING, decided_by=actor, finished_at=None)
        run = runs.save(told)
    if run.decided_by:
        start(run)
    return run


def dismiss(source: str, run_id: str, actor: str, runs: Runs, clock: Clock) -> FeedRun:
    """Do not apply a held file; again: the same.

    IllegalTransition: it is not held.
    """
    run = runs.load(source, run_id)
    if run.status is RunStatus.DISMISSED:
        return run
    if run.status is not RunStatus.HELD:
        raise IllegalTransition("feed run", run_id, run.status, RunStatus.DISMISSED)
    return runs.save(
        replace(run, status=RunStatus.DISMISSED, decided_by=actor, finished_at=clock())
    )
