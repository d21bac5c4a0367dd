"""The body of POST /orders, told as facts."""

from __future__ import annotations

from dom.channels.api_models import (
    AddressBody,
    AmountBody,
    LineBody,
    OrderBody,
    ShipGroupBody,
)
from dom.channels.payload import TITLE_LENGTH, read
from dom.errors import InvalidInput
from dom.model.facts import MAX_LINES, Facts, LineFacts, OrderSnapshot, Payment
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup


def parse(body: bytes) -> Facts:
    """The facts of an order by API; InvalidInput names the field."""
    return facts_of(read(OrderBody, body))


def facts_of(order: OrderBody) -> Facts:
    """The facts of a body that pydantic has read already (the API does, to answer 400 at once)."""
    groups = [(f"sg{n}", group) for n, group in enumerate(order.ship_groups, start=1)]
    updated_at = order.updated_at or order.placed_at
    guaranteed = _money(order, order.authorized, "authorized") if order.authorized else None
    snapshot = OrderSnapshot(
        updated_at=updated_at,
        placed_at=order.placed_at,
        currency=order.currency,
        lines=_lines(order),
        ship_groups=tuple(_group(name, group) for name, group in groups if _ships(group)),
        payment=_payment(order),
        name=order.name,
        cancelled_at=order.cancelled_at,
        test=order.test,
        customer_id=order.customer.id or "",
        personal=_personal(order),
        tier=order.tier,
        locale=order.locale,
        taxes_included=order.taxes_included,
        shipping=_money(order, order.shipping, "shipping") if order.shipping else None,
        reservation_id=order.reservation_id,
        authorized=guaranteed.amount if guaranteed else None,
        authorized_until=order.authorized_until,
    )
    return Facts(order.channel, order.account, order.external_id, updated_at, snapshot)


def _payment(order: OrderBody) -> Payment:
    """A guarantee is not a payment, unless the shop says so in words."""
    said = order.authorized is None or "financial_status" in order.model_fields_set
    return order.financial_status if said else Payment.AUTHORIZED


def _lines(order: OrderBody) -> tuple[LineFacts, ...]:
    lines = tuple(
        _line(order, line, f"sg{g + 1}", group.method, f"ship_groups.{g}.lines.{n}")
        for g, group in enumerate(order.ship_groups)
        for n, line in enumerate(group.lines)
    )
    if len(lines) > MAX_LINES:
        raise InvalidInput("ship_groups", f"an order has at most {MAX_LINES} lines")
    ids = [line.line_id for line in lines]
    repeated = next((one for one in ids if ids.count(one) > 1), None)
    if repeated:
        raise InvalidInput("ship_groups", f"line_id {repeated} is there twice")
    return lines


def _line(order: OrderBody, line: LineBody, group: str, method: Method, path: str) -> LineFacts:
    ships = line.requires_shipping and method is not Method.DIGITAL
    return LineFacts(
        line_id=line.line_id,
        quantity=line.quantity,
        unit_price=_money(order, line.unit_price, f"{path}.unit_price"),
        sku=Sku(line.sku) if line.sku else None,
        title=line.title[:TITLE_LENGTH],
        ship_group_id=group if ships else None,
        grams=line.grams,
        discount=_money(order, line.discount, f"{path}.discount") if line.discount else None,
        tax=_money(order, line.tax, f"{path}.tax") if line.tax else None,
    )


def _money(order: OrderBody, amount: AmountBody, path: str) -> Money:
    if amount.currency != order.currency:
        raise InvalidInput(f"{path}.currency", f"the order is in {order.currency}")
    return Money(amount.amount, amount.currency)


def _ships(group: ShipGroupBody) -> bool:
    digital = group.method is Method.DIGITAL
    return not digital and any(line.requires_shipping for line in group.lines)


def _group(name: str, group: ShipGroupBody) -> ShipGroup:
    location = LocationId(group.location_id) if group.location_id else None
    destination = destination_of(group.address) if group.address else None
    return ShipGroup(name, group.method, destination, location, group.promised_by)


def destination_of(address: AddressBody) -> Destination:
    """What routing may know of an address."""
    coordinates = None
    if address.latitude is not None and address.longitude is not None:
        coordinates = Coordinates(address.latitude, address.longitude)
    return Destination(
        address.country_code.upper(),
        address.postal_code,
        address.province_code,
        address.city,
        coordinates,
    )


def _personal(order: OrderBody) -> dict[str, object]:
    """As `dom.channels.shopify_people.personal`."""
    customer = order.customer
    addresses = {
        f"sg{n}": words_of(group.address)
        for n, group in enumerate(order.ship_groups, start=1)
        if group.address
    }
    known: dict[str, object] = {
        "name": customer.name,
        "first_name": customer.first_name or customer.name.partition(" ")[0],
        "email": customer.email,
        "phone": customer.phone,
        "addresses": addresses,
    }
    return {key: value for key, value in known.items() if value}


def words_of(address: AddressBody) -> dict[str, object]:
    """What of an address is for labels and messages only."""
    words = address.model_dump(include=set(AddressBody.model_fields) - {"latitude", "longitude"})
    return {key: value for key, value in words.items() if value}
