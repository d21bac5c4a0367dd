"""Those who wait for a SKU learn what they may expect, whenever what is on its way, or the line,
moves.

Every look starts at the head of the line and writes only what differs, so that looks may come
twice, late or together: the last of them sees what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from dom.errors import CommitRefused
from dom.fulfillment.outlook import foreseen
from dom.fulfillment.ports import Floor
from dom.model.commit import Commit
from dom.model.foretell import foretell
from dom.model.ids import Sku
from dom.model.incoming import IncomingSupply
from dom.model.location import Location
from dom.model.order import Order
from dom.model.promised import MoveReason, move_promise, promise_of
from dom.model.prospect import Prospect
from dom.model.queue import Waiting, lacking, prospect_of
from dom.model.rules import RuleSet
from dom.sourcing.lane import arrival
from dom.sourcing.network import Network

ACTOR = "supply"
# Orders written by one look; the rest of a long line is for the next.
MOST_MOVED = 25
SOON = timedelta(seconds=5)


class Lines(Protocol):
    """The lines of orders that wait for SKUs."""

    def line(self, sku: str, most: int | None = None) -> Iterable[Waiting]:
        """All that wait for the SKU, the first in line first."""


class Supplies(Protocol):
    """What is on its way."""

    def documents(self, skus: Iterable[Sku]) -> Mapping[Sku, IncomingSupply]:
        """The document of each SKU, read consistently."""


class Shelves(Protocol):
    """What is there."""

    def availability(self, skus: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
        """Available units by location, for each SKU."""


class Places(Protocol):
    """The network."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """As it stands now, at most some seconds old, and never without the `known` locations."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Ports, and the rules by which parcels travel."""

    floor: Floor
    lines: Lines
    supplies: Supplies
    shelves: Shelves
    places: Places
    rules: RuleSet


def look_along(sku: Sku, horizon: Horizon) -> bool:
    """Write what those in line for it may expect now; whether somebody must look again."""
    coming = horizon.supplies.documents([sku])[sku]
    line = horizon.lines.line(sku)
    today, left, again = horizon.floor.clock().date(), MOST_MOVED, False
    for one, prospect in foretell(line, _there(sku, horizon), coming, today):
        if not prospect.same_as(one.prospect):
            if not left:
                return True
            written = _write(one, sku, prospect, coming, horizon)
            left -= bool(written)
            again |= written is False
    return again or horizon.supplies.documents([sku])[sku].version != coming.version


def _there(sku: Sku, horizon: Horizon) -> int:
    """Units at locations that take work: they go to the first in line."""
    found = {x: n for x, n in horizon.shelves.availability([sku])[sku].items() if n > 0}
    places = horizon.places.network(found).locations if found else ()
    return sum(found.get(place.location_id, 0) for place in places if place.active)


def _write(
    one: Waiting, sku: Sku, prospect: Prospect, coming: IncomingSupply, horizon: Horizon
) -> bool | None:
    """False: the order changed meanwhile. None: it is not to be told, as long as it stands so."""
    floor = horizon.floor
    order = floor.orders.load(one.order_id)
    if order is None or order.hold_reason or order.open_plan or sku not in lacking(order):
        return None
    known = coming.orders.get(prospect.by) if prospect.by else None
    place = floor.places.location(known.location_id) if known else None
    if place:
        prospect = replace(prospect, until=_until(order, sku, prospect, place, horizon.rules))
    now = floor.clock()
    after = _told(order, sku, prospect, now)
    after = foreseen(after, floor.orders.fulfillment_orders(order.order_id), now)
    commit = Commit(f"{order.order_id}:prospect:{order.version}", now, ACTOR, orders=(after,))
    try:
        floor.ledger.commit(commit)
    except CommitRefused:
        return False
    return True


def _told(order: Order, sku: Sku, prospect: Prospect, now: datetime) -> Order:
    """The order with that prospect. Its customer learns a first day, and that a day is gone; a
    later day than was told `foreseen` tells.
    """
    after = replace(order, prospects={**order.prospects, sku: prospect})
    for group in order.ship_groups:
        before, then = (prospect_of(one, group.id, now.date()) for one in (order, after))
        promise = promise_of(order, group.id)
        lost = before and before.on and then and not then.on and promise
        new = then and then.until and not promise
        if lost or new:
            until = then.until if then else None
            after = move_promise(after, group.id, until, MoveReason.SUPPLY, now, ACTOR)
    return after


def _until(
    order: Order, sku: Sku, prospect: Prospect, place: Location, rules: RuleSet
) -> datetime | None:
    """By when the customer has what leaves that place then; of several ship groups the last."""
    wanted = {line.ship_group_id for line in order.lines if line.sku == sku}
    groups = [group for group in order.ship_groups if group.id in wanted]
    if prospect.on is None or not groups:
        return None
    return max(arrival(prospect.on, place, one.method, one.destination, rules) for one in groups)
