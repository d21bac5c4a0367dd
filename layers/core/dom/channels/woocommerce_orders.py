"""WooCommerce's order topics, told as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape

from dom.channels.payload import TITLE_LENGTH, distinct, money, per_unit, read
from dom.channels.people import destination, personal
from dom.channels.woocommerce_models import Address, Gone, Line, Order
from dom.errors import InvalidInput
from dom.model.facts import (
    Facts,
    LineFacts,
    OrderSnapshot,
    Payment,
    SourceFulfillment,
    handed_over,
)
from dom.model.ids import Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup

GROUP = "sg1"
CHANNEL = "woocommerce"
# What a plug-in calls otherwise is taken as unpaid: that holds the order, and loses nothing.
_PAID = {
    "processing": Payment.PAID,
    "completed": Payment.PAID,
    "refunded": Payment.REFUNDED,
}
# Not an order yet: the buyer is at the checkout.
_DRAFT = frozenset({"checkout-draft", "auto-draft"})
_CANCELLED = frozenset({"cancelled", "failed", "trash"})


def _order(account: str, body: bytes) -> Facts | None:
    order = read(Order, body)
    if order.status in _DRAFT:
        return None
    snapshot = _snapshot(order)
    return Facts(CHANNEL, account, order.id, snapshot.updated_at, snapshot)


def _deleted(account: str, body: bytes) -> Facts | None:
    """It says nothing but the id: a person decides what becomes of an order in the works."""
    order = read(Gone, body)
    raise InvalidInput("id", f"order {order.id} was deleted in the shop: cancel it here, if it is")


PARSERS: Mapping[str, Callable[[str, bytes], Facts | None]] = {
    "order.created": _order,
    "order.updated": _order,
    "order.restored": _order,
    "order.deleted": _deleted,
}


def _snapshot(order: Order) -> OrderSnapshot:
    updated_at = order.date_modified_gmt or order.date_created_gmt
    ships = _ships(order)
    lines = tuple(_line(order, line, i, ships) for i, line in enumerate(order.line_items))
    distinct((line.id for line in order.line_items), "line_items.{}.id")
    return OrderSnapshot(
        updated_at=updated_at,
        placed_at=order.date_created_gmt,
        currency=order.currency,
        lines=tuple(line for line in lines if line.quantity),
        ship_groups=(_group(order),) if ships else (),
        payment=_PAID.get(order.status, Payment.PENDING),
        name=f"#{order.number or order.id}",
        cancelled_at=updated_at if order.status in _CANCELLED else None,
        fulfillments=_handed_over(order),
        amounts={"total": order.total, "status": order.status},
        customer_id=str(order.customer_id or ""),
        personal=_personal(order),
        shipping=_shipping(order),
    )


def _line(order: Order, line: Line, i: int, ships: bool) -> LineFacts:
    """What the price of a unit is too much for the line stands in its discount."""
    path = f"line_items.{i}"
    before = money(line.subtotal, order.currency, f"{path}.subtotal").amount
    after = money(line.total, order.currency, f"{path}.total").amount
    unit, over = per_unit(max(before, after), line.quantity)
    discount = over + max(before, after) - after
    return LineFacts(
        line_id=line.id,
        quantity=line.quantity,
        unit_price=Money(unit, order.currency),
        sku=Sku(line.sku) if line.sku else None,
        title=unescape(line.name)[:TITLE_LENGTH],
        ship_group_id=GROUP if ships else None,
        discount=Money(discount, order.currency) if discount else None,
        tax=money(line.total_tax, order.currency, f"{path}.total_tax"),
    )


def _ships(order: Order) -> bool:
    """Checkout leaves the address blank where nothing is to be shipped."""
    return bool(order.shipping_lines or order.shipping.country or order.shipping.address_1)


def _group(order: Order) -> ShipGroup:
    """Whoever collects has no address here, and the shop does not say at which of our stores: the
    order is held for a person.
    """
    collects = any(line.method_id.startswith("local_pickup") for line in order.shipping_lines)
    to = order.shipping
    place = destination(to.country, to.postcode, to.state, to.city)
    return ShipGroup(GROUP, Method.SHIP, None if collects else place)


def _handed_over(order: Order) -> tuple[SourceFulfillment, ...]:
    """`completed` is what somebody says who has handed it over, or what we told it."""
    if order.status != "completed":
        return ()
    return handed_over("completed", {x.id: x.quantity for x in order.line_items if x.quantity})


def _shipping(order: Order) -> Money:
    goods = money(order.shipping_total, order.currency, "shipping_total")
    tax = money(order.shipping_tax, order.currency, "shipping_tax")
    return replace(goods, amount=goods.amount + tax.amount)


def _personal(order: Order) -> dict[str, object]:
    to, payer = order.shipping, order.billing
    contact = {
        "name": _name(payer) or _name(to),
        "first_name": payer.first_name or to.first_name,
        "email": payer.email,
        "phone": to.phone or payer.phone,
    }
    words = {
        "name": _name(to),
        "company": to.company,
        "address1": to.address_1,
        "address2": to.address_2,
        "city": to.city,
        "postal_code": to.postcode,
        "province_code": to.state,
        "country_code": to.country.upper(),
        "phone": to.phone,
    }
    return personal(GROUP, contact, words)


def _name(address: Address) -> str:
    return f"{address.first_name} {address.last_name}".strip()
