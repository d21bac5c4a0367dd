"""Purchase orders of Walmart's Marketplace API v3, as far as they are read.

https://developer.walmart.com/us-marketplace/reference/getanorder. Times are milliseconds since
1970, amounts are numbers, quantities texts; a status is one of units, not of the line.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic.alias_generators import to_camel
from pydantic.config import ConfigDict

from dom.channels.payload import MAX_UNITS, Currency, Digits, Many, Moment, Payload, SkuText, Text
from dom.model.facts import MAX_LINES


def _millis(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not milliseconds since 1970")
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (OverflowError, OSError):
        raise ValueError("out of range") from None


def _count(value: object) -> object:
    """Quantities are texts of whole numbers, such as "1"."""
    return value.strip() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """An absent node is told as an empty list in some answers."""
    return None if value == [] else value


Millis = Annotated[datetime, BeforeValidator(_millis)]
Units = Annotated[int, BeforeValidator(_count), Field(ge=0, le=MAX_UNITS)]
Name = Annotated[Digits, Field(max_length=64)]


class Camel(Payload):
    """Fields are in camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


class Amount(Camel):
    """Money in major units."""

    currency: Currency
    amount: Digits


class Tax(Camel):
    """Of a charge."""

    tax_amount: Amount | None = None


class Charge(Camel):
    """`charge_type`: PRODUCT, SHIPPING, DISCOUNT, FEE. Of all units of the line."""

    charge_type: Text = ""
    charge_amount: Amount
    tax: Tax | None = None


class Charges(Camel):
    """A list in a box."""

    charge: Many[Charge] = ()


class Quantity(Camel):
    """In units: `EACH`."""

    amount: Units


class TrackingInfo(Camel):
    """What the shipment was told with."""

    tracking_number: Text = ""


class LineStatus(Camel):
    """How far so many units are."""

    status: Text
    status_quantity: Quantity
    tracking_info: TrackingInfo | None = None


class LineStatuses(Camel):
    """A list in a box."""

    order_line_status: Many[LineStatus] = ()


class Product(Camel):
    """What was bought."""

    product_name: Text = ""
    sku: SkuText = ""


class LineRefund(Camel):
    """What was paid back of a line, with what we wrote to it."""

    refund_id: Text = ""
    refund_comments: Text = ""


class Line(Camel):
    """`line_number` is a text, and not contiguous. `intent_to_cancel`: the customer wishes it."""

    line_number: Name
    item: Product | None = None
    charges: Charges | None = None
    order_line_quantity: Quantity
    status_date: Millis | None = None
    order_line_statuses: LineStatuses | None = None
    intent_to_cancel: Text = ""
    refund: LineRefund | None = None


class Lines(Camel):
    """A list in a box."""

    order_line: Annotated[Many[Line], Field(max_length=MAX_LINES)] = ()


class Address(Camel):
    """`country` has three letters."""

    name: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    state: Text = ""
    postal_code: Text = ""
    country: Text = ""


class ShippingInfo(Camel):
    """Where it goes, and how fast."""

    phone: Text = ""
    method_code: Text = ""
    estimated_delivery_date: Millis | None = None
    postal_address: Address | None = None


class ShipNode(Camel):
    """Who ships: SellerFulfilled, 3PLFulfilled or WFSFulfilled."""

    type: Text = ""


class Order(Camel):
    """One purchase order: what one seller sends of a customer's order."""

    purchase_order_id: Name
    customer_order_id: Text = ""
    customer_email_id: Text = ""
    order_type: Text = ""
    order_date: Millis
    shipping_info: ShippingInfo | None = None
    order_lines: Lines
    ship_node: Annotated[ShipNode | None, BeforeValidator(_listed)] = None


class Read(Camel):
    """What `GET /v3/orders/{purchaseOrderId}` answers."""

    order: Order


class Source(Camel):
    """What a notification is."""

    event_time: Moment | None = None


class Inner(Camel):
    """An order within a notification."""

    purchase_order_id: Name | None = None


class Named(Camel):
    """Whose it is: `ORDER_UPDATES` has the order as an object."""

    purchase_order_id: Name | None = None
    order: Inner | None = None


class Notification(Camel):
    """A notification about an order."""

    source: Source | None = None
    payload: Named
