"""The money of a kit shared out over its components, to the last minor unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dom.model.facts import LineFacts
from dom.model.kit import Kit
from dom.model.money import Money, split_amount
from dom.model.totals import amount_of


def priced(kit: Kit, line: LineFacts, kits: int) -> Iterator[LineFacts]:
    """A line of the channel as lines of the kit's parts: price, discount and tax each by largest
    remainder, so that their sums are the line's.

    `kits` are what the money is for. A unit price is a whole number: what it is too much for all
    units of a part is that part's discount.
    """
    weights, currency = [part.weight for part in kit.parts], line.unit_price.currency
    goods = split_amount(line.unit_price.amount * kits, weights)
    discounts = split_amount(amount_of(line.discount), weights)
    taxes = split_amount(amount_of(line.tax), weights)
    shares = zip(kit.parts, goods, discounts, taxes, strict=True)
    for part, total, discount, tax in shares:
        units = part.units * kits
        over = -total % units
        yield replace(
            line,
            line_id=part.line_id,
            quantity=line.quantity * part.units,
            removed=line.removed * part.units,
            unit_price=Money((total + over) // units, currency),
            sku=part.sku,
            title="",
            grams=part.grams,
            discount=_unless_zero(discount + over, currency),
            tax=_unless_zero(tax, currency),
        )


def _unless_zero(amount: int, currency: str) -> Money | None:
    return Money(amount, currency) if amount else None
