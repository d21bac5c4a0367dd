"""A step of all work of a shipment at once: one transaction, or none of it happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from dom.errors import Busy, CommitRefused, InvalidInput
from dom.fulfillment.actions import ATTEMPTS, admitted, perform, remembered, with_news
from dom.fulfillment.advance import advance
from dom.fulfillment.boxes import parcels_of
from dom.fulfillment.change import Change
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.shipment import Shipment, shipment_of
from dom.fulfillment.together import regrouped
from dom.model.box import Box
from dom.model.commit import MAX_WRITES, Commit
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, Sku
from dom.model.stock import StockChange

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
        commit = _commit(action, changes, stay, found, request, floor, actor)
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
    early = _BEFORE.get(action, tuple(S))
    moving = [one for one in stay if one.status in early] or [found.named]
    parcels, orders = parcels_of(boxes, moving), dict(found.orders)
    changes: list[Change] = []
    for work in moving:
        order, its = orders[work.order_id], parcels[work.id]
        change = with_news(advance(work, order, _TARGETS[action], floor, actor, its), order)
        orders[work.order_id] = change.order or order
        changes.append(change)
    return changes


def _commit(
    action: str,
    changes: Sequence[Change],
    stay: Sequence[FulfillmentOrder],
    found: Shipment,
    request: ActionRequest,
    floor: Floor,
    actor: str,
) -> Commit:
    read = {one.id: one for one in found.members}
    works: dict[FulfillmentOrderId, FulfillmentOrder] = read | {
        one.work.id: one.work for one in changes
    }
    if len(stay) < len(read):
        works = _without_those_who_leave(works, stay, floor, actor)
    orders = {one.order.order_id: one.order for one in changes if one.order}
    named = found.named
    works[named.id] = remembered(works[named.id], request.request_id)
    commit = Commit(
        f"{named.id}:{action}-together:{named.version}",
        floor.clock(),
        actor,
        orders=tuple(orders.values()),
        fulfillment_orders=tuple(one for name, one in works.items() if one != read[name]),
        stock=_summed(change for one in changes for change in one.stock),
        parcels=tuple(entry for one in changes for entry in one.parcels),
    )
    if commit.writes > MAX_WRITES:
        raise InvalidInput("parcels", "too many for one transaction: ship them one by one")
    return commit


def _without_those_who_leave(
    works: Mapping[FulfillmentOrderId, FulfillmentOrder],
    stay: Sequence[FulfillmentOrder],
    floor: Floor,
    actor: str,
) -> dict[FulfillmentOrderId, FulfillmentOrder]:
    staying = {one.id for one in stay}
    return {
        name: regrouped(work, stay if name in staying else (), floor.clock(), actor)
        for name, work in works.items()
    }


def _summed(stock: Iterable[StockChange]) -> tuple[StockChange, ...]:
    """Each position once, as a transaction takes it, with all that it is for."""
    found: dict[tuple[Sku, LocationId], StockChange] = {}
    for one in stock:
        key = (one.sku, one.location_id)
        if known := found.get(key):
            one = replace(
                known,
                on_hand=known.on_hand + one.on_hand,
                reserved=known.reserved + one.reserved,
                references=(*known.references, *one.references),
            )
        found[key] = one
    return tuple(found.values())
