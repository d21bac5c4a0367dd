"""A return is allowed: it gets a place to go to, or the customer keeps it and is paid at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.return_terms import KEEP_IT, ReturnStatus
from dom.model.rma import Return, ReturnDecision, check_edge, noted
from dom.returns.change import Change
from dom.returns.exchange import with_exchange
from dom.returns.money import dues_of
from dom.returns.pay import paid
from dom.returns.ports import Returning
from dom.returns.route import route


def approved(
    record: Return,
    order: Order,
    dropped_at: LocationId | None,
    known: Assortment,
    actor: str,
    ports: Returning,
) -> Change:
    """The change to APPROVED, with the decision where it goes."""
    check_edge(record, ReturnStatus.APPROVED)
    now = ports.clock()
    policy = ports.rules.returns
    decision = route(order, record.lines, record.method, dropped_at, known, ports, now)
    record = replace(
        record,
        status=ReturnStatus.APPROVED,
        decision=decision,
        location_id=decision.location_id,
        # What the customer keeps is not waited for.
        due_at=None if decision.outcome == KEEP_IT else now + timedelta(days=policy.receive_days),
    )
    record = noted(record, now, "ReturnApproved", actor, **_facts(record, decision))
    change = with_exchange(Change("approved", now, actor, record, order), ports)
    return _paid(change, ports) if record.kept else change


def _paid(change: Change, ports: Returning) -> Change:
    """What the customer keeps is paid at once."""
    dues = dues_of((line.line_id, line.quantity) for line in change.record.lines)
    if change.order is None:
        return change
    order, record = paid(
        change.order, change.record, dues, change.actor, change.at, ports.rules.returns
    )
    return replace(change, order=order, record=record)


def _facts(record: Return, decision: ReturnDecision) -> dict[str, object]:
    ruling = record.ruling
    said = {"by": ruling.by, "reason": ruling.reason} if ruling and ruling.by else {}
    facts = {"decision": decision.outcome, "why": decision.why, "cost": decision.cost, **said}
    return {**facts, "kept": decision.outcome == KEEP_IT}
