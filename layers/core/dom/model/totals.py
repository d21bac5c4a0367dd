"""What was paid for lines and orders, and which part of it falls on which units."""

from __future__ import annotations

from dom.model.facts import LineFacts
from dom.model.money import Money
from dom.model.order import Order, OrderLine


def share(total: int, quantity: int, first: int, units: int) -> int:
    """The part of `total` minor units that falls on units `first` to `first + units` of `quantity`.

    Largest remainder, the earlier unit gets the odd minor unit: the parts of all units, taken in
    any groups, sum to the total.
    """
    base, odd = divmod(total, quantity)
    return base * units + max(0, min(first + units, odd) - min(first, odd))


def goods_total(line: OrderLine | LineFacts) -> int:
    """What the goods of the whole line cost, its discount deducted."""
    return line.unit_price.amount * line.quantity - amount_of(line.discount)


def line_total(order: Order, line: OrderLine) -> int:
    """What was paid for the whole line: its tax on top where prices exclude it."""
    return goods_total(line) + (0 if order.taxes_included else amount_of(line.tax))


def order_total(order: Order) -> int:
    """What was paid for the order: lines and delivery."""
    return sum(line_total(order, line) for line in order.lines) + amount_of(order.shipping)


def paid_back(order: Order) -> int:
    """What went back of it to the customer, by us or by the channel itself, in minor units."""
    ours = sum(line.back.refunded for line in order.lines) + order.shipping_refunded
    return ours + order.channel_refunded


def unit_value(line: OrderLine) -> int:
    """What the customer paid for one unit, its discount deducted, in minor units."""
    return goods_total(line) // line.quantity if line.quantity else 0


def amount_of(money: Money | None) -> int:
    """Minor units; 0 for no amount."""
    return money.amount if money else 0
