"""A count comes in, is compared with the books of its moment, and is applied, at once or later.

Whatever moved between the count and its application still counts: it is a snapshot of its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dom.errors import IdempotencyMismatch, IllegalTransition, InvalidInput, NotFound
from dom.inventory.apply_feed import apply_feed
from dom.inventory.counts.ports import CountDesk
from dom.inventory.ports import Place
from dom.model.count import CountLine, CountStatus, StockCount, count_id
from dom.model.feed import SKEW, Feed, FeedMode, FeedRow, QuantityIs
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Position, Totals

S = CountStatus
# What was counted longer ago says little, and costs much to compare.
OLDEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody counted: units by SKU."""

    location_id: LocationId
    reference: str
    counted_at: datetime
    units: tuple[tuple[Sku, int], ...]
    actor: str


def take(told: Told, desk: CountDesk) -> StockCount:
    """Apply what differs little, keep the rest for a person; again: the same count, once.

    InvalidInput: the location does not exist, or the time cannot be. IdempotencyMismatch: the
    reference was used for other figures. Busy: positions keep moving; say it again.
    """
    _check(told, desk)
    found = desk.counts.receive(_compared(told, desk))
    if {(line.sku, line.counted) for line in found.lines} != set(told.units):
        raise IdempotencyMismatch(f"reference {told.reference} was used for other figures")
    return _go_on(found, desk)


def _check(told: Told, desk: CountDesk) -> None:
    if not desk.intake.places.existing([told.location_id]):
        raise InvalidInput("location_id", f"location {told.location_id} does not exist")
    now = desk.intake.clock()
    if told.counted_at > now + SKEW:
        raise InvalidInput("counted_at", "it lies in the future")
    if told.counted_at < now - OLDEST:
        raise InvalidInput("counted_at", f"it is more than {OLDEST.days} days ago")


def _compared(told: Told, desk: CountDesk) -> StockCount:
    places = [(sku, told.location_id) for sku, _ in told.units]
    read = desk.intake.book.positions_of(places)
    positions: dict[Place, Position] = {(one.sku, one.location_id): one for one in read}
    moved = desk.intake.book.moved_after(positions, told.counted_at)
    lines = []
    for sku, counted in told.units:
        place = (sku, told.location_id)
        now = positions[place].on_hand if place in positions else 0
        expected = now - moved.get(place, Totals()).on_hand
        doubted = not desk.tolerance.allows(expected, counted)
        lines.append(CountLine(sku, counted, expected, doubted))
    name = count_id(told.location_id, told.reference, told.counted_at)
    now_is = desk.intake.clock()
    return StockCount(
        name,
        told.location_id,
        told.reference,
        told.counted_at,
        tuple(lines),
        now_is,
        told.actor,
    )


def _go_on(count: StockCount, desk: CountDesk) -> StockCount:
    """What is still to be done without anybody's say; said again after a crash, the rest of it."""
    if count.status is S.RECEIVED:
        _apply(count, count.part(doubted=False), count.created_by, desk)
        waits = bool(count.part(doubted=True))
        return desk.counts.save(replace(count, status=S.REVIEW if waits else S.APPLIED))
    if count.status is S.APPROVED:
        _apply(count, count.part(doubted=True), count.decided_by, desk)
        return desk.counts.save(replace(count, status=S.APPLIED))
    return count


def _apply(count: StockCount, lines: Sequence[CountLine], actor: str, desk: CountDesk) -> None:
    rows = tuple(
        FeedRow(number, line.sku, count.location_id, line.counted)
        for number, line in enumerate(lines)
    )
    feed = Feed(
        f"count {count.reference}",
        FeedMode.SNAPSHOT,
        QuantityIs.ON_HAND,
        count.counted_at,
        rows,
        cause=Cause.CYCLE_COUNT,
    )
    apply_feed(feed, actor, desk.intake, ())


def approve(location_id: LocationId, name: str, actor: str, desk: CountDesk) -> StockCount:
    """Apply what was doubted, as of the moment it was counted; again: the same.

    IllegalTransition: nothing of it waits.
    """
    count = desk.counts.load(location_id, name)
    if count.status is S.REVIEW:
        count = desk.counts.save(replace(count, status=S.APPROVED, decided_by=actor))
    elif not (count.decided_by and count.status in {S.APPROVED, S.APPLIED}):
        raise IllegalTransition("count", name, count.status, S.APPROVED)
    return _go_on(count, desk)


def dismiss(location_id: LocationId, name: str, actor: str, desk: CountDesk) -> StockCount:
    """Never apply what was doubted; again: the same. IllegalTransition: nothing of it waits."""
    count = desk.counts.load(location_id, name)
    if count.status is S.DISMISSED:
        return count
    if count.status is not S.REVIEW:
        raise IllegalTransition("count", name, count.status, S.DISMISSED)
    return desk.counts.save(replace(count, status=S.DISMISSED, decided_by=actor))


Decide = Callable[[LocationId, str, str, CountDesk], StockCount]


def deciding(action: str) -> Decide:
    """What a person decides, by name; NotFound if there is no such decision."""
    decisions: dict[str, Decide] = {"approve": approve, "dismiss": dismiss}
    if action not in decisions:
        raise NotFound("action", action[:80])
    return decisions[action]
