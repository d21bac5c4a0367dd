"""The customer lives elsewhere: what is not packed goes there, whatever the channel repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dom.errors import IllegalTransition, InvalidInput, NotFound
from dom.model.addresses import ADDRESSES, REPLACED, by_group
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.geo import Destination
from dom.model.history import append
from dom.model.order import UNASSIGNED, HoldReason, Order, ShipGroup
from dom.model.recipient import marked
from dom.model.work_machine import UNPACKED
from dom.orders.change import LOOK_AGAIN, Changed, Desk, Wish, change_order

S = FulfillmentStatus
# Where nobody can stop the parcel by himself any more, and it has not left yet.
_TOO_LATE = frozenset({S.PACKED, S.CANCEL_REQUESTED})


@dataclass(frozen=True, slots=True)
class Address:
    """Where to, as routing knows it, and in words, which only labels and messages see.

    `ship_group_id` None: the only one that is sent to an address.
    """

    destination: Destination
    words: Mapping[str, object]
    ship_group_id: str | None = None


def change_address(wish: Wish, address: Address, desk: Desk) -> Order:
    """Send the group there: waiting units are routed to it, unpacked work is recalled first.

    A hold for want of that address ends. InvalidInput: which group, or none that is sent.
    IllegalTransition, naming the state found: some of it is packed, or nothing of it is open.
    """

    def decide(order: Order) -> Changed:
        group = _group(order, address.ship_group_id)
        known = desk.orders.personal(order.order_id)
        if _is_there(group, known, address):
            return Changed(order)
        works = [w for w in desk.orders.fulfillment_orders(order.order_id) if _of(w, group)]
        _check(order, group, works)
        recalled = tuple(w.id for w in works if w.status in UNPACKED)
        changed = _readdressed(order, replace(group, destination=address.destination))
        recall = tuple(dict.fromkeys((*order.recall, *recalled)))
        due_at = desk.clock() + LOOK_AGAIN if recall else order.due_at
        facts = {"changed": ["address"], "ship_group_id": group.id, "reason": wish.reason}
        history = append(changed.history, desk.clock(), "OrderUpdated", wish.actor, **facts)
        changed = replace(changed, recall=recall, due_at=due_at, history=history)
        person = _personal(order, group, known, address)
        return Changed(marked(changed, person, desk.recipient_key()), person)

    return change_order("address", wish, decide, desk)


def _group(order: Order, wanted: str | None) -> ShipGroup:
    sent = [group for group in order.ship_groups if group.destination is not None or wanted]
    found = [group for group in sent if wanted in (None, group.id)]
    if wanted and not found:
        raise NotFound("ship group", wanted)
    if len(found) != 1:
        ids = ", ".join(group.id for group in order.ship_groups)
        raise InvalidInput("ship_group_id", f"say which of them is meant: {ids}")
    if found[0].location_id is not None:
        raise InvalidInput("ship_group_id", "it is collected at a store")
    return found[0]


def _of(work: FulfillmentOrder, group: ShipGroup) -> bool:
    return work.ship_group_id == group.id


def _is_there(group: ShipGroup, known: PersonalData | None, address: Address) -> bool:
    return group.destination == address.destination and _words(known, group) == address.words


def _check(order: Order, group: ShipGroup, works: list[FulfillmentOrder]) -> None:
    late = next((work for work in works if work.status in _TOO_LATE), None)
    if late:
        raise IllegalTransition("fulfillment order", late.id, late.status, "readdressed")
    lines = [line for line in order.lines if line.ship_group_id == group.id]
    waiting = any(line.units(bucket) for line in lines for bucket in UNASSIGNED)
    if not waiting and not any(work.status in UNPACKED for work in works):
        raise IllegalTransition("order", order.order_id, order.status, "readdressed")


def _readdressed(order: Order, group: ShipGroup) -> Order:
    groups = tuple(group if one.id == group.id else one for one in order.ship_groups)
    marked = tuple(dict.fromkeys((*order.readdressed, group.id)))
    order = replace(order, ship_groups=groups, readdressed=marked)
    missing = (HoldReason.INVALID_DATA, f"ship_groups.{group.id}.address")
    wanting = (order.hold_reason, order.hold_detail) == missing
    if wanting or order.hold_reason is HoldReason.INCORRECT_ADDRESS:
        order = replace(order, hold_reason=None, hold_detail="")
    return order


def _personal(
    order: Order, group: ShipGroup, known: PersonalData | None, address: Address
) -> PersonalData:
    data = dict(known.data) if known else {}
    replaced = {group.id: _words(known, group), **by_group(data, REPLACED)}
    addresses = {**by_group(data, ADDRESSES), group.id: dict(address.words)}
    data |= {ADDRESSES: addresses, REPLACED: replaced}
    if known is None:
        return PersonalData(order.order_id, "", data, order.forget_by)
    return replace(known, data=data)


def _words(known: PersonalData | None, group: ShipGroup) -> object:
    return by_group(known.data if known else {}, ADDRESSES).get(group.id, {})
