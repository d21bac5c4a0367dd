"""What carriers see of a return: on its way, at our door, or in trouble.

Scans come late, twice and in disorder. Only the first one that shows that a parcel moves changes
the state; whatever a location has received is beyond what a carrier can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.clock import to_text
from dom.model.order import Order
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import EXPECTED, ReturnOutcome, ReturnStatus, ShipsOn
from dom.model.rma import Return, noted
from dom.returns.change import Change, change_return
from dom.returns.exchange import with_release
from dom.returns.money import dues_of
from dom.returns.pay import paid
from dom.returns.ports import Returning

ACTOR = "carrier"
MOVES = frozenset({"in_transit", "out_for_delivery", "delivered", "available_for_pickup"})
# What a person must look at, and how it is told.
TROUBLE: Mapping[str, str] = {
    "failure": "ReturnDeliveryFailed",
    "return_to_sender": "ReturnDeliveryFailed",
    "cancelled": "ReturnDeliveryFailed",
    "error": "ReturnDeliveryFailed",
}
ARRIVED = frozenset({"delivered", "available_for_pickup"})


def scan(name: str, status: str, at: datetime | None, ports: Returning) -> Return:
    """Note what a carrier says; `at` is its own time. What it tells nothing new of changes nothing.

    NotFound: there is no such return.
    """

    def decide(record: Return, order: Order) -> Change | None:
        if record.status not in EXPECTED:
            return None
        if status in TROUBLE:
            return _trouble(record, status, at, ports)
        if status not in MOVES:
            return None
        return _moves(record, order, status, at, ports)

    return change_return(name, decide, ports)


def _moves(
    record: Return, order: Order, status: str, at: datetime | None, ports: Returning
) -> Change | None:
    now, policy, before = ports.clock(), ports.rules.returns, record
    first = record.status is not ReturnStatus.IN_TRANSIT
    if first:
        record = replace(record, status=ReturnStatus.IN_TRANSIT)
        record = noted(record, now, "ReturnShipped", ACTOR, scanned_at=_text(at))
    if status in ARRIVED and not _told(record, "ReturnArrived"):
        record = noted(record, now, "ReturnArrived", ACTOR, scanned_at=_text(at))
        record = replace(record, due_at=now + timedelta(hours=policy.inspect_hours))
    if record == before:
        return None
    if first and _paid_on_scan(record, policy):
        dues = dues_of((x.line_id, x.quantity - x.missing - x.refunded) for x in record.lines)
        order, record = paid(order, record, dues, ACTOR, now, policy)
    change = Change("scanned", now, ACTOR, record, order)
    return with_release(change, ShipsOn.SCAN, ports) if first else change


def _paid_on_scan(record: Return, policy: ReturnPolicy) -> bool:
    """Not where an exchange still waits: it is taken back if nothing comes."""
    waits = record.outcome is ReturnOutcome.EXCHANGE and policy.exchange_on is not ShipsOn.SCAN
    return policy.refund_on is ShipsOn.SCAN and not waits


def _trouble(record: Return, status: str, at: datetime | None, ports: Returning) -> Change | None:
    scanned_at = _text(at)
    told = [e.data.get("scanned_at") for e in record.history if e.type == TROUBLE[status]]
    if scanned_at in told:
        return None
    now = ports.clock()
    record = noted(record, now, TROUBLE[status], ACTOR, status=status, scanned_at=scanned_at)
    return Change("trouble", now, ACTOR, record)


def _text(at: datetime | None) -> str:
    return to_text(at) if at else ""


def _told(record: Return, type_: str) -> bool:
    return any(entry.type == type_ for entry in record.history)
