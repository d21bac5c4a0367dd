"""The status machine of a FulfillmentOrder, and where its units stand meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from dom.errors import IllegalTransition
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Bucket, Method

S = FulfillmentStatus
UNPACKED = (S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING)
PREPARED = (*UNPACKED, S.PACKED)
# What the location, or the store that it was sent to, still has something to do for.
OPEN = frozenset({*PREPARED, S.CANCEL_REQUESTED, S.READY_FOR_PICKUP, S.ARRIVED})

# Every edge; anything else is refused and changes nothing. Beyond PACKED the way depends on how
# the customer gets it: see `leads_to`.
EDGES: Mapping[FulfillmentStatus, frozenset[FulfillmentStatus]] = {
    S.ASSIGNED: frozenset({S.RELEASED, S.CANCELLED, S.REJECTED}),
    S.RELEASED: frozenset({S.ACCEPTED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.PICKING, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.PICKING: frozenset({S.PACKED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.PACKED: frozenset({S.SHIPPED, S.READY_FOR_PICKUP, S.REJECTED, S.CANCEL_REQUESTED}),
    S.CANCEL_REQUESTED: frozenset({S.SHIPPED, S.CANCELLED, S.PACKED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.DELIVERY_FAILED, S.READY_FOR_PICKUP, S.REJECTED}),
    # It left once already, and its stock with it: what is sent again is new work (`reship`).
    S.DELIVERY_FAILED: frozenset({S.DELIVERED, S.READY_FOR_PICKUP, S.CANCELLED}),
    S.READY_FOR_PICKUP: frozenset({S.ARRIVED, S.COLLECTED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.ARRIVED: frozenset({S.COLLECTED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
}

# The order line's bucket while its FulfillmentOrder is in a state.
BUCKET_OF: Mapping[FulfillmentStatus, Bucket] = {
    S.ASSIGNED: Bucket.ALLOCATED,
    S.RELEASED: Bucket.ALLOCATED,
    S.ACCEPTED: Bucket.ALLOCATED,
    S.PICKING: Bucket.PICKED,
    S.PACKED: Bucket.PACKED,
    S.CANCEL_REQUESTED: Bucket.PACKED,
    S.SHIPPED: Bucket.SHIPPED,
    S.DELIVERY_FAILED: Bucket.SHIPPED,
    S.DELIVERED: Bucket.DELIVERED,
    S.READY_FOR_PICKUP: Bucket.READY_FOR_PICKUP,
    S.ARRIVED: Bucket.READY_FOR_PICKUP,
    S.COLLECTED: Bucket.COLLECTED,
}

_COLLECTED = frozenset({Method.PICKUP, Method.CURBSIDE, Method.SHIP_TO_STORE})


def way(work: FulfillmentOrder) -> tuple[FulfillmentStatus, ...]:
    """The states from assignment to the customer, in order; ARRIVED is optional and not in it."""
    if work.method not in _COLLECTED:
        return (*PREPARED, S.SHIPPED, S.DELIVERED)
    sent = (S.SHIPPED,) if work.to_location else ()
    return (*PREPARED, *sent, S.READY_FOR_PICKUP, S.COLLECTED)


def leads_to(work: FulfillmentOrder) -> frozenset[FulfillmentStatus]:
    """The states that follow the present one for work of its method.

    What is sent to a store has to get there before it is ready; only a store can say that it never
    came. A parcel to the customer that is lost is its carrier's to report.
    """
    steps = way(work)
    closed = {S.SHIPPED, S.DELIVERED, S.READY_FOR_PICKUP} - set(steps)
    if S.SHIPPED in steps and work.status is S.PACKED:
        closed.add(S.READY_FOR_PICKUP)
    if S.READY_FOR_PICKUP not in steps and work.status is S.SHIPPED:
        closed.add(S.REJECTED)
    return EDGES.get(work.status, frozenset()) - closed


def check_edge(work: FulfillmentOrder, target: FulfillmentStatus) -> None:
    """IllegalTransition, naming the state found, unless the machine has that edge."""
    if target not in leads_to(work):
        raise IllegalTransition("fulfillment order", work.id, work.status, target)
