"""A step of all work of a shipment at once: one transaction, or none of it happens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dom.errors import Busy, CommitRefused, IllegalTransition, InvalidInput
from dom.fulfillment.accept import accept
from dom.fulfillment.actions import ATTEMPTS, admitted, perform, with_news
from dom.fulfillment.advance import advance
from dom.fulfillment.boxes import parcels_of
from dom.fulfillment.change import Change
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.one_commit import commit_of
from dom.fulfillment.ports import Floor
from dom.fulfillment.shipment import Shipment, shipment_of
from dom.model.box import Box
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Order
from dom.model.work_machine import UNPACKED

S = FulfillmentStatus
_TARGETS = {"accept": S.ACCEPTED, "pick": S.PICKING, "pack": S.PACKED, "ship": S.SHIPPED}
# Of these some members may be further already; what is boxed is boxed as a whole.
_BEFORE: Mapping[str, Collection[FulfillmentStatus]] = {
    "accept": (S.ASSIGNED, S.RELEASED),
    "pick": (S.ASSIGNED, S.RELEASED, S.ACCEPTED),
}


def perform_as_one(
    action: str,
    fulfillment_order_id: str,
    request: ActionRequest,
    boxes: Sequence[Box],
    actor: str,
    allowed_locations: frozenset[str] | None,
    floor: Floor,
) -> FulfillmentOrder:
    """Accept, pick, pack or ship all that the work is merged with; the work as it is then.

    What is not with the location yet (its order is held), or goes elsewhere by now, leaves the
    shipment. For the rest as `dom.fulfillment.actions.perform`. InvalidInput: another action, or
    more parcels and goods than one transaction takes.
    """
    if action not in _TARGETS or request.lines is not None:
        raise InvalidInput("together", "whole work is accepted, picked, packed or shipped so")
    for _ in range(ATTEMPTS):
        found = shipment_of(fulfillment_order_id, floor)
        if not admitted(found.named, request, allowed_locations):
            return found.named
        if not found.others:
            parcels = parcels_of(boxes, found.members)[found.named.id]
            alone = replace(request, parcels=parcels)
            return perform(action, fulfillment_order_id, alone, actor, allowed_locations, floor)
        stay = tuple(one for one in found.members if found.keeps(one))
        try:
            changes = _changes(action, stay, found, request, boxes, floor, actor)
        except ValueError:
            # Orders are read after their work: somebody may have moved both in between.
            if found == shipment_of(fulfillment_order_id, floor):
                raise
            continue
        commit = commit_of(action, changes, stay, found, request, floor, actor)
        try:
            floor.ledger.commit(commit)
        except CommitRefused:
            continue
        written = {one.id: one for one in commit.fulfillment_orders}
        named = written.get(found.named.id)
        return replace(named, version=named.version + 1) if named else found.named
    raise Busy(f"the shipment of {fulfillment_order_id} keeps changing")


def _changes(
    action: str,
    stay: Sequence[FulfillmentOrder],
    found: Shipment,
    request: ActionRequest,
    boxes: Sequence[Box],
    floor: Floor,
    actor: str,
) -> list[Change]:
    """One for each member that moves; of one order, each on what the one before left of it."""
    # An ETA is of all of it, also of what was accepted before.
    early = UNPACKED if action == "accept" and request.eta else _BEFORE.get(action, tuple(S))
    moving = [one for one in stay if one.status in early] or [found.named]
    parcels, orders = parcels_of(boxes, moving), dict(found.orders)
    changes: list[Change] = []
    for work in moving:
        order = orders[work.order_id]
        its = replace(request, parcels=parcels[work.id])
        change = with_news(_step(action, work, order, its, floor, actor), order)
        orders[work.order_id] = change.order or order
        changes.append(change)
    return changes


def _step(
    action: str,
    work: FulfillmentOrder,
    order: Order,
    request: ActionRequest,
    floor: Floor,
    actor: str,
) -> Change:
    target = _TARGETS[action]
    if work.settling:
        # Somebody ships or ends it alone, in several transactions: its stock is part of those.
        wanted = f"{work.settling} (in progress)"
        raise IllegalTransition("fulfillment order", work.id, wanted, target)
    if action == "accept":
        return accept(work, order, request.eta, floor, actor)
    return advance(work, order, target, floor, actor, request.parcels)
