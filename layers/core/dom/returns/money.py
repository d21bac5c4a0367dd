"""What a return pays: exact shares of what was paid, whatever the sequence of partial refunds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dom.model.money import Money
from dom.model.order import Bucket, Order
from dom.model.refund import Refund, RefundLine
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import OUR_FAULT, Disposition, ReturnMethod, ReturnOutcome
from dom.model.rma import Return
from dom.model.totals import amount_of, goods_total, line_total, order_total, paid_back, share


@dataclass(frozen=True, slots=True)
class Due:
    """Units of a line to be paid for. `percent` of their price, as their condition allows.

    `disposition` None: not known yet, they are paid before they are inspected.
    """

    line_id: str
    quantity: int
    percent: int = 100
    disposition: Disposition | None = None


def refund(
    order: Order, record: Return, dues: Sequence[Due], policy: ReturnPolicy, at: datetime
) -> tuple[Order, Return]:
    """The order and the return with a refund for those units, PENDING; both unchanged without any.

    Never more than was paid for a line, nor for the order, less what was paid back already by us
    or by the channel itself. The label's fee is kept once, from the first refund.
    """
    left = left_to_pay(order) + _to_exchange(record)
    lines: list[RefundLine] = []
    for due in dues:
        order, line = _pay_line(order, record, due)
        lines.append(line)
        known = record.line(due.line_id)
        record = record.with_lines([replace(known, refunded=known.refunded + due.quantity)])
    if not lines:
        return order, record
    order, shipping = _shipping(order, record, policy)
    total = sum(line.amount for line in lines) + shipping
    fee = min(total, _label_fee(record, policy))
    exchanged = min(total - fee, _to_exchange(record))
    left = max(0, left - exchanged)
    order = replace(order, exchange_promised=order.exchange_promised - exchanged)
    paid = Refund(
        number=len(record.refunds) + 1,
        at=at,
        amount=Money(min(total - fee - exchanged, left), order.currency),
        exchanged=exchanged,
        paid_otherwise=max(0, total - fee - exchanged - left),
        lines=tuple(lines),
        shipping=shipping,
        label_fee=fee,
        store_credit=record.outcome is ReturnOutcome.STORE_CREDIT,
    )
    return order, replace(record, refunds=(*record.refunds, paid))


def left_to_pay(order: Order) -> int:
    """What of the order's money is neither paid back nor promised to goods that replace others.

    Below 0 where the channel paid back what was promised.
    """
    return order_total(order) - paid_back(order) - order.exchange_promised


def _pay_line(order: Order, record: Return, due: Due) -> tuple[Order, RefundLine]:
    line = order.line(due.line_id)
    # Cancelled units have the last shares: what left was captured from the first one on.
    first = line.paid_back - line.units(Bucket.CANCELLED)
    units = max(0, min(due.quantity, line.quantity - line.paid_back))
    goods = share(goods_total(line), line.quantity, first, units)
    tax = share(amount_of(line.tax), line.quantity, first, units)
    goods, tax = goods * due.percent // 100, tax * due.percent // 100
    included = tax if order.taxes_included else 0
    tax = 0 if order.taxes_included else tax
    left = max(0, line_total(order, line) - line.back.refunded)
    goods = min(goods, left)
    tax = min(tax, left - goods)
    fee = goods * record.line(due.line_id).restocking_percent // 100
    paid = RefundLine(
        due.line_id, due.quantity, goods, tax, min(included, goods), fee, due.disposition
    )
    changed = line.with_back(
        refunded_units=line.back.refunded_units + units,
        refunded=line.back.refunded + goods + tax,
    )
    return order.with_lines([changed]), paid


def _shipping(order: Order, record: Return, policy: ReturnPolicy) -> tuple[Order, int]:
    """Delivery is paid back once: where the seller is at fault, or nothing of the order is kept."""
    left = amount_of(order.shipping) - order.shipping_refunded
    fault = all(line.reason in OUR_FAULT for line in record.lines)
    if left <= 0 or not policy.refund_shipping or not (fault or _all_paid_back(order)):
        return order, 0
    return replace(order, shipping_refunded=order.shipping_refunded + left), left


def _all_paid_back(order: Order) -> bool:
    return all(line.paid_back >= line.quantity for line in order.lines)


def _to_exchange(record: Return) -> int:
    """What of the goods' value went into what the customer gets instead, and is not booked yet."""
    return record.exchange_value - sum(one.exchanged for one in record.refunds)


def _label_fee(record: Return, policy: ReturnPolicy) -> int:
    fault = all(line.reason in OUR_FAULT for line in record.lines)
    free = fault or record.kept or record.method is not ReturnMethod.MAIL or record.refunds
    return 0 if free else policy.label_fee


def dues_of(pairs: Iterable[tuple[str, int]]) -> list[Due]:
    """Units by line as what is to be paid in full."""
    return [Due(line_id, units) for line_id, units in pairs if units]
