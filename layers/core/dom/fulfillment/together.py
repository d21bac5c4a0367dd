"""Which open work leaves together: one recipient, one location, nothing of it picked yet.

Each work stays with its order; a shipment is no more than that its members name one another. They
are written together whenever one joins or leaves, so that what each says is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Together, noted
from dom.model.ids import FulfillmentOrderId, OrderId
from dom.model.order import STOPS_RELEASE, Order
from dom.model.recipient import mark_of

S = FulfillmentStatus
# What joins; a pick closes the shipment.
UNPICKED = frozenset({S.ASSIGNED, S.RELEASED, S.ACCEPTED})
# All of it ships in one transaction of 100 items. A work and an order for each member, a position
# and a movement for each SKU are 70 at most; the rest is for parcels, an entry for each member that
# one holds goods of (`shipped_writes`).
MOST_MEMBERS = 10
MOST_SKUS = 25

Orders = Mapping[OrderId, Order]
_MERGED, _SEPARATED = "FulfillmentOrderMerged", "FulfillmentOrderSeparated"


def merged(
    work: FulfillmentOrder, others: Sequence[FulfillmentOrder], orders: Orders, now: datetime
) -> tuple[FulfillmentOrder, ...]:
    """All members of the shipment that the work makes with `others` of its recipient; (): none.

    What is still to be released is, as soon as the first of them is due, or at once where another
    one is with the location already: nobody waits longer for having been merged.
    """
    if work.together or not _may_join(work, work, orders):
        return ()
    members = [work]
    for shipment in _shipments(others):
        open_ = all(_may_join(one, work, orders) for one in shipment)
        if open_ and _is_whole(shipment) and _fits([*members, *shipment]):
            members += shipment
    members.sort(key=_age)
    return _joined(members, now) if len(members) > 1 else ()


def parted(
    left: FulfillmentOrder, rest: Iterable[FulfillmentOrder], now: datetime, actor: str
) -> tuple[FulfillmentOrder, ...]:
    """The other members of its shipment once `left` is none any more: a single one is no shipment.

    `rest`: whoever it names; what has left already stays as it is.
    """
    stay = [one for one in rest if left.together and is_with(one, left.together)]
    return tuple(regrouped(one, stay, now, actor, left=left.id) for one in stay)


def is_with(work: FulfillmentOrder, together: Together) -> bool:
    """Whether the work is in that shipment."""
    return work.together is not None and work.together.id == together.id


def regrouped(
    work: FulfillmentOrder,
    members: Sequence[FulfillmentOrder],
    now: datetime,
    actor: str,
    **facts: object,
) -> FulfillmentOrder:
    """A member whose shipment has these members now, fewer than before; and says so."""
    if work.together is None:
        return work
    ids = tuple(one.id for one in members)
    others = [one for one in ids if one != work.id]
    name = work.together.id
    work = replace(work, together=Together(name, ids) if others else None)
    return noted(work, now, _SEPARATED, actor, shipment_id=name, together=others, **facts)


def _joined(members: Sequence[FulfillmentOrder], now: datetime) -> tuple[FulfillmentOrder, ...]:
    known = (one.together.id for one in members if one.together)
    name = next(known, f"{members[0].id}.{members[0].version}")
    together = Together(name, tuple(one.id for one in members))
    due_at = _due(members, now)
    return tuple(_member(one, together, due_at, now) for one in members)


def _member(
    work: FulfillmentOrder, together: Together, due_at: datetime | None, now: datetime
) -> FulfillmentOrder:
    work = replace(work, together=together)
    if work.status is S.ASSIGNED:
        work = replace(work, due_at=due_at)
    others = list(work.companions)
    return noted(work, now, _MERGED, "merge", shipment_id=together.id, together=others)


def _due(members: Sequence[FulfillmentOrder], now: datetime) -> datetime | None:
    if any(one.status is not S.ASSIGNED for one in members):
        return now
    return min((one.due_at for one in members if one.due_at), default=None)


def _may_join(one: FulfillmentOrder, work: FulfillmentOrder, orders: Orders) -> bool:
    """Nobody picked it, its order lets it go, and its customer is still to be found there."""
    order = orders.get(one.order_id)
    return (
        order is not None
        and one.status in UNPICKED
        and one.recipient is not None
        and (one.location_id, one.recipient) == (work.location_id, work.recipient)
        and mark_of(order, one.ship_group_id) == one.recipient
        and not one.settling
        and order.hold_reason not in STOPS_RELEASE
        and one.id not in order.recall
    )


def _shipments(works: Iterable[FulfillmentOrder]) -> list[list[FulfillmentOrder]]:
    """What is one already, and what is alone; the oldest first."""
    found: dict[str, list[FulfillmentOrder]] = {}
    for work in sorted(works, key=_age):
        found.setdefault(work.together.id if work.together else work.id, []).append(work)
    return list(found.values())


def _is_whole(shipment: Sequence[FulfillmentOrder]) -> bool:
    """Whether none of its members is missing: one that is was picked."""
    ids = {one.id for one in shipment}
    return all(one in ids for work in shipment for one in work.companions)


def _fits(members: Sequence[FulfillmentOrder]) -> bool:
    skus = {line.sku for one in members for line in one.lines}
    return len(members) <= MOST_MEMBERS and len(skus) <= MOST_SKUS


def _age(work: FulfillmentOrder) -> tuple[str, FulfillmentOrderId]:
    return work.created_at.isoformat() if work.created_at else "", work.id
