"""Money paid back by BigCommerce's V3 payment actions: for returns, and for what is cancelled.

https://developer.bigcommerce.com/docs/rest-management/orders/order-refunds. A quote says by which
ways of payment it can go back; the first is taken. The reason names us, so that a refund whose
answer was lost is found again.
"""

from __future__ import annotations

from typing import Any

from dom.channels.bigcommerce_rest import ask
from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Bucket, Order
from dom.model.refund import Refund
from dom.model.rma import Return

Json = dict[str, Any]


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`. The amount is paid upon the order: the shop's own shares
    of lines may differ from ours by a cent.
    """
    amount = float(decimal_text(refund.amount.amount, order.currency))
    item = {"item_type": "ORDER", "item_id": int(order.external_id), "amount": amount}
    return _refunded(order, [item], f"Return {refund_key(record, refund)}", credentials)


def tell(order: Order, credentials: Credentials) -> Told:
    """See `dom.channels.cancellations.CancellationTeller`. Units are paid back, as the shop prices
    them; what was refunded there before it was shipped is off already.
    """
    path = f"v2/orders/{order.external_id}/products"
    rows = {str(one["id"]): one for one in ask(order.account, credentials, "GET", path)}
    units: dict[str, int] = {}
    for line in order.lines:
        row = rows.get(line.line_id)
        if row is None:
            continue
        shipped, refunded = int(row["quantity_shipped"]), int(row["quantity_refunded"])
        off, left = max(0, refunded - shipped), int(row["quantity"]) - max(shipped, refunded)
        missing = min(line.units(Bucket.CANCELLED) - off, left)
        if missing > 0:
            units[line.line_id] = missing
    if not units:
        return Told({})
    items: list[Json] = [
        {"item_type": "PRODUCT", "item_id": int(line), "quantity": n} for line, n in units.items()
    ]
    # Of its own each time: what is told is what is missing now.
    off_in_all = sum(line.units(Bucket.CANCELLED) for line in order.lines)
    reason = f"Cancelled {order.order_id}, {off_in_all} units"
    return Told(units, _refunded(order, items, reason, credentials))


def _refunded(order: Order, items: list[Json], reason: str, credentials: Credentials) -> str:
    path = f"v3/orders/{order.external_id}/payment_actions"
    for one in ask(order.account, credentials, "GET", f"{path}/refunds")["data"]:
        if reason in (one.get("reason"), *(x.get("reason") for x in one.get("items") or ())):
            return str(one["id"])
    items = [{**item, "reason": reason} for item in items]
    asked = {"items": items}
    quoted = ask(order.account, credentials, "POST", f"{path}/refund_quotes", None, asked)
    ways = quoted["data"]["refund_methods"]
    if not ways:
        raise Rejected("the shop knows no way to pay it back")
    payments = [
        {"provider_id": one["provider_id"], "amount": one["amount"], "offline": one["offline"]}
        for one in ways[0]
    ]
    told = {"items": items, "payments": payments, "reason": reason}
    made = ask(order.account, credentials, "POST", f"{path}/refunds", None, told)
    return str(made["data"]["id"])
