"""BigCommerce's orders, told as facts."""

from __future__ import annotations

from datetime import UTC, datetime

from dom.channels.bigcommerce_models import Address, Hook, Joined, Product
from dom.channels.payload import TITLE_LENGTH, distinct, money, per_unit, read
from dom.channels.people import destination, personal
from dom.errors import InvalidInput
from dom.model.facts import Facts, LineFacts, OrderSnapshot, Payment, SeenOrder, handed_over
from dom.model.ids import LocationId, Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup

CHANNEL = "bigcommerce"
# The buyer is at the checkout.
INCOMPLETE = 0
CANCELLED, DECLINED = 5, 6
# Others (pending, awaiting payment, manual verification, disputed) wait for somebody there.
_PAID = {
    2: Payment.PAID,  # shipped
    3: Payment.PAID,  # partially shipped
    4: Payment.REFUNDED,
    8: Payment.PAID,  # awaiting pickup
    9: Payment.PAID,  # awaiting shipment
    10: Payment.PAID,  # completed
    11: Payment.PAID,  # awaiting fulfillment
    14: Payment.PARTIALLY_REFUNDED,
}
_INTANGIBLE = frozenset({"digital", "giftcertificate"})


def named(body: bytes) -> SeenOrder:
    """The order that a hook is about; one of a shipment or a transaction names it beside its own
    id.
    """
    told = read(Hook, body)
    name = told.data.orderId or told.data.order_id or told.data.id
    if name is None:
        raise InvalidInput("data.id", "names no order")
    return SeenOrder(name, datetime.fromtimestamp(told.created_at or 0, UTC))


def order(account: str, body: bytes) -> Facts | None:
    """An order as the feed joins it; None while its buyer is at the checkout."""
    joined = read(Joined, body)
    found = joined.order
    if found.status_id == INCOMPLETE:
        return None
    if found.is_deleted:
        raise InvalidInput(
            "order.is_deleted", "it was deleted in the shop: cancel it here, if it is"
        )
    snapshot = _snapshot(joined)
    return Facts(CHANNEL, account.casefold(), found.id, snapshot.updated_at, snapshot)


def _snapshot(joined: Joined) -> OrderSnapshot:
    order, products, currency = joined.order, joined.products, _currency(joined)
    distinct((product.id for product in products), "products.{}.id")
    at = order.date_modified or order.date_created
    shipped = {one.id: one.quantity_shipped for one in products if one.quantity_shipped}
    return OrderSnapshot(
        updated_at=at,
        placed_at=order.date_created,
        currency=currency,
        lines=tuple(_line(joined, one, i) for i, one in enumerate(products) if one.quantity),
        ship_groups=_groups(joined),
        payment=_PAID.get(order.status_id, Payment.PENDING),
        name=f"#{order.id}",
        cancelled_at=at if order.status_id in (CANCELLED, DECLINED) else None,
        fulfillments=handed_over("shipped", shipped),
        amounts={"total": order.total_inc_tax, "status": order.status},
        customer_id=order.customer_id or "",
        personal=_personal(joined),
        shipping=money(order.shipping_cost_inc_tax, currency, "order.shipping_cost_inc_tax"),
    )


def _line(joined: Joined, product: Product, i: int) -> LineFacts:
    currency, path = _currency(joined), f"products.{i}"
    total = money(product.total_ex_tax, currency, f"{path}.total_ex_tax").amount
    unit, over = per_unit(total, product.quantity)
    off = (
        money(one.amount, currency, f"{path}.applied_discounts.{k}.amount").amount
        for k, one in enumerate(product.applied_discounts)
    )
    discount = over + sum(off)
    return LineFacts(
        line_id=product.id,
        quantity=product.quantity,
        unit_price=Money(unit, currency),
        removed=max(0, product.quantity_refunded - product.quantity_shipped),
        sku=Sku(product.sku) if product.sku else None,
        title=product.name[:TITLE_LENGTH],
        ship_group_id=None if product.type in _INTANGIBLE else _group_of(product),
        discount=Money(discount, currency) if discount else None,
        tax=money(product.total_tax, currency, f"{path}.total_tax"),
    )


def _currency(joined: Joined) -> str:
    return joined.order.default_currency_code or joined.order.currency_code


def _group_of(product: Product) -> str:
    """A line goes to one of the order's addresses, or is collected."""
    if product.order_pickup_method_id:
        return f"pickup{product.order_pickup_method_id}"
    return f"sg{product.order_address_id or 0}"


def _groups(joined: Joined) -> tuple[ShipGroup, ...]:
    """Those that lines go to. One that names no place of ours, or no address, is held."""
    tangible = [one for one in joined.products if one.quantity and one.type not in _INTANGIBLE]
    addresses = {f"sg{one.id}": one for one in joined.shipping_addresses}
    pickups = {
        f"pickup{one.id}": one.location.code if one.location else ""
        for one in (joined.consignments.pickups if joined.consignments else ())
    }
    groups: dict[str, ShipGroup] = {}
    for product in tangible:
        name = _group_of(product)
        if product.order_pickup_method_id:
            code = pickups.get(name, "")
            place = LocationId(code) if code else None
            groups[name] = ShipGroup(name, Method.PICKUP, None, location_id=place)
        else:
            to = addresses.get(name)
            sent_to = destination(to.country_iso2, to.zip, to.state, to.city) if to else None
            groups[name] = ShipGroup(name, Method.SHIP, sent_to)
    return tuple(groups.values())


def _personal(joined: Joined) -> dict[str, object]:
    """The buyer's contact, and each address under its group."""
    payer = joined.order.billing_address or Address()
    contact = {
        "name": _name(payer),
        "first_name": payer.first_name,
        "email": payer.email,
        "phone": payer.phone,
    }
    known, addresses = personal("", contact, {}), dict[str, object]()
    for to in joined.shipping_addresses:
        words = {
            "name": _name(to),
            "company": to.company,
            "address1": to.street_1,
            "address2": to.street_2,
            "city": to.city,
            "postal_code": to.zip,
            "province": to.state,
            "country_code": to.country_iso2.upper(),
            "phone": to.phone,
        }
        addresses[f"sg{to.id}"] = {key: value for key, value in words.items() if value}
    return {**known, "addresses": addresses} if addresses else known


def _name(address: Address) -> str:
    return f"{address.first_name} {address.last_name}".strip()
