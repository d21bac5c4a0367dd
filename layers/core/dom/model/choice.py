"""A pickup that its store could not hand over waits for its customer's choice, for some days.

Its units are pending and not routed meanwhile; what else of the group waits, for goods or the day
of a release, is not asked about. The order is held with it, so that people see that
it waits; a hold for another reason stays what it is, and the choice stays open beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dom.model.addresses import Address
from dom.model.asked import Asked
from dom.model.clock import to_text
from dom.model.history import append
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket, HoldReason, Method, Order, ShipGroup

ASKED, REMINDED, MADE = "ChoiceAsked", "ChoiceReminded", "ChoiceMade"
COUNTER = frozenset({Method.PICKUP, Method.CURBSIDE})
REASON = HoldReason.INVENTORY_OUT_OF_STOCK


class Way(StrEnum):
    """What a customer can choose instead."""

    OTHER_STORE = "other_store"
    SHIP = "ship"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Choice:
    """`ship_group_id` None: the only one that waits. `location_id` is of another store, `address`
    of what is shipped; None: to the address that the group has, and no other group's, which may be
    somebody else's.
    """

    way: Way
    ship_group_id: str | None = None
    location_id: str = ""
    address: Address | None = None


def choosing(order: Order) -> tuple[str, ...]:
    """Ship groups with units that wait for their customer's choice."""
    if not order.choices:
        return ()
    waiting = {line.ship_group_id for line in order.lines if line.units(Bucket.PENDING)}
    return tuple(name for name in order.choices if name in waiting)


def waiting_units(order: Order, ship_group_id: str) -> dict[str, int]:
    """Units of the group, by line id, that a location gave up and nobody looks for."""
    units = {
        line.line_id: line.units(Bucket.PENDING)
        for line in order.lines
        if line.ship_group_id == ship_group_id
    }
    return {line_id: n for line_id, n in units.items() if n}


def waiting_skus(order: Order, ship_group_id: str) -> dict[Sku, int]:
    """The same by SKU: two lines of one SKU are one."""
    total: dict[Sku, int] = {}
    for line_id, units in waiting_units(order, ship_group_id).items():
        sku = order.line(line_id).sku
        if sku is not None:
            total[sku] = total.get(sku, 0) + units
    return total


def group_of(order: Order, ship_group_id: str) -> ShipGroup | None:
    """The ship group of that id."""
    return next((one for one in order.ship_groups if one.id == ship_group_id), None)


def asked(
    order: Order,
    ship_group_id: str,
    location_id: LocationId,
    now: datetime,
    within: timedelta,
    actor: str,
    **said: object,
) -> Order:
    """The order whose customer is asked, and reminded after half of the time.

    One that was asked already of that group has the whole time again.
    """
    known = Asked(now + within, location_id, now + within / 2)
    detail = f"{location_id} cannot hand over {ship_group_id}: the customer chooses"
    history = order.history
    if order.hold_reason is None:
        facts = {"reason": REASON.value, "detail": detail}
        history = append(history, now, "OrderHeld", actor, **facts)
        order = replace(order, hold_reason=REASON, hold_detail=detail)
    told = {"ship_group_id": ship_group_id, "location_id": location_id, **said}
    history = append(history, now, ASKED, actor, **told, choose_until=to_text(known.until))
    return replace(order, choices={**order.choices, ship_group_id: known}, history=history)


def last_made(order: Order, ship_group_id: str) -> Mapping[str, object]:
    """What was chosen last for the group, as it was told: `choice`, `location_id`; {}: nothing."""
    for entry in reversed(order.history):
        if entry.type == MADE and entry.data.get("ship_group_id") == ship_group_id:
            return entry.data
    return {}


def ended_by_hand(order: Order) -> Order:
    """The order without questions: what they were about waits for its store, however long."""
    unasked = dict.fromkeys((*order.unasked, *order.choices))
    return replace(order, choices={}, unasked=tuple(unasked))


def answered(order: Order, ship_group_id: str) -> Order:
    """The order that does not ask for that group any more; with the last question its hold ends."""
    left = {name: one for name, one in order.choices.items() if name != ship_group_id}
    return _with(order, left)


def settled(order: Order) -> Order:
    """The order without questions of which nothing is left to choose."""
    still = choosing(order)
    if len(still) == len(order.choices):
        return order
    return _with(order, {name: order.choices[name] for name in still})


def _with(order: Order, left: Mapping[str, Asked]) -> Order:
    if not left and order.choices and order.hold_reason is REASON:
        order = replace(order, hold_reason=None, hold_detail="")
    return replace(order, choices=left)


def asked_again(order: Order, now: datetime, within: timedelta, actor: str) -> Order:
    """After routing: a store that was chosen instead has sold out meanwhile, so that its customer
    chooses once more. Who waits for the first store, as ordered, waits like anybody else, and so
    does who was asked again when a person ended that.
    """
    for name in order.chosen:
        if name in order.unasked:
            continue
        group = group_of(order, name)
        if group is None or group.method not in COUNTER or group.location_id is None:
            continue
        lines = [
            line.moved(Bucket.BACKORDERED, Bucket.PENDING, line.units(Bucket.BACKORDERED))
            for line in order.lines
            if line.ship_group_id == name and line.units(Bucket.BACKORDERED)
        ]
        if lines:
            order = asked(order.with_lines(lines), name, group.location_id, now, within, actor)
    return order
