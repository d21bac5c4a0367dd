"""Those who wait for a SKU learn what they may expect, whenever what is on its way, or the line,
moves.

Every look starts at the head of the line and writes only what differs, so that looks may come
twice, late or together: the last of them sees what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from dom.errors import CommitRefused
from dom.fulfillment.outlook import foreseen, reason_of
from dom.fulfillment.ports import Floor
from dom.fulfillment.shelf import Places, Shelf, shelf_of
from dom.model.clock import Clock
from dom.model.commit import Commit
from dom.model.foretell import foretell
from dom.model.ids import Sku
from dom.model.incoming import IncomingSupply
from dom.model.location import Location
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.promised import MoveReason, move_promise, promise_of
from dom.model.prospect import Prospect
from dom.model.queue import Waiting, lacking, prospect_of
from dom.model.rules import RuleSet
from dom.sourcing.lane import arrival

ACTOR = "supply"
# Orders written by one look; the rest of a long line is for the next.
MOST_MOVED = 25
# Places read by one look: some seconds of it. Who stands farther back is told when the line is
# shorter.
MOST_READ = 20_000
SOON = timedelta(seconds=5)


class Lines(Protocol):
    """The lines of orders that wait for SKUs."""

    def line(self, sku: str) -> Iterable[Waiting]:
        """All that wait for the SKU, the first in line first."""


class Looks(Protocol):
    """Whether somebody is to look along a line already."""

    def to_look(self, skus: Iterable[str]) -> list[Sku]:
        """Those of the SKUs that anybody waits for, and for which nobody is asked to look."""

    def note_look(self, sku: Sku, at: datetime) -> None:
        """That somebody was asked at that time."""

    def begin_look(self, sku: Sku) -> None:
        """Whatever moves from now on needs another look."""


class Messages(Protocol):
    """Whoever looks along lines."""

    def send(self, message: Mapping[str, str], delay: timedelta) -> None:
        """Send it, to be received after the delay. Busy if that could not be."""


class Supplies(Protocol):
    """What is on its way."""

    def documents(self, skus: Iterable[Sku]) -> Mapping[Sku, IncomingSupply]:
        """The document of each SKU, read consistently."""


class Shelves(Protocol):
    """What is there."""

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """Available units by location, and what is known of products, for each SKU."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Ports, and the rules by which parcels travel."""

    floor: Floor
    lines: Lines
    supplies: Supplies
    shelves: Shelves
    places: Places
    rules: RuleSet


def look(sku: Sku, horizon: Horizon, looks: Looks, messages: Messages, clock: Clock) -> None:
    """Look along the line, and ask for another look where one is needed and nobody is asked."""
    looks.begin_look(sku)
    if look_along(sku, horizon) and looks.to_look([sku]):
        now = clock()
        messages.send({"waits_for": sku}, SOON)
        looks.note_look(sku, now)


def look_along(sku: Sku, horizon: Horizon) -> bool:
    """Write what those in line for it may expect now; whether somebody must look again."""
    coming, now = horizon.supplies.documents([sku])[sku], horizon.floor.clock()
    shelf = shelf_of(sku, horizon.shelves.assortment([sku]), horizon.places, now)
    places = islice(horizon.lines.line(sku), MOST_READ)
    line = foretell(places, shelf.units, coming, now.date(), shelf.opens)
    left, again = MOST_MOVED, False
    for one, prospect in line:
        if not prospect.same_as(one.prospect):
            if not left:
                return True
            written = _write(one, shelf, prospect, coming, horizon)
            left -= bool(written)
            again |= written is False
    return again or horizon.supplies.documents([sku])[sku].version != coming.version


def _write(
    one: Waiting, shelf: Shelf, prospect: Prospect, coming: IncomingSupply, horizon: Horizon
) -> bool | None:
    """False: the order changed meanwhile. None: it is not to be told, as long as it stands so."""
    floor, sku = horizon.floor, shelf.sku
    order = floor.orders.load(one.order_id)
    if order is None or order.hold_reason or order.open_plan or sku not in lacking(order):
        return None
    known = coming.orders.get(prospect.by) if prospect.by else None
    place = floor.places.location(known.location_id) if known else None
    prospect = replace(prospect, until=_until(order, shelf, prospect, place, horizon.rules))
    now = floor.clock()
    after = _told(shelf.woken(order, now), sku, prospect, now)
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
            until, why = (then.until, reason_of(then)) if then else (None, MoveReason.SUPPLY)
            after = move_promise(after, group.id, until, why, now, ACTOR)
    return after


def _until(
    order: Order, shelf: Shelf, prospect: Prospect, place: Location | None, rules: RuleSet
) -> datetime | None:
    """By when the customer has what leaves that place then; of several ship groups the last.

    What is on the day of its release leaves from where it likely is.
    """
    wanted = {line.ship_group_id for line in order.lines if line.sku == shelf.sku}
    groups = [group for group in order.ship_groups if group.id in wanted]
    senders = [(group, place if prospect.by else shelf.sender(group)) for group in groups]
    days = [
        arrival(prospect.on, sender, group.method, group.destination, rules)
        for group, sender in senders
        if sender and prospect.on
    ]
    return max(days, default=None)
