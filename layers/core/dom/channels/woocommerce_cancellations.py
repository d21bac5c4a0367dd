"""Units cancelled here, taken off WooCommerce's order by refunds of their lines.

https://developer.woocommerce.com/docs/apis/rest-api/v3/order-refunds/. Nothing that the shop itself
cancelled, or was never paid for, is paid back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dom.channels.cancellations import Told
from dom.channels.credentials import Credentials
from dom.channels.woocommerce_refunds import RETURN, left_of, make, number_of, refunds_of, theirs_of
from dom.errors import Rejected
from dom.model.order import Bucket, Order, OrderLine, OrderStatus

Json = dict[str, Any]
# How a refund's line names the order's.
_OF = "_refunded_item_id"
# Nothing of these is to be paid back: the shop knows, or was never paid.
_OVER = frozenset({"cancelled", "failed", "refunded", "trash", "pending", "checkout-draft"})


def tell(order: Order, credentials: Credentials) -> Told:
    """See `dom.channels.cancellations.CancellationTeller`. What was refunded there is off already,
    but for what came back to us: that is a return's.
    """
    theirs = theirs_of(order, credentials)
    if theirs.get("status") in _OVER:
        return Told({})
    known, reason = refunds_of(order, credentials), f"Cancelled {order.order_id}"
    others = [one for one in known if not str(one.get("reason") or "").startswith(RETURN)]
    for one in others:
        if one.get("reason") == reason:
            number_of(order, one, theirs)
    off = _units(others)
    units: dict[str, int] = {}
    amount = 0
    for line in order.lines:
        missing = line.units(Bucket.CANCELLED) - off[line.line_id]
        if missing > 0:
            units[line.line_id] = missing
            amount += _paid(line, off[line.line_id] + missing) - _paid(line, off[line.line_id])
    if not units:
        return Told({})
    if not all(_units([one]) for one in others):
        raise Rejected("the shop paid back an amount for no lines: see to the rest there")
    left = left_of(order, theirs, known)
    # With nothing of it left, delivery and fees go back, too.
    amount = left if order.status is OrderStatus.CANCELLED else min(amount, left)
    return Told(units, make(order, theirs, units, amount, reason, credentials))


def _paid(line: OrderLine, units: int) -> int:
    """Minor units that were paid for so many of the line, so that all parts of it sum to it."""
    discount = line.discount.amount if line.discount else 0
    tax = line.tax.amount if line.tax else 0
    whole = line.unit_price.amount * line.quantity - discount + tax
    return (2 * whole * units + line.quantity) // (2 * line.quantity)


def _units(refunds: Iterable[Json]) -> Counter[str]:
    """Units by the order's line; those of a refund's lines are negative."""
    units: Counter[str] = Counter()
    for refund in refunds:
        for line in refund.get("line_items") or ():
            of = [one["value"] for one in line.get("meta_data") or () if one.get("key") == _OF]
            if of:
                units[str(of[0])] += abs(int(line.get("quantity") or 0))
    return units
