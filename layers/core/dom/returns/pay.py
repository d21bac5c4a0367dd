"""A refund becomes due: its amount, and what the books say of it, in the fact that causes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.return_policy import ReturnPolicy
from dom.model.rma import Return, noted
from dom.returns.journal import of_refund, posted
from dom.returns.money import Due, refund


def paid(
    order: Order,
    record: Return,
    dues: Sequence[Due],
    actor: str,
    at: datetime,
    policy: ReturnPolicy,
) -> tuple[Order, Return]:
    """The order and the return with what is due for those units as one more PENDING refund."""
    before = len(record.refunds)
    order, record = refund(order, record, dues, policy, at)
    for one in record.refunds[before:]:
        record = noted(record, at, "RefundOwed", actor, **facts(one))
        record = posted(record, at, actor, "refund", of_refund(one))
    return order, record


def facts(one: Refund) -> dict[str, object]:
    """A refund as its events tell it: amounts in minor units."""
    return {
        "number": one.number,
        "amount": one.amount.amount,
        "currency": one.amount.currency,
        "store_credit": one.store_credit,
        "shipping": one.shipping,
        "label_fee": one.label_fee,
        "exchanged": one.exchanged,
        "paid_otherwise": one.paid_otherwise,
        "refunded": [
            {
                "line_id": line.line_id,
                "quantity": line.quantity,
                "amount": line.amount,
                "goods": line.goods,
                "tax": line.tax,
                "included_tax": line.included_tax,
                "fee": line.fee,
            }
            for line in one.lines
        ],
    }
