"""What an execution waits for on a FulfillmentOrder, and when the wait is over."""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus

S = FulfillmentStatus

ACCEPTANCE = "acceptance"
SHIPMENT = "shipment"

_SHIPPED = frozenset({S.SHIPPED, S.DELIVERED})
_REACHED = {
    ACCEPTANCE: _SHIPPED | {S.ACCEPTED, S.PICKING, S.PACKED, S.CANCEL_REQUESTED},
    SHIPMENT: _SHIPPED,
}
# Names of classes in dom.errors: what the state machine catches.
_ENDED = {
    S.REJECTED: "FulfillmentOrderRejected",
    S.EXPIRED: "FulfillmentOrderExpired",
    S.CANCELLED: "FulfillmentOrderCancelled",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to tell the waiting execution: the state reached, or the name of the failure."""

    status: str
    error: str = ""


def outcome(work: FulfillmentOrder, awaited: str) -> Outcome | None:
    """The answer for an execution that waits for `awaited`; None while it must go on waiting."""
    if work.status in _ENDED:
        return Outcome(work.status.value, _ENDED[work.status])
    if work.status in _REACHED.get(awaited, frozenset()):
        return Outcome(work.status.value)
    return None
