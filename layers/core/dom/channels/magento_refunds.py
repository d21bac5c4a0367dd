"""Refunds by Adobe Commerce's credit memos, whose comment names our return.

https://developer.adobe.com/commerce/webapi/rest/tutorials/orders/order-issue-refund/. The shop
works out itself what units are worth: what is to be paid otherwise (a fee that is kept, delivery
with its tax, its own rounding) is the memo's adjustment, so that its total is ours to the cent.
"""

from __future__ import annotations

from dom.channels.credentials import Credentials
from dom.channels.magento_feed import MagentoFeed
from dom.channels.magento_rest import Json, ask, items, search
from dom.channels.refunds import refund_key
from dom.errors import Rejected
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.return_terms import Disposition
from dom.model.rma import Return


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`."""
    if refund.store_credit:
        raise Rejected("Adobe Commerce's API gives no store credit: pay it by hand")
    note, known = f"Return {refund_key(record, refund)}", ("order_id", "eq", order.external_id)

    def found(path: str) -> list[Json]:
        return list(items(ask(order.account, credentials, "GET", path, search(known))))

    for memo in found("creditmemos"):
        if any(one.get("comment") == note for one in memo.get("comments") or ()):
            return str(memo["entity_id"])
    invoices = found("invoices")
    if len(invoices) != 1:
        raise Rejected(f"the order has {len(invoices)} invoices: pay it back there")
    body = MagentoFeed(order.account, credentials).fetch(order.external_id)
    told = {
        "items": [
            {"order_item_id": int(line), "qty": units} for line, units in _units(refund).items()
        ],
        "isOnline": True,
        "notify": False,
        "appendComment": True,
        "comment": {"comment": note, "is_visible_on_front": 0},
        "arguments": _arguments(order, refund, body),
    }
    path = f"invoice/{invoices[0]['entity_id']}/refund"
    return str(ask(order.account, credentials, "POST", path, None, told))


def _units(refund: Refund) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in refund.lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return {line: n for line, n in units.items() if n}


def _arguments(order: Order, refund: Refund, body: bytes) -> Json:
    """The adjustment, and which units are for sale again: the shop's own stock grows by those."""
    rest = refund.amount.amount - _worth(refund, body)

    def amount(minor: int) -> float:
        return float(decimal_text(max(0, minor), order.currency))

    back = [
        int(x.line_id) for x in refund.lines if x.quantity and x.disposition is Disposition.RESTOCK
    ]
    return {
        "shipping_amount": 0,
        "adjustment_positive": amount(rest),
        "adjustment_negative": amount(-rest),
        "extension_attributes": {"return_to_stock_items": sorted(set(back))},
    }


def _worth(refund: Refund, body: bytes) -> int:
    """Minor units that the shop's memo has for these units by itself: their share of the row."""
    # Here, since pydantic is loaded only where something is paid back.
    from dom.channels.magento_models import Order as Theirs
    from dom.channels.magento_rows import rows_of
    from dom.channels.payload import money, read

    theirs = read(Theirs, body)
    rows = {row.item.item_id: row for row in rows_of(theirs)}
    worth = 0
    for line, units in _units(refund).items():
        row = rows.get(line)
        if row is None:
            raise Rejected(f"the shop does not know line {line} of the order")
        currency = theirs.order_currency_code
        tax = money(row.item.tax_amount, currency, "items.tax_amount").amount
        whole, ordered = row.total - row.discount + tax, row.item.qty_ordered
        # Rounded half up, so that the parts of all refunds of a row sum to it.
        before = row.item.qty_refunded
        worth += _share(whole, before + units, ordered) - _share(whole, before, ordered)
    return worth


def _share(whole: int, units: int, of: int) -> int:
    return (2 * whole * units + of) // (2 * of)
