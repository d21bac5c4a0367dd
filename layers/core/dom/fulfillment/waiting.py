"""The state machine's side of a FulfillmentOrder: release it, and wait without being asked.

A token is stored on the item and completed by the relay once the item is past what is awaited.
Who stores it looks first, so that a step that was already taken is never waited for.
"""

from __future__ import annotations

from dataclasses import replace

from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.release import release
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Order
from dom.model.waiting import ACCEPTANCE, Outcome, outcome


def wait_for(fulfillment_order_id: str, awaited: str, token: str, floor: Floor) -> Outcome | None:
    """Store the token of a step that waits; the outcome at once if it is already known.

    Waiting for acceptance releases an ASSIGNED work to its location first: that is where its
    execution begins. While its order is held, the sweep does so later. A repeated call stores the
    newer token.
    """

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if outcome(work, awaited):
            return None
        change = Change(f"await_{awaited}", floor.clock(), "state machine", work)
        if awaited == ACCEPTANCE and work.status is FulfillmentStatus.ASSIGNED:
            change = release(work, order, floor)
        return replace(change, work=replace(change.work, task_token=token, awaited=awaited))

    return outcome(change_work(fulfillment_order_id, decide, floor), awaited)
