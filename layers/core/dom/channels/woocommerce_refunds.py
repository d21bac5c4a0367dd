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
from dom.errors import Busy, Rejected
from dom.http.client import Failing
from dom.model.money import decimal_text
from dom.model.order import Bucket, Order, OrderLine, OrderStatus
from dom.model.refund import Refund
from dom.model.rma import Return

Json = dict[str, Any]
# How a refund's line names the order's.
_OF = "_refunded_item_id"
_RETURN = "Return "
_NO_REFUND = "woocommerce_rest_cannot_create_order_refund"
# Nothing of these is to be paid back: the shop knows, or was never paid.
_OVER = frozenset({"cancelled", "failed", "refunded", "trash", "pending", "checkout-draft"})


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`."""
    if refund.store_credit:
        raise Rejected("WooCommerce gives no store credit: pay it by hand")
    reason, known = f"{_RETURN}{refund_key(record, refund)}", _refunds(order, credentials)
    theirs, minor = _theirs(order, credentials), refund.amount.amount
    for one in known:
        if one.get("reason") == reason:
            return _made(one, theirs)
    units: Counter[str] = Counter()
    for line in refund.lines:
        units[line.line_id] += line.quantity
    left = _left(order, theirs, known)
    if minor - left > len(order.lines):  # more than what rounding line by line can come to
        raise Rejected(f"the order has {decimal_text(left, order.currency)} left to pay back")
    return _make(order, theirs, units, min(minor, left), reason, credentials)


def tell(order: Order, credentials: Credentials) -> Told:
    """See `dom.channels.cancellations.CancellationTeller`. What was refunded there is off already,
    but for what came back to us: that is a return's.
    """
    theirs = _theirs(order, credentials)
    if theirs.get("status") in _OVER:
        return Told({})
    known, reason = _refunds(order, credentials), f"Cancelled {order.order_id}"
    ours = [one for one in known if str(one.get("reason") or "").startswith((_RETURN, reason))]
    for one in known:
        if one in ours:
            _made(one, theirs)
        elif not _units([one]):
            raise Rejected("the shop paid back an amount for no lines: see to the rest there")
    off = _units(one for one in known if not str(one.get("reason") or "").startswith(_RETURN))
    units: dict[str, int] = {}
    amount = 0
    for line in order.lines:
        missing = line.units(Bucket.CANCELLED) - off[line.line_id]
        if missing > 0:
            units[line.line_id] = missing
            amount += _paid(line, off[line.line_id] + missing) - _paid(line, off[line.line_id])
    if not units:
        return Told({})
    left = _left(order, theirs, known)
    # With nothing of it left, delivery and fees go back, too.
    amount = left if order.status is OrderStatus.CANCELLED else min(amount, left)
    return Told(units, _make(order, theirs, units, amount, reason, credentials))


def _made(refund: Json, theirs: Json) -> str:
    """Its id. The shop keeps a refund before its gateway has paid, and drops it if that fails."""
    owed = _is_paid(theirs) and any(digit in "123456789" for digit in str(refund.get("amount")))
    if owed and refund.get("refunded_payment") is False:
        raise Busy("the shop's gateway has not paid it back yet")
    return str(refund["id"])


def _paid(line: OrderLine, units: int) -> int:
    """Minor units that were paid for so many of the line, so that all parts of it sum to it."""
    discount = line.discount.amount if line.discount else 0
    tax = line.tax.amount if line.tax else 0
    whole = line.unit_price.amount * line.quantity - discount + tax
    return (2 * whole * units + line.quantity) // (2 * line.quantity)


def _theirs(order: Order, credentials: Credentials) -> Json:
    found = ask(order.account, credentials, "GET", f"orders/{order.external_id}").json()
    return found if isinstance(found, dict) else {}


def _is_paid(theirs: Json) -> bool:
    return bool(theirs.get("date_paid_gmt"))


def _left(order: Order, theirs: Json, known: Iterable[Json]) -> int:
    """Minor units that can still be paid back."""
    # Here, since pydantic is loaded only where something is paid back.
    from dom.channels.payload import money

    def minor(text: object, name: str) -> int:
        return money(str(text), order.currency, name).amount

    gone = sum(minor(one.get("amount"), "refunds.amount") for one in known)
    return max(0, minor(theirs.get("total"), "total") - gone)


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
    order: Order,
    theirs: Json,
    units: Mapping[str, int],
    minor: int,
    reason: str,
    credentials: Credentials,
) -> str:
    told = {
        "amount": decimal_text(minor, order.currency),
        "reason": reason,
        # What was never taken, such as cash on delivery, is only written off.
        "api_refund": minor > 0 and _is_paid(theirs),
        "api_restock": False,
        "line_items": [
            {"id": int(line), "quantity": n, "refund_total": 0} for line, n in units.items()
        ],
    }
    path = f"orders/{order.external_id}/refunds"
    try:
        made = ask(order.account, credentials, "POST", path, None, told).json()
    except Failing as failing:
        said = failing.json()
        if said.get("code") == _NO_REFUND:  # with status 500, and yet for good
            raise Rejected(str(said.get("message") or failing)) from failing
        raise
    return str(made["id"])
