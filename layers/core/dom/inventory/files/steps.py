"""The steps of a file's state machine. Each may be repeated, and says how the run stands then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.errors import InvalidInput
from dom.inventory.apply_feed import apply_feed
from dom.inventory.files.gate import weigh
from dom.inventory.files.look_at import look
from dom.inventory.files.parts import Part, feeds_of
from dom.inventory.files.ports import Desk
from dom.inventory.files.prepare import part_name, prepare
from dom.model.feed import FeedMode
from dom.model.feed_source import FeedRun, RunStatus, Tally


def prepared(run: FeedRun, desk: Desk) -> FeedRun:
    """Read, sort and cut the file; a run that is refused says why."""
    if run.status is not RunStatus.RECEIVED:
        return run
    try:
        found = prepare(run, desk)
        _check_new(found, desk)
    except InvalidInput as error:
        return _refuse(run, str(error), desk)
    return desk.runs.save(found)


def _check_new(run: FeedRun, desk: Desk) -> None:
    """Changes that came in a file with the very same bytes are not counted again."""
    if run.by.mode is FeedMode.DELTA and (other := desk.runs.claim(run)) != run.run_id:
        raise InvalidInput("file", f"run {other} brought the same changes")


def _refuse(run: FeedRun, reason: str, desk: Desk) -> FeedRun:
    desk.count("FeedsRefused", 1)
    return _finish(run, RunStatus.REFUSED, (reason,), desk)


def _finish(run: FeedRun, status: RunStatus, reasons: tuple[str, ...], desk: Desk) -> FeedRun:
    done = replace(run, status=status, reasons=reasons, finished_at=desk.clock())
    return desk.runs.save(done)


def looked_at(run: FeedRun, number: int, desk: Desk) -> Tally:
    """What a part would change, by the very decision that would write it; kept for the gate."""
    part = desk.filing.get(run, part_name(number), Part)
    tally = look(run, part, desk)
    desk.filing.put(run, look_name(number), tally)
    return tally


def look_name(number: int) -> str:
    """The document that looking at a part leaves."""
    return f"look-{number}.json"


def applied_name(number: int) -> str:
    """The document that applying a part leaves."""
    return f"applied-{number}.json"


def weighed(run: FeedRun, desk: Desk) -> FeedRun:
    """Let the file through, or hold it for a person."""
    if run.status is not RunStatus.RECEIVED:
        return run
    looks = [desk.filing.get(run, look_name(number), Tally) for number in range(run.parts)]
    tally = sum(looks, run.tally)
    reasons = weigh(tally, run.by.gate, desk.runs.last_rows(run.source))
    if reasons:
        desk.count("FeedsHeld", 1)
        held = replace(run, status=RunStatus.HELD, tally=tally, reasons=(*run.reasons, *reasons))
        return desk.runs.save(held)
    return desk.runs.save(replace(run, status=RunStatus.APPLYING, tally=tally))


def applied(run: FeedRun, number: int, desk: Desk) -> Tally:
    """Write what a part changes; again, what the first try left."""
    part = desk.filing.get(run, part_name(number), Part)
    done = [
        apply_feed(feed, f"feed {run.source}", desk.intake, ())
        for feed in feeds_of(run, part, _as_of(run))
    ]
    tally = Tally(
        accepted=sum(one.accepted + one.emptied for one in done),
        unchanged=sum(one.unchanged for one in done),
    )
    desk.filing.put(run, applied_name(number), tally)
    return tally


def reported(run: FeedRun, desk: Desk) -> FeedRun:
    """All parts are applied."""
    if run.status is not RunStatus.APPLYING:
        return run
    parts = [desk.filing.get(run, applied_name(number), Tally) for number in range(run.parts)]
    done = replace(run, tally=sum(parts, run.tally))
    desk.count("FeedRowsAccepted", done.tally.accepted)
    desk.count("FeedRowsRejected", done.tally.rejected)
    return _finish(done, RunStatus.APPLIED, run.reasons, desk)


def failed(run: FeedRun, error: str, desk: Desk) -> FeedRun:
    """A step could not be done, however often it was tried."""
    if not run.open:
        return run
    return _finish(run, RunStatus.FAILED, (*run.reasons, error[:200]), desk)


def _as_of(run: FeedRun) -> datetime:
    return run.as_of or run.uploaded_at
