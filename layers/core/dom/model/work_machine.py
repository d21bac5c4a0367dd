"""The status machine of a FulfillmentOrder, and where its units stand meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from dom.errors import IllegalTransition
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Bucket

S = FulfillmentStatus
FORWARD = (S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED, S.SHIPPED, S.DELIVERED)
UNSHIPPED = frozenset({S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED, S.CANCEL_REQUESTED})

# Every legal edge; anything else is refused and changes nothing.
EDGES: Mapping[FulfillmentStatus, frozenset[FulfillmentStatus]] = {
    S.ASSIGNED: frozenset({S.RELEASED, S.CANCELLED, S.REJECTED}),
    S.RELEASED: frozenset({S.ACCEPTED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.PICKING, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.PICKING: frozenset({S.PACKED, S.REJECTED, S.EXPIRED, S.CANCELLED}),
    S.PACKED: frozenset({S.SHIPPED, S.REJECTED, S.CANCEL_REQUESTED}),
    S.CANCEL_REQUESTED: frozenset({S.SHIPPED, S.CANCELLED, S.PACKED}),
    S.SHIPPED: frozenset({S.DELIVERED}),
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
    S.DELIVERED: Bucket.DELIVERED,
}


def check_edge(order: FulfillmentOrder, target: FulfillmentStatus) -> None:
    """IllegalTransition, naming the state found, unless the machine has that edge."""
    if target not in EDGES.get(order.status, frozenset()):
        raise IllegalTransition("fulfillment order", order.id, order.status, target)
