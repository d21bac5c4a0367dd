"""The customer of a pickup that its store could not hand over chooses what becomes of it."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy, IllegalTransition, InvalidInput, NotFound
from dom.model.addresses import ADDRESSES, Address, by_group
from dom.model.choice import (
    MADE,
    Choice,
    Way,
    answered,
    choosing,
    group_of,
    last_made,
    waiting_units,
)
from dom.model.commit import PersonalData
from dom.model.history import append
from dom.model.order import UNASSIGNED, Bucket, Method, Order, ShipGroup
from dom.model.recipient import marked
from dom.orders.addressed import personal_of, readdressed
from dom.orders.cancel import cancelled
from dom.orders.change import LOOK_AGAIN, Changed, Desk, Wish, change_order
from dom.orders.stores import Stores, check_store


def choose(wish: Wish, choice: Choice, stores: Stores, desk: Desk) -> Order:
    """Change the group as chosen, so that it is routed anew, or cancel what waits of it.

    The same choice once more changes nothing. InvalidInput: which group, which store or what
    address. IllegalTransition, with the state found: nothing waits for a choice (any more), or that
    store cannot hand it over now; the customer may then choose again.
    """

    def decide(order: Order) -> Changed:
        if order.open_plan:
            raise Busy(f"order {order.order_id} is being assigned")
        if _is_so(order, choice, desk):
            return Changed(order)
        group = _asked_group(order, choice.ship_group_id)
        if choice.way is Way.CANCEL:
            return Changed(_cancelled(order, group, wish, desk))
        if choice.way is Way.SHIP:
            return _shipped(order, group, choice.address, wish, desk)
        place = check_store(order, group.id, choice.location_id, stores)
        return Changed(_decided(order, replace(group, location_id=place), choice.way, wish, desk))

    return change_order("choose", wish, decide, desk)


def _is_so(order: Order, choice: Choice, desk: Desk) -> bool:
    """Whether a group that waits no more was given that very answer."""
    if choice.ship_group_id is None and choosing(order):
        return False  # it is for the one that waits
    waits = choosing(order)
    groups = [x for x in order.ship_groups if choice.ship_group_id in (None, x.id)]
    return any(group.id not in waits and _as(order, group, choice, desk) for group in groups)


def _as(order: Order, group: ShipGroup, choice: Choice, desk: Desk) -> bool:
    made = last_made(order, group.id)
    if made.get("choice") != choice.way:
        return False
    if choice.way is Way.OTHER_STORE:
        return group.location_id == choice.location_id
    if choice.way is Way.SHIP and choice.address:
        # Another address is another wish, and comes too late.
        own = _own(group, desk.orders.personal(order.order_id))
        told = choice.address.destination, choice.address.words
        return own is not None and (own.destination, own.words) == told
    return True


def _asked_group(order: Order, wanted: str | None) -> ShipGroup:
    waiting = choosing(order)
    names = [name for name in waiting if wanted in (None, name)]
    if not names:
        raise IllegalTransition("order", order.order_id, order.status, "chosen for")
    if len(names) > 1:
        raise InvalidInput("ship_group_id", f"say which is meant: {', '.join(names)}")
    group = group_of(order, names[0])
    if group is None:
        raise NotFound("ship group", names[0])
    return group


def _cancelled(order: Order, group: ShipGroup, wish: Wish, desk: Desk) -> Order:
    units = waiting_units(order, group.id)
    return cancelled(_noted(order, group, Way.CANCEL, wish, desk), units, wish, desk)


def _shipped(
    order: Order, group: ShipGroup, address: Address | None, wish: Wish, desk: Desk
) -> Changed:
    if address and order.is_forgotten(desk.clock()):
        raise IllegalTransition("order", order.order_id, "forgotten", "readdressed")
    known = desk.orders.personal(order.order_id)
    address = address or _own(group, known)
    if address is None:
        raise InvalidInput("address", "there is no address to send it to")
    there = replace(
        group, method=Method.SHIP, location_id=None, destination=address.destination, recipient=None
    )
    changed = _decided(order, there, Way.SHIP, wish, desk)
    if not address.words:
        return Changed(marked(changed, known, desk.recipient_key()))
    person = personal_of(order, group, known, address)
    changed = readdressed(changed, there)
    return Changed(marked(changed, person, desk.recipient_key()), person)


def _own(group: ShipGroup, known: PersonalData | None) -> Address | None:
    if group.destination is None:
        return None
    words = by_group(known.data if known else {}, ADDRESSES).get(group.id)
    return Address(group.destination, dict(words) if isinstance(words, dict) else {}, group.id)


def _decided(order: Order, group: ShipGroup, way: Way, wish: Wish, desk: Desk) -> Order:
    """The order with the group as it is to be: pending, and nothing promised of it yet."""
    group = replace(group, promised_by=None)
    groups = tuple(group if one.id == group.id else one for one in order.ship_groups)
    told = {name: at for name, at in order.told.items() if name != group.id}
    chosen = tuple(dict.fromkeys((*order.chosen, group.id)))
    unasked = tuple(name for name in order.unasked if name != group.id)
    order = replace(order, ship_groups=groups, told=told, chosen=chosen, unasked=unasked)
    lines = []
    for line in order.lines:
        # What waits for goods or a release goes the same way.
        if line.ship_group_id == group.id:
            for bucket in UNASSIGNED:
                line = line.moved(bucket, Bucket.PENDING, line.units(bucket))
            lines.append(line)
    order = _noted(order.with_lines(lines), group, way, wish, desk)
    return replace(order, due_at=desk.clock() + LOOK_AGAIN)


def _noted(order: Order, group: ShipGroup, way: Way, wish: Wish, desk: Desk) -> Order:
    held, now = order.hold_reason, desk.clock()
    order = answered(order, group.id)
    facts: dict[str, object] = {"ship_group_id": group.id, "choice": way.value}
    if way is Way.OTHER_STORE:
        facts["location_id"] = str(group.location_id)
    history = append(order.history, now, MADE, wish.actor, **facts, reason=wish.reason)
    if held and order.hold_reason is None:
        ended = {"reason": held.value, "detail": wish.reason}
        history = append(history, now, "OrderReleased", wish.actor, **ended)
    return replace(order, history=history)
