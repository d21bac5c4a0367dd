"""Orders of WooCommerce's REST API v3, as far as they are read: its webhooks carry the same.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties. Amounts are text without
tax; `date_…_gmt` is UTC without saying so.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dom.channels.payload import Currency, Digits, Many, Payload, SkuText, Text, Utc
from dom.model.facts import MAX_LINES


class Address(Payload):
    """All of it may be blank."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address_1: Text = ""
    address_2: Text = ""
    city: Text = ""
    state: Text = ""
    postcode: Text = ""
    country: Text = ""
    email: Text = ""
    phone: Text = ""


class Line(Payload):
    """`subtotal` is before, `total` after discounts, both for the whole line and without tax."""

    id: Digits
    name: Text = ""
    sku: SkuText = ""
    quantity: int = Field(ge=0, le=1_000_000)
    subtotal: Digits
    total: Digits
    total_tax: Digits = "0"


class ShippingLine(Payload):
    """How the buyer chose to get it."""

    method_id: Text = ""


class Order(Payload):
    """One order."""

    id: Digits
    number: Text = ""
    status: Text = ""
    currency: Currency
    date_created_gmt: Utc
    date_modified_gmt: Utc | None = None
    shipping_total: Digits = "0"
    shipping_tax: Digits = "0"
    total: Digits = "0"
    customer_id: Text | int | None = None
    billing: Address = Address()
    shipping: Address = Address()
    line_items: Annotated[Many[Line], Field(max_length=MAX_LINES)] = ()
    shipping_lines: Many[ShippingLine] = ()


class Gone(Payload):
    """What `order.deleted` says."""

    id: Digits
