"""Which of Shopify's payments of an order a refund is taken from."""

from __future__ import annotations

from collections.abc import Mapping

from dom.channels.shopify_graphql import Json, gid
from dom.errors import Rejected
from dom.model.money import decimal_text, parse_money
from dom.model.order import Order
from dom.model.refund import Refund


def parts_of(order: Order, refund: Refund, known: list[Json]) -> list[Json]:
    """The amount taken from what was captured and is not paid back yet, the oldest first."""
    left, parts = refund.amount.amount, []
    for parent, free in _refundable(known, order.currency).items():
        amount = min(left, free)
        if amount > 0:
            gateway = next(one["gateway"] for one in known if one["id"] == parent)
            parts.append(
                {
                    "orderId": gid("Order", order.external_id),
                    "parentId": parent,
                    "gateway": gateway,
                    "kind": "REFUND",
                    "amount": decimal_text(amount, order.currency),
                }
            )
            left -= amount
    if left:
        short = decimal_text(left, order.currency)
        raise Rejected(f"Shopify holds {short} {order.currency} less than is to be paid back")
    return parts


def _refundable(known: list[Json], currency: str) -> Mapping[str, int]:
    """Minor units by transaction that were captured and are not paid back."""
    free: dict[str, int] = {}
    good = [one for one in known if one["status"] == "SUCCESS"]
    for one in good:
        if one["kind"] in ("SALE", "CAPTURE"):
            free[one["id"]] = _amount(one, currency)
    for one in good:
        parent = (one.get("parentTransaction") or {}).get("id")
        if one["kind"] == "REFUND" and parent in free:
            free[parent] -= _amount(one, currency)
    return free


def _amount(transaction: Json, currency: str) -> int:
    return parse_money(transaction["amountSet"]["shopMoney"]["amount"], currency).amount
