"""A person's or the sweep's word on a return: approve, decline, cancel; and what never came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.rma import EXPECTED, OPEN, Return, ReturnStatus, Ruling, check_edge, noted
from dom.returns.approve import approved
from dom.returns.change import Change, change_return, remembered
from dom.returns.eligibility import APPROVED, DECLINED
from dom.returns.ports import Returning
from dom.returns.request import WantedLine, checked_lines, claimed

# How soon an overdue inspection is spoken of again.
REMIND_AFTER = timedelta(hours=24)


def approve(
    name: str,
    by: str,
    reason: str,
    request_id: str,
    ports: Returning,
    dropped_at: LocationId | None = None,
) -> Return:
    """Allow what the policy declined or left to a person.

    NotFound; IllegalTransition; InvalidInput: the units were returned otherwise meanwhile (those of
    a declined return are claimed only now).
    """

    def decide(record: Return, order: Order) -> Change | None:
        if request_id and request_id in record.requests:
            return None
        check_edge(record, ReturnStatus.APPROVED)
        if record.status is ReturnStatus.DECLINED:
            checked_lines(
                [WantedLine(x.line_id, x.quantity, x.reason) for x in record.lines], order
            )
            order = claimed(order, record)
        ruling = record.ruling or Ruling(APPROVED, "", "")
        ruling = replace(ruling, verdict=APPROVED, by=by, reason=reason)
        known = ports.stock.assortment({x.sku for x in record.lines if x.sku})
        record = replace(record, ruling=ruling)
        change = approved(record, order, dropped_at, known, by, ports)
        return remembered(change, request_id)

    return change_return(name, decide, ports)


def decline(name: str, by: str, reason: str, request_id: str, ports: Returning) -> Return:
    """Refuse what waits for a person, with the reason that the customer is told."""

    def decide(record: Return, order: Order) -> Change | None:
        if request_id and request_id in record.requests:
            return None
        check_edge(record, ReturnStatus.DECLINED)
        now = ports.clock()
        ruling = record.ruling or Ruling(DECLINED, "", "")
        ruling = replace(ruling, verdict=DECLINED, by=by, reason=reason)
        record = replace(record, status=ReturnStatus.DECLINED, ruling=ruling, due_at=None)
        record = noted(record, now, "ReturnDeclined", by, rule=ruling.rule, text=reason, by=by)
        change = Change("declined", now, by, record, unclaimed(order, record))
        return remembered(change, request_id)

    return change_return(name, decide, ports)


def cancel(name: str, by: str, reason: str, request_id: str, ports: Returning) -> Return:
    """End it before anything was received; its units can be returned again."""

    def decide(record: Return, order: Order) -> Change | None:
        if request_id and request_id in record.requests:
            return None
        return remembered(cancelled(record, order, by, reason, ports.clock()), request_id)

    return change_return(name, decide, ports)


def overdue(name: str, ports: Returning) -> Return:
    """What the clock says of it: cancelled if it never came, spoken of if nobody inspects it."""

    def decide(record: Return, order: Order) -> Change | None:
        now = ports.clock()
        if record.due_at is None or record.due_at > now or record.status not in OPEN:
            return None
        if record.status in EXPECTED:
            return cancelled(record, order, "sweeper", "it never came", now)
        record = replace(record, due_at=now + REMIND_AFTER)
        record = noted(record, now, "ReturnInspectionOverdue", "sweeper")
        return Change("overdue", now, "sweeper", record)

    return change_return(name, decide, ports)


def cancelled(record: Return, order: Order, by: str, reason: str, now: datetime) -> Change:
    """The change to CANCELLED; IllegalTransition once anything was received."""
    check_edge(record, ReturnStatus.CANCELLED)
    order = unclaimed(order, record)
    record = replace(record, status=ReturnStatus.CANCELLED, due_at=None)
    record = noted(record, now, "ReturnCancelled", by, text=reason)
    return Change("cancelled", now, by, record, order)


def unclaimed(order: Order, record: Return) -> Order:
    """The order with what is outstanding of the return free to be returned again."""
    lines = [order.line(x.line_id) for x in record.lines]
    pairs = zip(lines, record.lines, strict=True)
    return order.with_lines(
        a.with_back(returning=max(0, a.back.returning - b.outstanding)) for a, b in pairs
    )
