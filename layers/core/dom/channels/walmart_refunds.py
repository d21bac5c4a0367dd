"""Refunds by Walmart's Marketplace API, of lines that were shipped.

https://developer.walmart.com/us-marketplace/docs/refund-orders: amounts are negative. The comment
names our return, so that a refund whose answer was lost is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.channels.walmart_api import Json, ask
from dom.channels.walmart_feed import order_path, read_order
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return

REASON = "CustomerChangedMind"


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`."""
    if refund.store_credit:
        raise Rejected("Walmart gives no store credit: pay it by hand")
    key = refund_key(record, refund)
    answer: Any = read_order(order.account, credentials, order.external_id)
    comments = (line.get("refund") or {} for line in answer["order"]["orderLines"]["orderLine"])
    if any(key in str(one.get("refundComments") or "") for one in comments):
        return key
    lines = list(_lines(order, refund, key))
    if lines:
        told = {"purchaseOrderId": order.external_id, "orderLines": {"orderLine": lines}}
        path = f"{order_path(order.external_id)}/refund"
        ask(order.account, credentials, "POST", path, {"orderRefund": told})
    return key


def _lines(order: Order, refund: Refund, key: str) -> Iterator[Json]:
    """What of the whole amount each line pays: its own, until nothing is left; the first one pays
    for delivery too.
    """
    left = refund.amount.amount
    for n, line in enumerate(refund.lines):
        goods = min(line.goods - line.fee, left)
        tax = min(line.tax, left - goods)
        delivery = min(refund.shipping, left - goods - tax) if n == 0 else 0
        left -= goods + tax + delivery
        charges = [_charge(order, "PRODUCT", "ItemPrice", goods, tax)]
        if delivery:
            charges.append(_charge(order, "SHIPPING", "Shipping", delivery, 0))
        if goods or tax or delivery:
            told = {"refundComments": key, "refundCharges": {"refundCharge": charges}}
            refunds = {"refund": [told]}
            yield {"lineNumber": line.line_id, "isFullRefund": False, "refunds": refunds}


def _charge(order: Order, kind: str, name: str, amount: int, tax: int) -> Json:
    charge: Json = {
        "chargeType": kind,
        "chargeName": name,
        "chargeAmount": _money(order, amount),
    }
    if tax:
        charge["tax"] = {"taxName": f"{name}Tax", "taxAmount": _money(order, tax)}
    return {"refundReason": REASON, "charge": charge}


def _money(order: Order, minor: int) -> Json:
    """A number, as Walmart wants it: the shortest one that reads as this amount."""
    return {"currency": order.currency, "amount": -float(decimal_text(minor, order.currency))}
