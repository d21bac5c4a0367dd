"""A step of all work of a shipment as one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dom.errors import InvalidInput
from dom.fulfillment.actions import remembered
from dom.fulfillment.change import Change
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.shipment import Shipment
from dom.fulfillment.together import regrouped
from dom.model.commit import MAX_WRITES, Commit
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, LocationId, Sku
from dom.model.stock import StockChange

_TOO_MANY = "too many for one transaction: name the `lines` of each, or box fewer works together"


def commit_of(
    action: str,
    changes: Sequence[Change],
    stay: Sequence[FulfillmentOrder],
    found: Shipment,
    request: ActionRequest,
    floor: Floor,
    actor: str,
) -> Commit:
    """The changes of those who `stay` in it; who does not leaves it in the same transaction.

    InvalidInput: more parcels and goods than one transaction takes.
    """
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
    ahead = shipped_writes([one.work for one in changes]) if action == "pack" else 0
    if max(commit.writes, ahead) > MAX_WRITES:
        raise InvalidInput("parcels", _TOO_MANY)
    return commit


def shipped_writes(works: Sequence[FulfillmentOrder]) -> int:
    """Items that it takes to ship them at once: what is boxed as a whole has no other way."""
    orders, skus = {x.order_id for x in works}, {line.sku for x in works for line in x.lines}
    entries = sum(len({one.key for one in work.parcels if one.key}) for work in works)
    return len(works) + len(orders) + 2 * len(skus) + entries


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
