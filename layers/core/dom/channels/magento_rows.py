"""Which rows of an order are what the customer bought, and what each costs.

A configurable product is told in two rows: the parent counts, the child is the same thing again.
A bundle's parent is only its name: the children count, and carry its price if they have none.
"""

from __future__ import annotations

from dataclasses import dataclass

from dom.channels.magento_models import Item, Order
from dom.channels.payload import money
from dom.model.money import split_amount

_BUNDLE, _CONFIGURABLE = "bundle", "configurable"
_INTANGIBLE = frozenset({"virtual", "downloadable", "giftcard"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that counts, and its place in the order. Minor units of all its units: `total` before
    `discount`, both without tax.
    """

    item: Item
    index: int
    total: int
    discount: int

    @property
    def intangible(self) -> bool:
        """Whether it is nothing to ship."""
        return self.item.product_type in _INTANGIBLE or bool(self.item.is_virtual)


def rows_of(order: Order) -> list[Row]:
    """The rows that count, as the order has them."""
    kinds = {item.item_id: item.product_type for item in order.items}
    rows = [
        _row(order, item, i)
        for i, item in enumerate(order.items)
        if item.product_type != _BUNDLE
        and kinds.get(item.parent_item_id or "") != _CONFIGURABLE
        and item.qty_ordered
    ]
    for i, item in enumerate(order.items):
        if item.product_type == _BUNDLE:
            rows = _priced(rows, _row(order, item, i))
    return rows


def _row(order: Order, item: Item, i: int) -> Row:
    currency = order.order_currency_code

    def minor(name: str) -> int:
        return money(getattr(item, name), currency, f"items.{i}.{name}").amount

    # Where prices are shown with tax, the discount is told with tax, too, and what of it is tax.
    discount = minor("discount_amount") - minor("discount_tax_compensation_amount")
    return Row(item, i, minor("row_total"), max(0, discount))


def _priced(rows: list[Row], bundle: Row) -> list[Row]:
    """The rows, those of a bundle of fixed price with their shares of it."""
    mine = [row for row in rows if row.item.parent_item_id == bundle.item.item_id]
    if not mine or any(row.total for row in mine):
        return rows
    weights = [row.item.qty_ordered for row in mine]
    shares = zip(
        mine,
        split_amount(bundle.total, weights),
        split_amount(bundle.discount, weights),
        strict=True,
    )
    priced = {row.index: Row(row.item, row.index, total, off) for row, total, off in shares}
    return [priced.get(row.index, row) for row in rows]
