"""Amounts in Shopify's payloads beside the lines: delivery, and what refunds paid back.

All in the shop's currency. Refund subtotals are numbers beside `*_set` with texts; a refund's own
webhook does not name the order's currency, so the sets are read first.
"""

from __future__ import annotations

from collections.abc import Iterable

from dom.channels.payload import money
from dom.channels.shopify_models import MoneySet, Refund, ShippingLine, ShopifyOrder
from dom.model.facts import LineFacts, Payment
from dom.model.money import Money
from dom.model.totals import amount_of, goods_total


def shipping(order: ShopifyOrder) -> Money | None:
    """What delivery cost, discounts deducted, tax added where prices exclude it; None: nothing."""
    total = sum(
        _cost(line, order, f"shipping_lines.{i}")
        for i, line in enumerate(order.shipping_lines)
        if not line.is_removed
    )
    return Money(total, order.currency) if total > 0 else None


def authorized(order: ShopifyOrder) -> int | None:
    """What is guaranteed and not captured yet: all that the order cost when it was placed."""
    if order.financial_status != Payment.AUTHORIZED or order.total_price is None:
        return None
    return _told(order.total_price_set, order.total_price, order.currency, "total_price")


def fees(order: ShopifyOrder, lines: Iterable[LineFacts], delivery: Money | None) -> int:
    """What the order cost beside lines and delivery: tips, duties and other fees."""
    known = amount_of(delivery)
    for line in lines:
        known += goods_total(line) + (0 if order.taxes_included else amount_of(line.tax))
    return max(0, (authorized(order) or 0) - known)


def paid_back(refund: Refund) -> int:
    """What a refund paid back, in minor units of the shop's currency.

    As moved; where no movement is told, what its lines come to.
    """
    currency = _currency(refund)
    moved = [one for one in refund.transactions if one.kind == "refund"]
    if moved or not currency:
        return sum(
            money(one.amount or 0, one.currency or currency, "transactions.amount").amount
            for one in moved
            if one.status == "success" and (one.currency or currency)
        )
    return sum(
        _told(line.subtotal_set, line.subtotal, currency, f"refund_line_items.{i}.subtotal")
        + _told(line.total_tax_set, line.total_tax, currency, f"refund_line_items.{i}.total_tax")
        for i, line in enumerate(refund.refund_line_items)
    )


def _currency(refund: Refund) -> str:
    sets = (line.subtotal_set for line in refund.refund_line_items)
    shop = (one.shop_money.currency_code for one in sets if one and one.shop_money)
    moved = (one.currency for one in refund.transactions)
    return next((code for code in (*shop, *moved) if code), "")


def _cost(line: ShippingLine, order: ShopifyOrder, path: str) -> int:
    price = _told(line.price_set, line.price, order.currency, f"{path}.price")
    off = sum(
        _told(one.amount_set, one.amount, order.currency, f"{path}.discount_allocations")
        for one in line.discount_allocations
    )
    if order.taxes_included:
        return max(0, price - off)
    taxes = sum(
        _told(one.price_set, one.price, order.currency, f"{path}.tax_lines")
        for one in line.tax_lines
    )
    return max(0, price - off) + taxes


def _told(both: MoneySet | None, plain: str | None, currency: str, field: str) -> int:
    """The amount in the shop's currency, from its set if that speaks of it."""
    shop = both.shop_money if both else None
    if shop and shop.currency_code == currency:
        return money(shop.amount, currency, field).amount
    return money(plain or 0, currency, field).amount
