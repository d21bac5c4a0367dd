"""Money paid back by WooCommerce's refunds: for returns, and for what is cancelled.

https://developer.woocommerce.com/docs/apis/rest-api/v3/order-refunds/: the amount counts, whatever
the lines come to, and the order's payment gateway pays it. The reason names us, so that a refund
whose answer was lost is found again. Stock is shown by us: the shop restocks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.channels.woocommerce_rest import ask
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Bucket, Order, OrderLine, OrderStatus
from dom.model.refund import Refund
from dom.model.rma import Return

Json = dict[str, Any]
# How a refund's line names the order's.
_OF = "_refunded_item_id"


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`."""
    if refund.store_credit:
        raise Rejected("WooCommerce gives no store credit: pay it by hand")
    reason, known = f"Return {refund_key(record, refund)}", _refunds(order, credentials)
    for one in known:
        if one.get("reason") == reason:
            return str(one["id"])
    units: Counter[str] = Counter()
    for line in refund.lines:
        units[line.line_id] += line.quantity
    return _make(order, units, refund.amount.amount, reason, credentials)


def tell(order: Order, credentials: Credentials) -> Told:
    """See `dom.channels.cancellations.CancellationTeller`. What was refunded there is off already,
    but for what came back to us: that is a return's.
    """
    known = _refunds(order, credentials)
    off = _units(one for one in known if not str(one.get("reason") or "").startswith("Return "))
    units: dict[str, int] = {}
    amount = 0
    for line in order.lines:
        missing = line.units(Bucket.CANCELLED) - off[line.line_id]
        if missing > 0:
            units[line.line_id] = missing
            amount += _paid(line, off[line.line_id] + missing) - _paid(line, off[line.line_id])
    if not units:
        return Told({})
    if order.status is OrderStatus.CANCELLED and order.shipping:
        amount += order.shipping.amount
    reason = f"Cancelled {order.order_id}"
    return Told(units, _make(order, units, amount, reason, credentials))


def _paid(line: OrderLine, units: int) -> int:
    """Minor units that were paid for so many of the line, so that all parts of it sum to it."""
    discount = line.discount.amount if line.discount else 0
    tax = line.tax.amount if line.tax else 0
    whole = line.unit_price.amount * line.quantity - discount + tax
    return (2 * whole * units + line.quantity) // (2 * line.quantity)


def _refunds(order: Order, credentials: Credentials) -> list[Json]:
    path = f"orders/{order.external_id}/refunds"
    found = ask(order.account, credentials, "GET", path, {"per_page": "100"}).json()
    return found if isinstance(found, list) else []


def _units(refunds: Iterable[Json]) -> Counter[str]:
    """Units by the order's line; those of a refund's lines are negative."""
    units: Counter[str] = Counter()
    for refund in refunds:
        for line in refund.get("line_items") or ():
            of = [one["value"] for one in line.get("meta_data") or () if one.get("key") == _OF]
            if of:
                units[str(of[0])] += abs(int(line.get("quantity") or 0))
    return units


def _make(
    order: Order, units: Mapping[str, int], minor: int, reason: str, credentials: Credentials
) -> str:
    told = {
        "amount": decimal_text(minor, order.currency),
        "reason": reason,
        "api_refund": True,
        "api_restock": False,
        "line_items": [
            {"id": int(line), "quantity": n, "refund_total": 0} for line, n in units.items()
        ],
    }
    path = f"orders/{order.external_id}/refunds"
    made = ask(order.account, credentials, "POST", path, None, told).json()
    return str(made["id"])
