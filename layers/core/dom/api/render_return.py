"""Returns as the API shows them."""

from __future__ import annotations

from collections.abc import Callable

from dom.api.return_views import (
    GradeView,
    RefundView,
    ReturnDecisionView,
    ReturnLineView,
    ReturnRoutingView,
    ReturnView,
)
from dom.api.views import MoneyView
from dom.model.clock import to_text
from dom.model.money import Money
from dom.model.refund import Refund
from dom.model.rma import Grade, Return, ReturnDecision, ReturnLine


def render_return(
    record: Return,
    label_url: str | None = None,
    link: Callable[[str], str] = str,
    read: Callable[[str], str] = str,
) -> ReturnView:
    """The return without task token, request ids and the digest that names its customer.

    `link` makes of a photo's key an address to see it at, `read` of a note what was written.
    """
    label = record.label
    return {
        "return_id": record.id,
        "order_id": record.order_id,
        "status": record.status.value,
        "version": record.version,
        "method": record.method.value,
        "outcome": record.outcome.value,
        "decision": _decision(record),
        "destination": {"location_id": record.location_id} if record.location_id else None,
        "label_url": label_url or None,
        "carrier": label.carrier if label else "",
        "tracking_number": label.tracking_number if label else "",
        "label_cost": _money(label.cost) if label and label.cost else None,
        "lines": [_line(line, link, read) for line in record.lines],
        "dispositions": [_grade(grade, link) for grade in record.grades],
        "unexpected": [
            {"sku": x.sku, "quantity": x.quantity, "note": read(x.note)} for x in record.unexpected
        ],
        "refund": _money(record.refunded),
        "refunds": [_refund(refund) for refund in record.refunds],
        "exchange_lines": [{"sku": x.sku, "quantity": x.quantity} for x in record.exchange_lines],
        "exchange_order_id": record.exchange_order_id,
        "flags": list(record.flags),
        "created_at": to_text(record.created_at),
        "due_at": to_text(record.due_at) if record.due_at else None,
        "timeline": [
            {"at": to_text(x.at), "type": x.type, "actor": x.actor, "data": dict(x.data)}
            for x in record.history
        ],
    }


def _decision(record: Return) -> ReturnDecisionView:
    ruling = record.ruling
    verdict = "keep_it" if record.kept else ruling.verdict if ruling else ""
    return {
        "verdict": verdict,
        "rule": ruling.rule if ruling else "",
        "text": ruling.text if ruling else "",
        "by": ruling.by if ruling else "",
        "reason": ruling.reason if ruling else "",
        "routing": _routing(record.decision) if record.decision else None,
    }


def _routing(decision: ReturnDecision) -> ReturnRoutingView:
    return {
        "outcome": decision.outcome,
        "why": decision.why,
        "cost": decision.cost,
        "recovered": decision.recovered,
        "days": decision.days,
        "co2e_grams": decision.co2e_grams,
        "rule_version": decision.rule_version,
        "candidates": [dict(one) for one in decision.candidates],
    }


def _line(
    line: ReturnLine, link: Callable[[str], str], read: Callable[[str], str]
) -> ReturnLineView:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "quantity": line.quantity,
        "reason": line.reason.value,
        "note": read(line.note),
        "photos": [link(key) for key in line.photos],
        "received": line.received,
        "missing": line.missing,
        "not_sent": line.not_sent,
        "refunded": line.refunded,
    }


def _grade(grade: Grade, link: Callable[[str], str]) -> GradeView:
    return {
        "line_id": grade.line_id,
        "sku": grade.sku,
        "quantity": grade.quantity,
        "condition": grade.condition.value,
        "disposition": grade.disposition.value,
        "location_id": grade.location_id,
        "at": to_text(grade.at),
        "why": grade.why,
        "photos": [link(key) for key in grade.photos],
    }


def _refund(refund: Refund) -> RefundView:
    return {
        "number": refund.number,
        "at": to_text(refund.at),
        "amount": _money(refund.amount),
        "status": refund.status.value,
        "store_credit": refund.store_credit,
        "shipping": refund.shipping,
        "label_fee": refund.label_fee,
        "exchanged": refund.exchanged,
        "paid_otherwise": refund.paid_otherwise,
        "reference": refund.reference,
        "detail": refund.detail,
        "lines": [
            {
                "line_id": line.line_id,
                "quantity": line.quantity,
                "goods": line.goods,
                "tax": line.tax,
                "included_tax": line.included_tax,
                "fee": line.fee,
                "amount": line.amount,
            }
            for line in refund.lines
        ],
    }


def _money(money: Money) -> MoneyView:
    return {"amount": money.amount, "currency": money.currency}
