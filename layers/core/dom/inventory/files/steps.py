"""The steps of a file's state machine. Each may be repeated, and says how the run stands then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from dom.errors import InvalidInput
from dom.inventory.apply_feed import apply_feed
from dom.inventory.figures import figures_of, groups_of
from dom.inventory.files.gate import weigh
from dom.inventory.files.parts import Part, feeds_of
from dom.inventory.files.ports import Desk
from dom.inventory.files.prepare import Prepared, part_name, prepare
from dom.inventory.look import Looked, look_at_group
from dom.inventory.ports import Place
from dom.inventory.reconcile import Figure
from dom.model.feed import Feed, FeedMode
from dom.model.feed_source import FeedRun, RunStatus, Tally
from dom.model.stock import Position


def prepared(run: FeedRun, desk: Desk) -> Prepared:
    """Read, sort and cut the file; a run that is refused says why."""
    if run.status is not RunStatus.RECEIVED:
        return Prepared(run, "")
    try:
        found = prepare(run, desk)
        _check_new(found.run, desk)
    except InvalidInput as error:
        return Prepared(_refuse(run, str(error), desk), "")
    return replace(found, run=desk.runs.save(found.run))


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
    tally = _look(run, part, desk)
    desk.filing.put(run, look_name(number), tally)
    return tally


def look_name(number: int) -> str:
    """The document that looking at a part leaves."""
    return f"look-{number}.json"


def applied_name(number: int) -> str:
    """The document that applying a part leaves."""
    return f"applied-{number}.json"


def _look(run: FeedRun, part: Part, desk: Desk) -> Tally:
    before: dict[Place, int] = {}
    after: dict[Place, int] = {}
    for feed in feeds_of(run, part, _as_of(run)):
        for found in desk.intake.each(lambda group, f=feed: _group(group, f, desk), _groups(feed)):
            for place, units in _before(found).items():
                before.setdefault(place, units)
            for place, change in found.changes.items():
                after[place] = after.get(place, before.get(place, 0)) + change.on_hand
    places = {*_named(part)}
    return _tally(places, before, {**before, **after}, desk)


def _groups(feed: Feed) -> list[list[Figure]]:
    figures, _ = figures_of(feed.mode, feed.rows)
    return groups_of([*figures, *(Figure(sku, place, 0) for sku, place in feed.absent)])


def _group(group: list[Figure], feed: Feed, desk: Desk) -> Looked:
    return look_at_group(group, feed, desk.intake.book)


def _before(found: Looked) -> Mapping[Place, int]:
    return {place: _units(position) for place, position in found.positions.items()}


def _units(position: Position) -> int:
    return position.on_hand


def _named(part: Part) -> Iterable[Place]:
    yield from ((one.sku, one.location_id) for one in part.said())
    yield from part.empty()


def _tally(
    places: set[Place], before: Mapping[Place, int], after: Mapping[Place, int], desk: Desk
) -> Tally:
    pairs = [(before.get(place, 0), after.get(place, 0)) for place in places]
    skus = {sku for sku, _ in places}
    unheard = skus - {sku for sku, _ in before}
    return Tally(
        positions=len(places),
        changed=sum(one != other for one, other in pairs),
        emptied=sum(one > 0 >= other for one, other in pairs),
        units_before=sum(one for one, _ in pairs),
        units_after=sum(other for _, other in pairs),
        skus=len(skus),
        unknown=len(unheard - desk.catalog.known(unheard)) if unheard else 0,
    )


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
