"""What a part of a file would change: read and summed up, not written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dom.inventory.figures import figures_of, groups_of
from dom.inventory.files.parts import Part, feeds_of
from dom.inventory.files.ports import Desk
from dom.inventory.look import Looked, look_at_group
from dom.inventory.ports import Place
from dom.inventory.reconcile import Figure
from dom.model.feed import Feed
from dom.model.feed_source import FeedRun, Tally


def look(run: FeedRun, part: Part, desk: Desk) -> Tally:
    """What the part would change now, by the very decision that would write it."""
    before: dict[Place, int] = {}
    after: dict[Place, int] = {}
    for feed in feeds_of(run, part, run.as_of or run.uploaded_at):
        for found in desk.intake.each(lambda group, f=feed: _group(group, f, desk), _groups(feed)):
            for place, position in found.positions.items():
                before.setdefault(place, position.on_hand)
            for place, change in found.changes.items():
                after[place] = after.get(place, before.get(place, 0)) + change.on_hand
    return _tally(set(_named(part)), before, {**before, **after}, desk)


def _groups(feed: Feed) -> list[list[Figure]]:
    figures, _ = figures_of(feed.mode, feed.rows)
    return groups_of([*figures, *(Figure(sku, place, 0) for sku, place in feed.absent)])


def _group(group: list[Figure], feed: Feed, desk: Desk) -> Looked:
    return look_at_group(group, feed, desk.intake.book)


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
