"""The customer lives elsewhere: what is not packed goes there, whatever the channel repeats."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import IllegalTransition, InvalidInput, NotFound
from dom.model.addresses import Address
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.order import UNASSIGNED, Order, ShipGroup
from dom.model.recipient import marked
from dom.model.work_machine import UNPACKED
from dom.orders.addressed import personal_of, readdressed, words_of
from dom.orders.change import LOOK_AGAIN, Changed, Desk, Wish, change_order

S = FulfillmentStatus
# Where nobody can stop the parcel by himself any more, and it has not left yet.
_TOO_LATE = frozenset({S.PACKED, S.CANCEL_REQUESTED})


def change_address(wish: Wish, address: Address, desk: Desk) -> Order:
    """Send the group there: waiting units are routed to it, unpacked work is recalled first.

    A hold for want of that address ends. InvalidInput: which group, or none that is sent.
    IllegalTransition, naming the state found: some of it is packed, or nothing of it is open.
    """

    def decide(order: Order) -> Changed:
        if order.is_forgotten(desk.clock()):
            raise IllegalTransition("order", order.order_id, "forgotten", "readdressed")
        group = _group(order, address.ship_group_id)
        known = desk.orders.personal(order.order_id)
        if _is_there(group, known, address):
            return Changed(order)
        works = [w for w in desk.orders.fulfillment_orders(order.order_id) if _of(w, group)]
        _check(order, group, works)
        recalled = tuple(w.id for w in works if w.status in UNPACKED)
        changed = readdressed(order, replace(group, destination=address.destination))
        recall = tuple(dict.fromkeys((*order.recall, *recalled)))
        due_at = desk.clock() + LOOK_AGAIN if recall else order.due_at
        facts = {"changed": ["address"], "ship_group_id": group.id, "reason": wish.reason}
        history = append(changed.history, desk.clock(), "OrderUpdated", wish.actor, **facts)
        changed = replace(changed, recall=recall, due_at=due_at, history=history)
        person = personal_of(order, group, known, address)
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
    return group.destination == address.destination and words_of(known, group) == address.words


def _check(order: Order, group: ShipGroup, works: list[FulfillmentOrder]) -> None:
    late = next((work for work in works if work.status in _TOO_LATE), None)
    if late:
        raise IllegalTransition("fulfillment order", late.id, late.status, "readdressed")
    lines = [line for line in order.lines if line.ship_group_id == group.id]
    waiting = any(line.units(bucket) for line in lines for bucket in UNASSIGNED)
    if not waiting and not any(work.status in UNPACKED for work in works):
        raise IllegalTransition("order", order.order_id, order.status, "readdressed")
