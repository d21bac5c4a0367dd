"""New work looks for other open work of its recipient at its location, and joins it."""

from __future__ import annotations

from typing import Protocol

from dom.errors import Busy, CommitRefused
from dom.fulfillment.actions import ATTEMPTS
from dom.fulfillment.ports import Floor
from dom.fulfillment.together import merged
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, LocationId

ACTOR = "merge"


class Recipients(Protocol):
    """Lists of work by who gets it."""

    def open_work(self, location_id: LocationId, recipient: str) -> list[FulfillmentOrderId]:
        """What is not picked there, by an index that follows the work by a moment."""


def merge_work(fulfillment_order_id: str, recipients: Recipients, floor: Floor) -> None:
    """Make the work one shipment with others, in one transaction with all of them.

    Whoever picks, cancels or rejects one of them meanwhile is first, and it is decided anew. A
    repeat finds it merged, and nothing to do. Busy: they keep changing.
    """
    for _ in range(ATTEMPTS):
        work = floor.orders.fulfillment_order(fulfillment_order_id)
        members = _members(work, recipients, floor) if work else ()
        if work is None or not members:
            return
        name, now = f"{work.id}:merge:{work.version}", floor.clock()
        try:
            floor.ledger.commit(Commit(name, now, ACTOR, fulfillment_orders=members))
        except CommitRefused:
            continue
        return
    raise Busy(f"what is to be merged with {fulfillment_order_id} keeps changing")


def _members(
    work: FulfillmentOrder, recipients: Recipients, floor: Floor
) -> tuple[FulfillmentOrder, ...]:
    if work.recipient is None or work.together:
        return ()
    names = recipients.open_work(work.location_id, work.recipient)
    others = floor.orders.works_among(one for one in names if one != work.id)
    if not others:
        return ()
    loaded = floor.orders.load_many(x.order_id for x in (work, *others))
    orders = {order.order_id: order for order in loaded}
    return merged(work, others, orders, floor.clock())
