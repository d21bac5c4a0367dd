"""Orders of Amazon's Orders API 2026-01-01, as far as they are read.

https://github.com/amzn/selling-partner-api-models, models/orders-api-model/orders_2026-01-01.json.
What `includedData` did not ask for is absent; so are address and prices while an order is pending.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal

from dom.channels.payload import Currency, Digits, Many, Moment, Payload, SkuText, Text, Units
from dom.model.facts import MAX_LINES


class Camel(Payload):
    """Fields are in camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Amount(Camel):
    """Money, in major units as text."""

    amount: Digits
    currency_code: Currency


class Part(Camel):
    """A part of a TAX or DISCOUNT: what it is of (`ITEM`, `SHIPPING` ...)."""

    subtype: Text = ""
    value: Amount | None = None


class Breakdown(Camel):
    """`type`: ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, TAX or DISCOUNT."""

    type: Text = ""
    subtotal: Amount
    detailed_breakdowns: Many[Part] = ()


class Proceeds(Camel):
    """What the seller gets for an item, all of its units."""

    breakdowns: Many[Breakdown] = ()


class Total(Camel):
    """What the seller gets for the order."""

    grand_total: Amount | None = None


class Price(Camel):
    """Of one unit."""

    unit_price: Amount | None = None


class Product(Camel):
    """What was bought."""

    seller_sku: SkuText = ""
    title: Text = ""
    price: Price | None = None


class ItemFulfillment(Camel):
    """Units shipped, and those still to be."""

    quantity_fulfilled: Units | None = None
    quantity_unfulfilled: Units | None = None


class Cancellation(Camel):
    """`cancellation_request`: the buyer wishes it; `cancellation_execution`: it is done."""

    cancellation_request: dict[str, object] | None = None
    cancellation_execution: dict[str, object] | None = None


class Item(Camel):
    """A line. `quantity_ordered` is 0 once all of it is cancelled."""

    order_item_id: Digits
    quantity_ordered: Units
    product: Product | None = None
    proceeds: Proceeds | None = None
    fulfillment: ItemFulfillment | None = None
    cancellation: Cancellation | None = None


class Address(Camel):
    """All of it may be absent, the name since 2025-09-24."""

    name: Text = ""
    company_name: Text = ""
    address_line1: Text = ""
    address_line2: Text = ""
    address_line3: Text = ""
    city: Text = ""
    state_or_region: Text = ""
    postal_code: Text = ""
    country_code: Text = ""
    phone: Text = ""


class Recipient(Camel):
    """Where it goes."""

    delivery_address: Address | None = None


class Buyer(Camel):
    """Who pays; the address is a relay of Amazon's."""

    buyer_name: Text = ""
    buyer_email: Text = ""


class Window(Camel):
    """Between two instants."""

    latest_date_time: Moment | None = None


class Fulfillment(Camel):
    """How far it is, who ships it (`MERCHANT`, `AMAZON`), and when the buyer was told to get it."""

    fulfillment_status: Text
    fulfilled_by: Text
    deliver_by_window: Window | None = None


class Order(Camel):
    """One order."""

    order_id: Annotated[Text, Field(min_length=1, max_length=64)]
    created_time: Moment
    last_updated_time: Moment
    programs: Many[str] = ()
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: Total | None = None
    fulfillment: Fulfillment
    order_items: Annotated[Many[Item], Field(max_length=MAX_LINES)] = ()


class Read(Camel):
    """What `getOrder` answers."""

    order: Order


class Pascal(Payload):
    """Fields are in PascalCase on the wire."""

    model_config = ConfigDict(alias_generator=to_pascal)


class Trigger(Pascal):
    """Why a notification was sent."""

    time_of_order_change: Moment | None = None


class Summary(Pascal):
    """What it says of the order."""

    fulfillment_type: Text = ""


class Change(Pascal):
    """What changed."""

    amazon_order_id: Annotated[Text, Field(min_length=1, max_length=64)]
    order_change_trigger: Trigger | None = None
    summary: Summary | None = None


class ChangePayload(Pascal):
    """The notification's payload."""

    order_change_notification: Change


class Notification(Pascal):
    """`ORDER_CHANGE`."""

    event_time: Moment
    payload: ChangePayload
