"""What an execution waits for on a FulfillmentOrder or a return, and when the wait is over."""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return

S = FulfillmentStatus

ACCEPTANCE = "acceptance"
SHIPMENT = "shipment"
GOODS = "goods"

# Shipped, or handed over at the counter.
_SHIPPED = frozenset({S.SHIPPED, S.DELIVERED, S.DELIVERY_FAILED, S.COLLECTED})
_AT_WORK = {S.ACCEPTED, S.PICKING, S.PACKED, S.CANCEL_REQUESTED, S.READY_FOR_PICKUP, S.ARRIVED}
_REACHED = {ACCEPTANCE: _SHIPPED | _AT_WORK, SHIPMENT: _SHIPPED}
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


# Names of classes in dom.errors: what the state machine catches.
_RETURN_ENDED = {
    ReturnStatus.CANCELLED: "ReturnCancelled",
    ReturnStatus.CLOSED: "ReturnClosed",
}


def outcome_of_return(record: Return, awaited: str) -> Outcome | None:
    """The answer for an execution that waits for `awaited` of a return; None: it must go on.

    GOODS: there is something to settle, that is a refund to send or every unit accounted for.
    """
    if record.status in _RETURN_ENDED:
        return Outcome(record.status.value, _RETURN_ENDED[record.status])
    if awaited == GOODS and record.settleable:
        return Outcome(record.status.value)
    return None
