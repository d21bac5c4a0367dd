"""Walmart's purchase orders, told as facts."""

from __future__ import annotations

from datetime import UTC, datetime

from dom.channels.payload import TITLE_LENGTH, distinct, money, per_unit, read
from dom.channels.people import destination, personal
from dom.channels.walmart_models import Address, Line, Notification, Order, Read
from dom.errors import InvalidInput
from dom.model.facts import Facts, LineFacts, OrderSnapshot, Payment, SeenOrder, handed_over
from dom.model.ids import Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup

CHANNEL = "walmart"
GROUP = "sg1"
CANCELLED = "Cancelled"
GONE = frozenset({"Shipped", "Delivered"})
_BY_WALMART = "WFSFulfilled"
_BY_SELLER = frozenset({"SellerFulfilled", "3PLFulfilled"})
# Not to be sent before its day, which only a person knows: it waits as what is not paid does.
_PREORDER = "PREORDER"
# ISO 3166-1: three letters there, two here. Another country's order is held for a person.
_COUNTRIES = {"USA": "US", "CAN": "CA", "MEX": "MX", "PRI": "PR", "GUM": "GU", "VIR": "VI"}
_EPOCH = datetime.fromtimestamp(0, UTC)


def named(body: bytes) -> SeenOrder:
    """The order that a notification names."""
    told = read(Notification, body)
    at = told.source.event_time if told.source else None
    inner = told.payload.order.purchase_order_id if told.payload.order else None
    name = told.payload.purchase_order_id or inner
    if name is None:
        raise InvalidInput("payload.purchaseOrderId", "names no order")
    return SeenOrder(name, at or _EPOCH)


def order(account: str, body: bytes) -> Facts | None:
    """A purchase order; None: Walmart ships it itself, so it is never routed.

    InvalidInput where it does not say who ships it: the lists of orders leave that out.
    """
    found = read(Read, body).order
    node = found.ship_node.type if found.ship_node else ""
    if node == _BY_WALMART:
        return None
    if node not in _BY_SELLER:
        raise InvalidInput("order.shipNode", "does not say who ships the order")
    snapshot = _snapshot(found)
    name = found.purchase_order_id
    return Facts(CHANNEL, account.casefold(), name, snapshot.updated_at, snapshot)


def units_with(line: Line, statuses: frozenset[str]) -> int:
    """Units of the line that have one of these statuses."""
    told = line.order_line_statuses.order_line_status if line.order_line_statuses else ()
    return sum(one.status_quantity.amount for one in told if one.status in statuses)


def _snapshot(order: Order) -> OrderSnapshot:
    lines = order.order_lines.order_line
    currency = _currency(order)
    ids = (line.line_number for line in lines)
    distinct(ids, "order.orderLines.orderLine.{}.lineNumber")
    # The order has no time of its own change: the last of its lines is the order's.
    at = max([order.order_date, *(line.status_date for line in lines if line.status_date)])
    cancelled = frozenset({CANCELLED})
    over = all(units_with(x, cancelled) >= x.order_line_quantity.amount for x in lines)
    shipped = {line.line_number: n for line in lines if (n := units_with(line, GONE))}
    return OrderSnapshot(
        updated_at=at,
        placed_at=order.order_date,
        currency=currency,
        lines=tuple(_line(line, i, currency) for i, line in enumerate(lines)),
        ship_groups=(_group(order),),
        # Walmart charges the customer when it is told of the shipment.
        payment=Payment.PENDING if order.order_type == _PREORDER else Payment.AUTHORIZED,
        name=order.customer_order_id or order.purchase_order_id,
        cancelled_at=at if lines and over else None,
        fulfillments=handed_over("shipped", shipped),
        amounts={"order_type": order.order_type},
        personal=_personal(order),
        shipping=Money(_sum(order, currency), currency),
    )


def _line(line: Line, i: int, currency: str) -> LineFacts:
    """What the price of a unit is too much for the line stands in its discount."""
    units, path = line.order_line_quantity.amount, f"order.orderLines.orderLine.{i}"
    goods, tax = _charges(line, "PRODUCT", currency, path)
    off, off_tax = _charges(line, "DISCOUNT", currency, path)
    unit, over = per_unit(goods, units)
    discount = over + abs(off)
    gone = units_with(line, GONE)
    # The customer wishes it: what is not sent yet shall not be.
    removed = units - gone if line.intent_to_cancel else units_with(line, frozenset({CANCELLED}))
    return LineFacts(
        line_id=line.line_number,
        quantity=units,
        unit_price=Money(unit, currency),
        removed=max(0, removed),
        sku=Sku(line.item.sku) if line.item and line.item.sku else None,
        title=line.item.product_name[:TITLE_LENGTH] if line.item else "",
        ship_group_id=GROUP,
        discount=Money(discount, currency) if discount else None,
        tax=Money(tax - abs(off_tax), currency),
    )


def _charges(line: Line, kind: str, currency: str, path: str) -> tuple[int, int]:
    """Minor units of the line's charges of that kind, and their tax."""
    amount = tax = 0
    for k, charge in enumerate(line.charges.charge if line.charges else ()):
        if charge.charge_type != kind:
            continue
        field = f"{path}.charges.charge.{k}"
        amount += money(charge.charge_amount.amount, currency, f"{field}.chargeAmount").amount
        if charge.tax and charge.tax.tax_amount:
            tax += money(charge.tax.tax_amount.amount, currency, f"{field}.tax").amount
    return amount, tax


def _sum(order: Order, currency: str) -> int:
    """What delivery cost, with its tax."""
    lines = enumerate(order.order_lines.order_line)
    path = "order.orderLines.orderLine"
    return sum(sum(_charges(line, "SHIPPING", currency, f"{path}.{i}")) for i, line in lines)


def _currency(order: Order) -> str:
    charges = (c for x in order.order_lines.order_line if x.charges for c in x.charges.charge)
    return next((charge.charge_amount.currency for charge in charges), "USD")


def _address(order: Order) -> Address:
    found = order.shipping_info.postal_address if order.shipping_info else None
    return found or Address()


def _country(address: Address) -> str:
    told = address.country.upper()
    return told if len(told) == 2 else _COUNTRIES.get(told, "")


def _group(order: Order) -> ShipGroup:
    info = order.shipping_info
    promised_by = info.estimated_delivery_date if info else None
    to = _address(order)
    place = destination(_country(to), to.postal_code, to.state, to.city)
    return ShipGroup(GROUP, Method.SHIP, place, promised_by=promised_by)


def _personal(order: Order) -> dict[str, object]:
    to = _address(order)
    phone = order.shipping_info.phone if order.shipping_info else ""
    # No address: the marketplace writes to its customers, and forbids others to.
    contact = {"name": to.name, "phone": phone}
    words = {
        "name": to.name,
        "address1": to.address1,
        "address2": to.address2,
        "city": to.city,
        "postal_code": to.postal_code,
        "province_code": to.state,
        "country_code": _country(to),
        "phone": phone,
    }
    return personal(GROUP, contact, words)
