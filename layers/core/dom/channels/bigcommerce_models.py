"""Orders of BigCommerce's V2 API, as far as they are read, with what is linked from them.

https://developer.bigcommerce.com/docs/rest-management/orders. Amounts are texts of four decimals,
times are RFC 2822. The feed joins the order with its products, addresses and consignments.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from dom.channels.payload import Currency, Digits, Many, Payload, SkuText, Text, Units
from dom.model.facts import MAX_LINES


def _rfc2822(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a date and time")
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            raise ValueError("has no offset from UTC")
        return moment.astimezone(UTC)
    except (TypeError, OverflowError, IndexError):
        raise ValueError("not a date and time") from None


def _amount(value: object) -> object:
    return "0" if value in (None, "") else value


Rfc2822 = Annotated[datetime, BeforeValidator(_rfc2822)]
Amount = Annotated[Digits, BeforeValidator(_amount)]
Link = Annotated[int, Field(ge=0)]


class Address(Payload):
    """All of it may be blank."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""


class ShippingAddress(Address):
    """One of those that an order is shipped to."""

    id: Digits
    shipping_method: Text = ""


class Discount(Payload):
    """Of all units of a line."""

    amount: Amount = "0"


class Product(Payload):
    """A line. `product_id` 0: made for this order. `order_pickup_method_id` 0: it is shipped."""

    id: Digits
    name: Text = ""
    sku: SkuText = ""
    type: Text = ""
    quantity: Units
    quantity_shipped: Units = 0
    quantity_refunded: Units = 0
    order_address_id: Link | None = None
    order_pickup_method_id: Link | None = None
    total_ex_tax: Amount = "0"
    total_tax: Amount = "0"
    applied_discounts: Many[Discount] = ()


class Place(Payload):
    """Where something is collected."""

    code: Text = ""


class Pickup(Payload):
    """A part of the order that its customer collects."""

    id: Digits
    location: Place | None = None


class Consignments(Payload):
    """How the order is divided."""

    pickups: Many[Pickup] = ()


class Order(Payload):
    """One order. Amounts are in `default_currency_code`; `currency_code` is only shown."""

    id: Digits
    status_id: int
    status: Text = ""
    is_deleted: bool = False
    currency_code: Currency
    default_currency_code: Currency | None = None
    date_created: Rfc2822
    date_modified: Annotated[Rfc2822 | None, BeforeValidator(lambda value: value or None)] = None
    customer_id: Digits | None = None
    total_inc_tax: Amount = "0"
    shipping_cost_inc_tax: Amount = "0"
    billing_address: Address | None = None


class Joined(Payload):
    """What the feed makes of it."""

    order: Order
    products: Annotated[Many[Product], Field(max_length=MAX_LINES)]
    shipping_addresses: Many[ShippingAddress] = ()
    consignments: Consignments | None = None


class Data(Payload):
    """What a hook is about."""

    id: Digits | None = None
    orderId: Digits | None = None
    order_id: Digits | None = None


class Hook(Payload):
    """A hook's body. `created_at`: seconds since 1970."""

    data: Data
    created_at: Annotated[int, Field(ge=0, le=2**40)] | None = None
