"""Money paid back by BigCommerce's V3 payment actions: for returns, and for what is cancelled.

https://developer.bigcommerce.com/docs/rest-management/orders/order-refunds. A quote says by which
ways of payment it can go back; the first is taken. The reason names us, so that a refund whose
answer was lost is found again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dom.channels.bigcommerce_rest import all_of, ask
from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.refund import Refund
from dom.model.rma import Return

Json = dict[str, Any]
# Incomplete, pending, refunded, cancelled, declined: the store knows, or was never paid.
_OVER = frozenset({0, 1, 4, 5, 6})


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`. The amount is paid upon the order: the shop's own shares
    of lines may differ from ours by a cent.
    """
    amount = float(decimal_text(refund.amount.amount, order.currency))
    item = {"item_type": "ORDER", "item_id": int(order.external_id), "amount": amount}
    reason = f"Return {refund_key(record, refund)}"
    return _refunded(order, [item], reason, _known(order, credentials), credentials)


def tell(order: Order, credentials: Credentials) -> Told:
    """See `dom.channels.cancellations.CancellationTeller`. Units are paid back, as the shop prices
    them; what was refunded there before it was shipped is off already.
    """
    path = f"v2/orders/{order.external_id}"
    theirs = ask(order.account, credentials, "GET", path)
    if int(theirs["status_id"]) in _OVER:
        return Told({})
    rows = {str(one["id"]): one for one in all_of(order.account, credentials, f"{path}/products")}
    known = _known(order, credentials)
    paid_off = _paid_off(order, known)
    units: dict[str, int] = {}
    for line in order.lines:
        row = rows.get(line.line_id)
        if row is None:
            continue
        shipped, refunded = int(row["quantity_shipped"]), int(row["quantity_refunded"])
        # What is refunded and not shipped was taken off; once all that is left is shipped, only
        # our own refunds still tell.
        off = max(0, refunded - shipped, paid_off[line.line_id])
        left = int(row["quantity"]) - max(shipped, refunded)
        missing = min(line.units(Bucket.CANCELLED) - off, left)
        if missing > 0:
            units[line.line_id] = missing
    if not units:
        return Told({})
    items: list[Json] = [
        {"item_type": "PRODUCT", "item_id": int(line), "quantity": n} for line, n in units.items()
    ]
    items += _delivery(order, theirs, rows.values())
    # Of its own each time: what is told is what is missing now.
    off_in_all = sum(line.units(Bucket.CANCELLED) for line in order.lines)
    reason = f"{_cancelled(order)}, {off_in_all} units"
    return Told(units, _refunded(order, items, reason, known, credentials))


def _cancelled(order: Order) -> str:
    return f"Cancelled {order.order_id}"


def _delivery(order: Order, theirs: Json, rows: Iterable[Json]) -> list[Json]:
    """What delivery cost, if nothing of the order is left and it has one address."""
    addresses = {int(row.get("order_address_id") or 0) for row in rows} - {0}
    cost = float(theirs.get("shipping_cost_inc_tax") or 0)
    if order.status is not OrderStatus.CANCELLED or len(addresses) != 1 or not cost:
        return []
    return [{"item_type": "SHIPPING", "item_id": addresses.pop(), "amount": cost}]


def _known(order: Order, credentials: Credentials) -> list[Json]:
    """What the store has paid back of it, whoever made it do so."""
    path = f"v3/orders/{order.external_id}/payment_actions/refunds"
    return list(ask(order.account, credentials, "GET", path)["data"])


def _paid_off(order: Order, known: Iterable[Json]) -> Counter[str]:
    """Units by line that we paid back for cancellations before."""
    units: Counter[str] = Counter()
    for refund in known:
        for item in refund.get("items") or ():
            reason = str(item.get("reason") or refund.get("reason") or "")
            if item.get("item_type") == "PRODUCT" and reason.startswith(_cancelled(order)):
                units[str(item["item_id"])] += int(item["quantity"])
    return units


def _refunded(
    order: Order,
    items: list[Json],
    reason: str,
    known: Iterable[Json],
    credentials: Credentials,
) -> str:
    path = f"v3/orders/{order.external_id}/payment_actions"
    for one in known:
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
