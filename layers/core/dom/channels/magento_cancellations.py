"""Units cancelled here, taken off Adobe Commerce's order.

An order that is not invoiced is cancelled as a whole, which is all that its API can. Of an invoiced
one the units are paid back by a credit memo upon the invoice, online:
https://developer.adobe.com/commerce/webapi/rest/tutorials/orders/order-issue-refund/. What is off
there already, whoever did it, is read from the order itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.magento_feed import MagentoFeed
from dom.channels.magento_rest import Json, ask, items, search
from dom.errors import Rejected
from dom.model.order import Bucket, Order, OrderStatus


def tell(order: Order, credentials: Credentials) -> Told:
    """See `CancellationTeller`."""
    body = MagentoFeed(order.account, credentials).fetch(order.external_id)
    units, invoiced = _missing(order, body, _paid_off(order, credentials))
    if not units:
        return Told({})
    if invoiced:
        return Told(units, _paid_back(order, units, credentials))
    if order.status is not OrderStatus.CANCELLED:
        raise Rejected("a part of an order that is not invoiced cannot be cancelled there")
    path = f"orders/{order.external_id}/cancel"
    if ask(order.account, credentials, "POST", path, None, {}) is not True:
        raise Rejected("the shop does not cancel the order in the state that it is in there")
    return Told(units, order.external_id)


def _paid_off(order: Order, credentials: Credentials) -> Counter[str]:
    """Units by line that we took off by credit memos before."""
    known = search(("order_id", "eq", order.external_id))
    units: Counter[str] = Counter()
    for memo in items(ask(order.account, credentials, "GET", "creditmemos", known)):
        if any(one.get("comment") == _note(order) for one in memo.get("comments") or ()):
            for row in memo.get("items") or ():
                units[str(row["order_item_id"])] += int(row["qty"])
    return units


def _note(order: Order) -> str:
    return f"Cancelled {order.order_id}"


def _missing(order: Order, body: bytes, paid_off: Mapping[str, int]) -> tuple[dict[str, int], bool]:
    """Units by line that are cancelled here and open there; whether any of them is invoiced."""
    # Here, since pydantic is loaded only where something is cancelled.
    from dom.channels.magento_models import Order as Theirs
    from dom.channels.payload import read

    rows = {item.item_id: item for item in read(Theirs, body).items}
    units, invoiced = dict[str, int](), False
    for line in order.lines:
        row = rows.get(line.line_id)
        if row is None:
            continue
        # What is refunded and not shipped was taken off; once all that is left is shipped, only
        # the memos still tell.
        refunded = max(0, row.qty_refunded - row.qty_shipped, paid_off.get(line.line_id, 0))
        off = row.qty_canceled + refunded
        left = row.qty_ordered - row.qty_canceled - max(row.qty_shipped, row.qty_refunded)
        missing = min(line.units(Bucket.CANCELLED) - off, left)
        if missing > 0:
            units[line.line_id] = missing
            invoiced = invoiced or row.qty_invoiced > 0
    return units, invoiced


def _paid_back(order: Order, units: dict[str, int], credentials: Credentials) -> str:
    known = search(("order_id", "eq", order.external_id))
    invoices = items(ask(order.account, credentials, "GET", "invoices", known))
    if len(invoices) != 1:
        raise Rejected(f"the order has {len(invoices)} invoices: pay it back there")
    told: Json = {
        "items": [{"order_item_id": int(line), "qty": n} for line, n in units.items()],
        "isOnline": True,
        "notify": False,
        "appendComment": True,
        "comment": {"comment": _note(order), "is_visible_on_front": 0},
    }
    if order.status is not OrderStatus.CANCELLED:
        told["arguments"] = {"shipping_amount": 0}  # else all of the delivery goes back
    path = f"invoice/{invoices[0]['entity_id']}/refund"
    return str(ask(order.account, credentials, "POST", path, None, told))
