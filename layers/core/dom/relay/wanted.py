"""What an order, as it stands now, wants of others."""

from __future__ import annotations

from dom.model.choice import choosing
from dom.model.demand import uncounted
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Bucket, Order


def is_routable(order: Order) -> bool:
    """Whether units wait to be routed; held orders wait for whoever ends the hold."""
    waits = order.hold_reason is not None or bool(choosing(order))
    return not waits and any(
        line.ship_group_id and line.units(Bucket.PENDING) for line in order.lines
    )


def is_mergeable(work: FulfillmentOrder) -> bool:
    """Whether it should look for other work of its recipient.

    When it is new, and once more when it is released: the list of such work is a moment late.
    """
    early = work.status in {FulfillmentStatus.ASSIGNED, FulfillmentStatus.RELEASED}
    return early and work.recipient is not None and work.together is None


def is_asked_for(order: Order) -> bool:
    """Whether units or work are wanted back, or some of its demand is not counted yet.

    The latter is rare: an order of more SKUs than one transaction has room for, interrupted.
    """
    return bool(order.withdraw or order.recall or uncounted(order))
