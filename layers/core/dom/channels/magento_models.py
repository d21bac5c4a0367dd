"""Orders of Adobe Commerce's REST API, as far as they are read.

https://developer.adobe.com/commerce/webapi/rest/. Amounts and quantities are numbers, times are UTC
without saying so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from dom.channels.payload import (
    MAX_UNITS,
    Currency,
    Digits,
    Many,
    Payload,
    SkuText,
    Text,
    Utc,
)
from dom.model.facts import MAX_LINES


def _whole(value: object) -> object:
    """`2.0` is two; half a unit is refused, since nobody can pick it."""
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    return value


def _absent(value: object) -> object:
    return "0" if value is None else str(value) if isinstance(value, int | Decimal) else value


Units = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=MAX_UNITS)]
Amount = Annotated[str, BeforeValidator(_absent), Field(max_length=64)]


class Item(Payload):
    """A row. Of a configurable product there are two: the parent with price and quantities, and a
    child of the same SKU that `parent_item_id` ties to it. Of a bundle the children count.
    """

    item_id: Digits
    parent_item_id: Digits | None = None
    product_type: Text = ""
    sku: SkuText = ""
    name: Text = ""
    is_virtual: bool | int | None = None
    qty_ordered: Units
    qty_canceled: Units = 0
    qty_shipped: Units = 0
    qty_refunded: Units = 0
    qty_invoiced: Units = 0
    row_total: Amount = "0"
    discount_amount: Amount = "0"
    discount_tax_compensation_amount: Amount = "0"
    tax_amount: Amount = "0"
    weight: Amount = "0"


class Address(Payload):
    """All of it may be absent."""

    firstname: Text = ""
    lastname: Text = ""
    company: Text = ""
    street: Many[str | None] = ()
    city: Text = ""
    region_code: Text = ""
    postcode: Text = ""
    country_id: Text = ""
    telephone: Text = ""


class Shipping(Payload):
    """Where it goes, and how."""

    address: Address | None = None
    method: Text = ""


class Assignment(Payload):
    """An order has one, and a virtual one none."""

    shipping: Shipping | None = None


class Extension(Payload):
    """What modules add."""

    shipping_assignments: Many[Assignment] = ()
    pickup_location_code: Text = ""


class Order(Payload):
    """One order."""

    entity_id: Digits
    increment_id: Text = ""
    state: Text = ""
    status: Text = ""
    order_currency_code: Currency
    created_at: Utc
    updated_at: Utc | None = None
    customer_id: Digits | None = None
    customer_email: Text = ""
    customer_firstname: Text = ""
    customer_lastname: Text = ""
    grand_total: Amount = "0"
    shipping_amount: Amount = "0"
    shipping_discount_amount: Amount = "0"
    shipping_tax_amount: Amount = "0"
    billing_address: Address | None = None
    items: Annotated[Many[Item], Field(max_length=MAX_LINES * 3)] = ()
    extension_attributes: Extension | None = None


class Named(Payload):
    """What a hook says of an order: itself, or that something belongs to it."""

    entity_id: Digits | None = None
    order_id: Digits | None = None
    updated_at: Utc | None = None
