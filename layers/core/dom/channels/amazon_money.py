"""What an Amazon order costs: proceeds are told by kind, for all units of an item."""

from __future__ import annotations

from collections.abc import Iterator

from dom.channels.amazon_models import Breakdown, Item, Order
from dom.channels.payload import money, per_unit
from dom.model.money import Money

# ISO 4217 "no currency": a pending order shows no prices.
NO_CURRENCY = "XXX"
# What is paid, apart from tax.
_PAID = frozenset({"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER"})


def currency_of(order: Order) -> str:
    """Of the total, else of the first price."""
    whole = order.proceeds.grand_total if order.proceeds else None
    prices = (item.product.price for item in order.order_items if item.product)
    units = (price.unit_price for price in prices if price)
    return next((one.currency_code for one in (whole, *units) if one), NO_CURRENCY)


def unit_price(item: Item, currency: str, path: str) -> tuple[int, int]:
    """Minor units of one unit, and the discount of all of them: the line's own price counts, where
    it is known.
    """
    units, goods = item.quantity_ordered, goods_of(item, "ITEM", currency, path)
    discount = goods_of(item, "DISCOUNT", currency, path)
    if goods and units:
        unit, over = per_unit(goods, units)
        return unit, discount + over
    price = item.product.price.unit_price if item.product and item.product.price else None
    field = f"{path}.product.price.unitPrice.amount"
    return money(price.amount, currency, field).amount if price else 0, discount


def goods_of(item: Item, kind: str, currency: str, path: str) -> int:
    """Minor units of the item's proceeds of that kind, without what tax and discount are told to
    be of shipping. A discount may be told as a negative amount.
    """
    total = 0
    for field, one in _breakdowns(item, kind, path):
        total += abs(money(one.subtotal.amount, currency, field).amount)
        total -= _of_shipping(one, currency, field)
    return max(0, total)


def shipping(order: Order, currency: str) -> Money:
    """What delivery cost, with its tax, without its discounts."""
    cost = 0
    for i, item in enumerate(order.order_items):
        path = f"order.orderItems.{i}"
        cost += goods_of(item, "SHIPPING", currency, path)
        cost += sum(_of_shipping(x, currency, at) for at, x in _breakdowns(item, "TAX", path))
        cost -= sum(_of_shipping(x, currency, at) for at, x in _breakdowns(item, "DISCOUNT", path))
    return Money(max(0, cost), currency)


def taxes_included(order: Order, currency: str) -> bool:
    """Whether prices contain the tax, which depends on the marketplace: the total tells."""
    whole = order.proceeds.grand_total if order.proceeds else None
    if whole is None:
        return False
    by_kind: dict[str, int] = {}
    for i, item in enumerate(order.order_items):
        for k, one in enumerate(item.proceeds.breakdowns if item.proceeds else ()):
            field = f"order.orderItems.{i}.proceeds.breakdowns.{k}.subtotal.amount"
            amount = abs(money(one.subtotal.amount, currency, field).amount)
            by_kind[one.type] = by_kind.get(one.type, 0) + amount
    paid = sum(by_kind.get(kind, 0) for kind in _PAID) - by_kind.get("DISCOUNT", 0)
    charged = money(whole.amount, currency, "order.proceeds.grandTotal.amount").amount
    return by_kind.get("TAX", 0) > 0 and paid == charged


def total(order: Order) -> dict[str, object]:
    """The order's total as told, if it is."""
    whole = order.proceeds.grand_total if order.proceeds else None
    return {"total": whole.amount} if whole else {}


def _breakdowns(item: Item, kind: str, path: str) -> Iterator[tuple[str, Breakdown]]:
    for k, one in enumerate(item.proceeds.breakdowns if item.proceeds else ()):
        if one.type == kind:
            yield f"{path}.proceeds.breakdowns.{k}.subtotal.amount", one


def _of_shipping(one: Breakdown, currency: str, field: str) -> int:
    values = (x.value for x in one.detailed_breakdowns if x.subtype == "SHIPPING")
    return sum(abs(money(value.amount, currency, field).amount) for value in values if value)
