"""Lines of a Shopify order: quantities, prices in the shop's currency, discounts, handovers."""

from __future__ import annotations

from collections.abc import Sequence

from dom.channels.payload import TITLE_LENGTH, money
from dom.channels.shopify_models import Allocation, Fulfillment, Line, MoneySet, ShopifyOrder
from dom.errors import InvalidInput
from dom.model.facts import Handover, LineFacts, SourceFulfillment, handed_over
from dom.model.ids import Sku
from dom.model.money import Money, split_amount


def line_facts(order: ShopifyOrder, group: str) -> tuple[LineFacts, ...]:
    """The order's lines; those that need shipping go to ship group `group`."""
    _check_ids(order)
    prices = [
        _shop(line.price, line.price_set, order, f"line_items.{i}.price")
        for i, line in enumerate(order.line_items)
    ]
    discounts = _discounts(order, prices)
    return tuple(
        LineFacts(
            line_id=line.exact,
            quantity=line.quantity,
            removed=_removed(order, line),
            unit_price=prices[i],
            sku=Sku(line.sku) if line.sku else None,
            title=line.title[:TITLE_LENGTH],
            ship_group_id=group if _ships(line) else None,
            grams=max(0, line.grams or 0),
            discount=discounts[i],
            tax=_tax(order, i),
        )
        for i, line in enumerate(order.line_items)
    )


def fulfillments(order: ShopifyOrder) -> tuple[SourceFulfillment, ...]:
    """What Shopify says was handed over; a failed or cancelled fulfillment moved nothing.

    Where the order lists none, the lines' own status counts (older point-of-sale bodies).
    """
    told = tuple(_fulfillment(each) for each in order.fulfillments)
    done = {
        line.exact: line.quantity - _removed(order, line)
        for line in order.line_items
        if line.fulfillment_status == "fulfilled"
    }
    return told or handed_over("lines", done)


def _check_ids(order: ShopifyOrder) -> None:
    seen: set[str] = set()
    for i, line in enumerate(order.line_items):
        if line.exact in seen:
            raise InvalidInput(f"line_items.{i}.id", "another line has the same id")
        seen.add(line.exact)


def _fulfillment(fulfillment: Fulfillment) -> SourceFulfillment:
    units: dict[str, int] = {}
    for line in fulfillment.line_items:
        units[line.exact] = units.get(line.exact, 0) + line.quantity
    return SourceFulfillment(fulfillment.exact, _handover(fulfillment.status), units)


def _handover(status: str) -> Handover:
    if status == "success":
        return Handover.DONE
    if status == "cancelled":
        return Handover.CANCELLED
    return Handover.FAILED if status in ("failure", "error") else Handover.OPEN


def _ships(line: Line) -> bool:
    return not line.gift_card and line.requires_shipping is not False


def _removed(order: ShopifyOrder, line: Line) -> int:
    """Units cancelled or refunded. Bodies before 2024-01 show it in their refunds only."""
    if line.current_quantity is not None:
        return max(0, line.quantity - line.current_quantity)
    refunded = sum(
        each.quantity
        for refund in order.refunds
        for each in refund.refund_line_items
        if each.exact == line.exact
    )
    return min(line.quantity, refunded)


def _shop(amount: str, both: MoneySet | None, order: ShopifyOrder, field: str) -> Money:
    """The amount in the order's (the shop's) currency."""
    plain = money(amount, order.currency, field)
    shop = both.shop_money if both else None
    if shop is None or shop.currency_code != order.currency:
        return plain
    return money(shop.amount, order.currency, field)


def _tax(order: ShopifyOrder, i: int) -> Money | None:
    field = f"line_items.{i}.tax_lines"
    taxes = order.line_items[i].tax_lines
    parts = [_shop(tax.price, tax.price_set, order, field).amount for tax in taxes]
    return _unless_zero(sum(parts), order)


def _unless_zero(amount: int, order: ShopifyOrder) -> Money | None:
    """Zero is left out: most lines have neither, and 800 of them share one item."""
    return Money(amount, order.currency) if amount else None


def _allocated(allocations: Sequence[Allocation], order: ShopifyOrder, field: str) -> int:
    parts = [_shop(each.amount, each.amount_set, order, field) for each in allocations or ()]
    return sum(part.amount for part in parts)


def _discounts(order: ShopifyOrder, prices: Sequence[Money]) -> list[Money | None]:
    """By line: as allocated, else the lines' own, else the order's, spread by value."""
    lines = list(enumerate(order.line_items))
    allocated = [
        _allocated(line.discount_allocations, order, f"line_items.{i}.discount_allocations")
        for i, line in lines
    ]
    own = [
        money(line.total_discount or 0, order.currency, f"line_items.{i}.total_discount").amount
        for i, line in lines
    ]
    if any(allocated) or any(own):
        parts = allocated if any(allocated) else own
    else:
        weights = [
            price.amount * line.quantity for price, (_, line) in zip(prices, lines, strict=True)
        ]
        parts = split_amount(_order_discount(order), weights)
    return [_unless_zero(part, order) for part in parts]


def _order_discount(order: ShopifyOrder) -> int:
    """The order's discount without what fell on delivery."""
    total = money(order.total_discounts or 0, order.currency, "total_discounts").amount
    on_delivery = sum(
        _allocated(line.discount_allocations, order, f"shipping_lines.{i}.discount_allocations")
        for i, line in enumerate(order.shipping_lines)
    )
    return max(0, total - on_delivery)
