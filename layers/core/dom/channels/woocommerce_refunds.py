"""Money paid back by WooCommerce's refunds: for returns here, and for what is cancelled.

https://developer.woocommerce.com/docs/apis/rest-api/v3/order-refunds/: the amount counts, whatever
the lines come to, and the order's payment gateway pays it. The reason names us, so that a refund
whose answer was lost is found again. Stock is shown by us: the shop restocks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.channels.woocommerce_rest import ask
from dom.errors import Busy, Rejected
from dom.http.client import Failing
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return

Json = dict[str, Any]
RETURN = "Return "
_NO_REFUND = "woocommerce_rest_cannot_create_order_refund"


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `dom.channels.refunds.Refunder`."""
    if refund.store_credit:
        raise Rejected("WooCommerce gives no store credit: pay it by hand")
    reason, known = f"{RETURN}{refund_key(record, refund)}", refunds_of(order, credentials)
    theirs, minor = theirs_of(order, credentials), refund.amount.amount
    for one in known:
        if one.get("reason") == reason:
            return number_of(order, one, theirs)
    units: Counter[str] = Counter()
    for line in refund.lines:
        units[line.line_id] += line.quantity
    left = left_of(order, theirs, known)
    if minor - left > len(order.lines):  # more than what rounding line by line can come to
        raise Rejected(f"the order has {decimal_text(left, order.currency)} left to pay back")
    return make(order, theirs, +units, min(minor, left), reason, credentials)


def number_of(order: Order, refund: Json, theirs: Json) -> str:
    """Its id. Busy while it is not paid: the shop keeps a refund before its gateway
    has paid, and drops it if that fails.
    """
    owed = _is_paid(theirs) and _amount(order, refund) > 0
    if owed and refund.get("refunded_payment") is False:
        raise Busy("the shop's gateway has not paid it back yet")
    return str(refund["id"])


def theirs_of(order: Order, credentials: Credentials) -> Json:
    """The order as the shop has it."""
    found = ask(order.account, credentials, "GET", f"orders/{order.external_id}").json()
    return found if isinstance(found, dict) else {}


def _is_paid(theirs: Json) -> bool:
    return bool(theirs.get("date_paid_gmt"))


def left_of(order: Order, theirs: Json, known: Iterable[Json]) -> int:
    """Minor units that can still be paid back."""
    gone = sum(_amount(order, one) for one in known)
    return max(0, _amount(order, theirs, "total") - gone)


def _amount(order: Order, told: Json, name: str = "amount") -> int:
    """Minor units. InvalidInput: the shop tells none."""
    # Here, since pydantic is loaded only where something is paid back.
    from dom.channels.payload import money

    return money(str(told.get(name)), order.currency, name).amount


def refunds_of(order: Order, credentials: Credentials) -> list[Json]:
    """What the shop has paid back of it, whoever made it do so."""
    path = f"orders/{order.external_id}/refunds"
    found = ask(order.account, credentials, "GET", path, {"per_page": "100"}).json()
    return found if isinstance(found, list) else []


def make(
    order: Order,
    theirs: Json,
    units: Mapping[str, int],
    minor: int,
    reason: str,
    credentials: Credentials,
) -> str:
    """Pay these minor units back for units by line; the refund's id. Rejected: the gateway refuses
    it.
    """
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
