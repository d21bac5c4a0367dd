"""The state machine's side of a return once it is labelled: waiting, paying and closing.

As for FulfillmentOrders, a token is stored on the item and completed by the relay once there is
something to do; who stores it looks first.
"""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Rejected
from dom.model.order import Order
from dom.model.refund import Refund, RefundStatus
from dom.model.return_terms import ReturnOutcome, ReturnStatus
from dom.model.rma import Return, noted
from dom.model.waiting import Outcome, outcome_of_return
from dom.returns.change import Change, change_return
from dom.returns.journal import of_payment, posted
from dom.returns.labelling import ACTOR, prepare
from dom.returns.pay import facts
from dom.returns.ports import Returning, Settling

S = ReturnStatus


def wait_for(name: str, awaited: str, token: str, ports: Returning) -> Outcome | None:
    """Store the token of a step that waits; the outcome at once if it is already known."""

    def decide(record: Return, order: Order) -> Change | None:
        if outcome_of_return(record, awaited):
            return None
        record = replace(record, task_token=token, awaited=awaited)
        return Change(f"await_{awaited}", ports.clock(), ACTOR, record)

    return outcome_of_return(change_return(name, decide, ports), awaited)


def settle(name: str, settling: Settling) -> Return:
    """Ask again for a label if a person said so; send what is owed, each refund once; close what is
    done.

    Retryable: the channel cannot say now; the execution tries again. A refund that the channel
    refuses is FAILED for good and leaves the return open for a person.
    """
    ports = settling.returning
    record = change_return(name, lambda record, order: None, ports)
    if record.relabel:
        record = prepare(name, settling)
    for refund in record.pending:
        order = ports.orders.load(record.order_id)
        if order is None:
            break
        try:
            sent = replace(refund, reference=settling.refunds.pay(order, record, refund))
            sent = replace(sent, status=RefundStatus.SENT)
        except Rejected as error:
            sent = replace(refund, status=RefundStatus.FAILED, detail=str(error)[:500])
        record = _sent(name, sent, ports)
    return _closed(name, ports)


def _sent(name: str, refund: Refund, ports: Returning) -> Return:
    def decide(record: Return, order: Order) -> Change | None:
        if all(one.number != refund.number for one in record.pending):
            return None
        now = ports.clock()
        refunds = tuple(refund if x.number == refund.number else x for x in record.refunds)
        record = replace(record, refunds=refunds)
        type_ = "RefundSent" if refund.status is RefundStatus.SENT else "RefundFailed"
        told = {**facts(refund), "reference": refund.reference, "detail": refund.detail}
        record = noted(record, now, type_, ACTOR, **told)
        record = posted(record, now, ACTOR, "payment", of_payment(refund))
        return Change(f"refund_{refund.number}", now, ACTOR, record)

    return change_return(name, decide, ports)


def _closed(name: str, ports: Returning) -> Return:
    """Close it where every unit is accounted for and nothing is owed any more."""

    def decide(record: Return, order: Order) -> Change | None:
        if record.pending or not record.settleable:
            return None
        now = ports.clock()
        for status, type_ in _ENDS[record.outcome] if record.refunds else _NOTHING:
            record = replace(record, status=status)
            record = noted(record, now, type_, ACTOR, refunded=record.refunded.amount)
        return Change("closed", now, ACTOR, replace(record, due_at=None))

    return change_return(name, decide, ports)


_CLOSED = (S.CLOSED, "ReturnClosed")
_NOTHING = (_CLOSED,)
_ENDS = {
    ReturnOutcome.REFUND: ((S.REFUNDED, "ReturnRefunded"), _CLOSED),
    ReturnOutcome.STORE_CREDIT: ((S.REFUNDED, "ReturnRefunded"), _CLOSED),
    ReturnOutcome.EXCHANGE: ((S.EXCHANGED, "ReturnExchanged"), _CLOSED),
}
