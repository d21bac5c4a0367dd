"""A person's or the sweep's word on a return: approve, decline, cancel; and what never came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from dom.errors import IllegalTransition, NotFound
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.refund import RefundStatus
from dom.model.return_terms import EXPECTED, OPEN, ReturnStatus
from dom.model.rma import Return, Ruling, check_edge, noted
from dom.returns.approve import approved
from dom.returns.change import Change, change_return, remembered
from dom.returns.eligibility import APPROVED, DECLINED
from dom.returns.exchange import with_cancellation
from dom.returns.ports import Returning
from dom.returns.unsent import unclaimed, without_the_rest
from dom.returns.wanted import WantedLine, checked_lines, claimed

# How soon an overdue inspection is spoken of again.
REMIND_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Word:
    """Who decides, why, and (for an approval) the store that the goods are brought to.

    A repeated `request_id` changes nothing.
    """

    by: str
    reason: str = ""
    request_id: str = ""
    location_id: LocationId | None = None


Step = Callable[[str, Word, Returning], Return]


def step_named(action: str) -> Step:
    """The step of that name; NotFound if there is none."""
    if action not in _STEPS:
        raise NotFound("action", action[:80])
    return _STEPS[action]


def approve(name: str, word: Word, ports: Returning) -> Return:
    """Allow what the policy declined or left to a person.

    NotFound; IllegalTransition; InvalidInput: the units were returned otherwise meanwhile (those of
    a declined return are claimed only now).
    """

    def decide(record: Return, order: Order) -> Change:
        check_edge(record, ReturnStatus.APPROVED)
        if record.status is ReturnStatus.DECLINED:
            wanted = [WantedLine(x.line_id, x.quantity, x.reason) for x in record.lines]
            checked_lines(wanted, order)
            order = claimed(order, record)
        record = replace(record, ruling=_ruled(record, APPROVED, word))
        known = ports.stock.assortment({x.sku for x in record.lines if x.sku})
        return approved(record, order, word.location_id, known, word.by, ports)

    return _once(name, word, decide, ports)


def decline(name: str, word: Word, ports: Returning) -> Return:
    """Refuse what waits for a person, with the reason that the customer is told."""

    def decide(record: Return, order: Order) -> Change:
        check_edge(record, ReturnStatus.DECLINED)
        now, ruling = ports.clock(), _ruled(record, DECLINED, word)
        record = replace(record, status=ReturnStatus.DECLINED, ruling=ruling, due_at=None)
        told = {"rule": ruling.rule, "text": word.reason, "by": word.by}
        record = noted(record, now, "ReturnDeclined", word.by, **told)
        return Change("declined", now, word.by, record, unclaimed(order, record))

    return _once(name, word, decide, ports)


def cancel(name: str, word: Word, ports: Returning) -> Return:
    """End it before anything was received; its units can be returned again."""

    def decide(record: Return, order: Order) -> Change:
        return cancelled(record, order, word.by, word.reason, ports)

    return _once(name, word, decide, ports)


def retry_refund(name: str, word: Word, ports: Returning) -> Return:
    """Send again what the channel refused, after somebody has put right why."""

    def decide(record: Return, order: Order) -> Change | None:
        if all(one.status is not RefundStatus.FAILED for one in record.refunds):
            return None
        refunds = tuple(
            replace(one, status=RefundStatus.PENDING, detail="")
            if one.status is RefundStatus.FAILED
            else one
            for one in record.refunds
        )
        now = ports.clock()
        record = replace(record, refunds=refunds)
        record = noted(record, now, "RefundRetried", word.by, text=word.reason)
        return Change("retried", now, word.by, record)

    return _once(name, word, decide, ports)


def retry_label(name: str, word: Word, ports: Returning) -> Return:
    """Ask the carrier again for the label that it refused, after somebody has put right why.

    IllegalTransition: it has its label, or needs none.
    """

    def decide(record: Return, order: Order) -> Change:
        check_edge(record, ReturnStatus.LABELLED)
        if record.kept or record.location_id is None:
            raise IllegalTransition("return", record.id, "kept", ReturnStatus.LABELLED)
        now, tries = ports.clock(), record.label_tries + 1
        record = replace(record, relabel=True, label_tries=tries)
        record = noted(record, now, "ReturnLabelRetried", word.by, text=word.reason)
        return Change("relabel", now, word.by, record)

    return _once(name, word, decide, ports)


_STEPS: dict[str, Step] = {
    "approve": approve,
    "decline": decline,
    "cancel": cancel,
    "retry-refund": retry_refund,
    "retry-label": retry_label,
}


def overdue(name: str, ports: Returning) -> Return:
    """What the clock says of it: it never came, or the rest of it, or nobody inspects it."""

    def decide(record: Return, order: Order) -> Change | None:
        now = ports.clock()
        if record.due_at is None or record.due_at > now or record.status not in OPEN:
            return None
        if record.to_inspect or _is_here(record):
            record = replace(record, due_at=now + REMIND_AFTER)
            record = noted(record, now, "ReturnInspectionMissed", "sweeper")
            return Change("overdue", now, "sweeper", record)
        if record.status in EXPECTED and not record.refunds:
            return cancelled(record, order, "sweeper", "it never came", ports)
        return without_the_rest(record, order, now, ports)

    return change_return(name, decide, ports)


def _is_here(record: Return) -> bool:
    """Whether the carrier left it at our door, and nobody has received it."""
    return record.status in EXPECTED and any(x.type == "ReturnArrived" for x in record.history)


def cancelled(record: Return, order: Order, by: str, reason: str, ports: Returning) -> Change:
    """The change to CANCELLED; IllegalTransition once anything was received or paid."""
    check_edge(record, ReturnStatus.CANCELLED)
    if record.refunds:
        raise IllegalTransition("return", record.id, "paid", ReturnStatus.CANCELLED)
    now = ports.clock()
    order = unclaimed(order, record)
    record = replace(record, status=ReturnStatus.CANCELLED, due_at=None)
    record = noted(record, now, "ReturnCancelled", by, text=reason)
    return with_cancellation(Change("cancelled", now, by, record, order), ports)


def _ruled(record: Return, verdict: str, word: Word) -> Ruling:
    ruling = record.ruling or Ruling(verdict, "", "")
    return replace(ruling, verdict=verdict, by=word.by, reason=word.reason)


def _once(
    name: str, word: Word, decide: Callable[[Return, Order], Change | None], ports: Returning
) -> Return:
    """Take the step unless this very request has taken it before."""

    def first(record: Return, order: Order) -> Change | None:
        if word.request_id and word.request_id in record.requests:
            return None
        change = decide(record, order)
        return remembered(change, word.request_id) if change else None

    return change_return(name, first, ports)
