"""Adobe Commerce's orders, told as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dom.channels.magento_models import Address, Named, Order
from dom.channels.magento_rows import Row, rows_of
from dom.channels.payload import TITLE_LENGTH, distinct, money, parsed, per_unit, read, validated
from dom.channels.people import destination, personal
from dom.errors import InvalidInput
from dom.model.facts import Facts, LineFacts, OrderSnapshot, Payment, SeenOrder, handed_over
from dom.model.ids import LocationId, Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup

CHANNEL = "magento"
GROUP = "sg1"
CANCELED = "canceled"
# Any other state (new, pending_payment, payment_review, holded) waits for somebody there.
_PAID = {
    "processing": Payment.PAID,
    "complete": Payment.PAID,
    "closed": Payment.REFUNDED,
}
_EPOCH = datetime.fromtimestamp(0, UTC)


def named(body: bytes) -> SeenOrder:
    """The order that a hook is about: of an order itself, or of what belongs to one, which names it
    as `order_id`.
    """
    told = _innermost(parsed(body))
    found = validated(Named, told)
    name = found.order_id or found.entity_id
    if name is None:
        raise InvalidInput("entity_id", "names no order")
    return SeenOrder(name, found.updated_at or _EPOCH)


def order(account: str, body: bytes) -> Facts:
    """An order as the API shows it."""
    found = read(Order, body)
    snapshot = _snapshot(found)
    return Facts(CHANNEL, account.casefold(), found.entity_id, snapshot.updated_at, snapshot)


def _innermost(told: object) -> object:
    """Hooks wrap what they tell, in layers that depend on how they are configured."""
    for name in ("event", "data", "value", "order"):
        if isinstance(told, Mapping) and isinstance(told.get(name), Mapping):
            told = told[name]
    return told


def _snapshot(order: Order) -> OrderSnapshot:
    distinct((item.item_id for item in order.items), "items.{}.item_id")
    rows = rows_of(order)
    group = _group(order)
    at = order.updated_at or order.created_at
    shipped = {row.item.item_id: row.item.qty_shipped for row in rows if row.item.qty_shipped}
    return OrderSnapshot(
        updated_at=at,
        placed_at=order.created_at,
        currency=order.order_currency_code,
        lines=tuple(_line(order, row, group is not None) for row in rows),
        ship_groups=(group,) if group else (),
        payment=_PAID.get(order.state, Payment.PENDING),
        name=f"#{order.increment_id or order.entity_id}",
        cancelled_at=at if order.state == CANCELED else None,
        fulfillments=handed_over("shipped", shipped),
        # Fees of modules may stand in the total alone: it is kept, and checked against nothing.
        amounts={"total": order.grand_total, "status": order.status},
        customer_id=order.customer_id or "",
        personal=_personal(order),
        shipping=_shipping(order),
    )


def _line(order: Order, row: Row, ships: bool) -> LineFacts:
    item, currency, path = row.item, order.order_currency_code, f"items.{row.index}"
    unit, over = per_unit(row.total, item.qty_ordered)
    discount = over + row.discount
    # Open: ordered - canceled - max(shipped, refunded). What is refunded before it is shipped
    # shall not be; what comes back after is a return.
    removed = item.qty_canceled + max(0, item.qty_refunded - item.qty_shipped)
    return LineFacts(
        line_id=item.item_id,
        quantity=item.qty_ordered,
        unit_price=Money(unit, currency),
        removed=removed,
        sku=Sku(item.sku) if item.sku else None,
        title=item.name[:TITLE_LENGTH],
        ship_group_id=GROUP if ships and not row.intangible else None,
        discount=Money(discount, currency) if discount else None,
        tax=money(item.tax_amount, currency, f"{path}.tax_amount"),
    )


def _group(order: Order) -> ShipGroup | None:
    """None: nothing of it is shipped. Sources of stock there are our locations of that id."""
    more = order.extension_attributes
    collected_at = more.pickup_location_code if more else ""
    if collected_at:
        place = LocationId(collected_at)
        return ShipGroup(GROUP, Method.PICKUP, None, location_id=place)
    to = _address(order)
    if to is None:
        return None
    sent_to = destination(to.country_id, to.postcode, to.region_code, to.city)
    return ShipGroup(GROUP, Method.SHIP, sent_to)


def _address(order: Order) -> Address | None:
    more = order.extension_attributes
    assigned: Sequence[Address | None] = [
        one.shipping.address for one in (more.shipping_assignments if more else ()) if one.shipping
    ]
    return next((address for address in assigned if address), None)


def _shipping(order: Order) -> Money:
    currency = order.order_currency_code
    names = ("shipping_amount", "shipping_discount_amount", "shipping_tax_amount")
    amount, discount, tax = (money(getattr(order, x), currency, x).amount for x in names)
    return replace(Money(0, currency), amount=max(0, amount - abs(discount) + tax))


def _personal(order: Order) -> dict[str, object]:
    to = _address(order) or Address()
    payer = order.billing_address or to
    first = order.customer_firstname or payer.firstname
    contact = {
        "name": f"{first} {order.customer_lastname or payer.lastname}".strip(),
        "first_name": first,
        "email": order.customer_email,
        "phone": to.telephone or payer.telephone,
    }
    street = [line for line in to.street if line]
    words = {
        "name": f"{to.firstname} {to.lastname}".strip(),
        "company": to.company,
        "address1": street[0] if street else "",
        "address2": ", ".join(street[1:]),
        "city": to.city,
        "postal_code": to.postcode,
        "province_code": to.region_code,
        "country_code": to.country_id.upper(),
        "phone": to.telephone,
    }
    return personal(GROUP, contact, words)
