"""The body of POST /orders."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dom.channels.payload import LOCALE, Currency, Digits, Moment, Payload, SkuText, Text, Units
from dom.model.facts import MAX_LINES, Payment
from dom.model.order import Method
from dom.model.reservation import RESERVATION

# No "#": the reference `<channel>#<external id>` is split at the first one.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Id = Annotated[str, Field(min_length=1, max_length=255)]


class AmountBody(Payload):
    """An amount in minor units (cents, yen, fils)."""

    amount: Annotated[int, Field(strict=True, ge=0, le=10**15)]
    currency: Currency


class AddressBody(Payload):
    """Where a ship group goes. Names and street are for labels and messages only."""

    country_code: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$")]
    name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    province_code: Text = ""
    postal_code: Text = ""
    phone: Text = ""
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None


class LineBody(Payload):
    """A line; `discount` and `tax` are for the whole line, `grams` is one unit's weight."""

    line_id: Id
    quantity: Annotated[Units, Field(ge=1)]
    unit_price: AmountBody
    sku: SkuText = ""
    title: Text = ""
    requires_shipping: bool = True
    grams: Annotated[int, Field(ge=0)] = 0
    discount: AmountBody | None = None
    tax: AmountBody | None = None


class ShipGroupBody(Payload):
    """Lines with the same address and delivery method. `digital` needs no address.

    `location_id` is the place that the customer chose, for pickup or to have it shipped there
    (`ship_to_store`). `promised_by`: what the customer was told.
    """

    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MAX_LINES)]
    method: Method = Method.SHIP
    address: AddressBody | None = None
    location_id: Text = ""
    promised_by: Moment | None = None


class CustomerBody(Payload):
    """Who bought it."""

    id: Digits | None = None
    name: Text = ""
    first_name: Text = ""
    email: Text = ""
    phone: Text = ""


class OrderBody(Payload):
    """An order. (channel, account, external_id) is its identity.

    `updated_at` is the shop's clock for later versions of the same order; without it an order
    stands as first placed. `tier` is the customer's, as routing rules name it. `taxes_included`:
    unit prices contain the tax; `shipping`: what delivery cost, its tax added where they do not.
    `locale`: the language of messages to its customer, such as `de-AT`.
    `reservation_id`: the cart's, whose units the order takes; one that is over counts for nothing.
    `authorized`: what is guaranteed, and to be captured as goods leave, until `authorized_until`.
    The order is `authorized` then, unless `financial_status` says otherwise.
    """

    channel: Name
    account: Name
    external_id: Id
    currency: Currency
    placed_at: Moment
    ship_groups: Annotated[list[ShipGroupBody], Field(min_length=1, max_length=100)]
    customer: CustomerBody = CustomerBody()
    name: Text = ""
    updated_at: Moment | None = None
    cancelled_at: Moment | None = None
    financial_status: Payment = Payment.PAID
    tier: Text = ""
    locale: Annotated[str, Field(pattern=rf"^({LOCALE})?$")] = ""
    test: bool = False
    taxes_included: bool = False
    shipping: AmountBody | None = None
    authorized: AmountBody | None = None
    authorized_until: Moment | None = None
    reservation_id: Annotated[str, Field(pattern=rf"^({RESERVATION})?$")] = ""
