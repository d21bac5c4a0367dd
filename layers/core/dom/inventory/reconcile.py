"""What a feed's figure means for a position: the movement that follows from it, if any.

Pure. Source: the rules of docs/architecture.md, "Snapshots and movements".
"""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.clock import to_text
from dom.model.feed import Feed, FeedMode, QuantityIs
from dom.model.ids import LocationId, Sku, digest
from dom.model.stock import Cause, Position, StockChange, Totals


@dataclass(frozen=True, slots=True)
class Figure:
    """What a feed says of one position, in units; `rows` are the rows that say it."""

    sku: Sku
    location_id: LocationId
    quantity: int
    rows: tuple[int, ...] = ()

    @property
    def place(self) -> tuple[Sku, LocationId]:
        """The position's key."""
        return self.sku, self.location_id


def is_late(feed: Feed, position: Position | None) -> bool:
    """Whether a snapshot as new as the feed, or newer, was applied to the position already."""
    last = position.last_snapshot_at if position else None
    return last is not None and feed.as_of <= last


def movement_name(feed: Feed, figure: Figure) -> str:
    """The movement's id: a source (in one file, for one cause) says one thing of a position as of
    one time.
    """
    facts = (feed.source, feed.mode, to_text(feed.as_of), figure.sku, figure.location_id)
    told = [part for part in (feed.batch, feed.cause and f"cause {feed.cause}") if part]
    return f"feed-{digest(*facts, *told)}"


def snapshot_change(
    feed: Feed, figure: Figure, position: Position | None, after: Totals
) -> StockChange | None:
    """on_hand := q + what moved after the snapshot's time (`after`); None: nothing changes.

    An `available` figure gets back what was reserved at that time, and not what was reserved since.
    `reserved` itself stays: `available` may become negative.
    """
    if is_late(feed, position):
        return None
    found = position or Position(figure.sku, figure.location_id)
    target = figure.quantity + after.on_hand
    if feed.quantity_is is QuantityIs.AVAILABLE:
        target += max(0, found.reserved - after.reserved)
    if position is not None and target == found.on_hand:
        return None
    return _change(feed, figure, position, target - found.on_hand)


def delta_change(feed: Feed, figure: Figure, position: Position | None) -> StockChange | None:
    """The change itself; of 0 units if a snapshot of that time or later holds it already.

    None: no unit moves.
    """
    if not figure.quantity:
        return None
    return _change(feed, figure, position, 0 if is_late(feed, position) else figure.quantity)


def _change(feed: Feed, figure: Figure, position: Position | None, units: int) -> StockChange:
    snapshot = feed.mode is FeedMode.SNAPSHOT
    return StockChange(
        figure.sku,
        figure.location_id,
        feed.cause or (Cause.SNAPSHOT if snapshot else Cause.VENDOR_FEED),
        on_hand=units,
        creates=position is None,
        expected_version=position.version if position else 0,
        references=(_reference(feed, figure, position),),
        occurred_at=feed.as_of,
        snapshot_at=feed.as_of if snapshot else None,
        id=movement_name(feed, figure),
    )


def _reference(feed: Feed, figure: Figure, position: Position | None) -> dict[str, object]:
    """What the source said; for a late movement also the snapshot that holds it."""
    said: dict[str, object] = {
        "source": feed.source,
        "quantity": figure.quantity,
        "quantity_is": feed.quantity_is.value,
    }
    if position and position.last_snapshot_at and is_late(feed, position):
        said["snapshot_at"] = to_text(position.last_snapshot_at)
    return said
