"""The parts of Shopify's order, refund and edit payloads that we read (REST shapes, any version).

Names are Shopify's: https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

from __future__ import annotations

from pydantic import AliasChoices, Field

from dom.channels.payload import (
    Currency,
    Digits,
    Locale,
    Many,
    Moment,
    Payload,
    SkuText,
    Text,
    Units,
)
from dom.channels.shopify_ids import exact_id
from dom.model.facts import MAX_LINES


class Amount(Payload):
    """An amount in one currency."""

    amount: Digits
    currency_code: Text = Field("", validation_alias=AliasChoices("currency_code", "currency"))


class MoneySet(Payload):
    """The same amount in the shop's currency and in the buyer's."""

    shop_money: Amount | None = None
    presentment_money: Amount | None = None


class Identified(Payload):
    """Something with a 64-bit id, and its exact text in a GraphQL id beside it."""

    id: Digits
    admin_graphql_api_id: Text = ""

    @property
    def exact(self) -> str:
        """The id, repaired when a JavaScript writer rounded it."""
        return exact_id(self.id, self.admin_graphql_api_id)


class Allocation(Payload):
    """A part of a discount that fell on a line."""

    amount: Digits
    amount_set: MoneySet | None = None


class TaxLine(Payload):
    """One tax on a line, whole line."""

    price: Digits
    price_set: MoneySet | None = None


class Line(Identified):
    """A line of an order. `current_quantity` is missing before 2024-01."""

    sku: SkuText = ""
    title: Text = ""
    quantity: Units
    current_quantity: Units | None = None
    fulfillment_status: Text = ""
    requires_shipping: bool | None = None
    gift_card: bool | None = None
    grams: int | None = None
    price: Digits
    price_set: MoneySet | None = None
    total_discount: Digits | None = None
    discount_allocations: Many[Allocation] = ()
    tax_lines: Many[TaxLine] = ()


class Address(Payload):
    """Where it goes; any field may be null."""

    first_name: Text = ""
    name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    zip: Text = ""
    province: Text = ""
    province_code: Text = ""
    country: Text = ""
    country_code: Text = ""
    phone: Text = ""
    latitude: float | None = None
    longitude: float | None = None


class Customer(Payload):
    """Who bought it."""

    id: Digits | None = None
    email: Text = ""
    phone: Text = ""
    first_name: Text = ""
    last_name: Text = ""


class FulfilledLine(Identified):
    """Units of a line in a fulfillment."""

    quantity: Units


class Fulfillment(Identified):
    """A shipment or handover that Shopify knows of."""

    status: Text = ""
    line_items: Many[FulfilledLine] = ()


class RefundedLine(Payload):
    """Units of a line in a refund."""

    line_item_id: Digits
    quantity: Units
    restock_type: Text = ""
    line_item: Identified | None = None
    subtotal: Digits | None = None
    subtotal_set: MoneySet | None = None
    total_tax: Digits | None = None
    total_tax_set: MoneySet | None = None

    @property
    def exact(self) -> str:
        """The line's id, repaired when it was rounded."""
        gid = self.line_item.admin_graphql_api_id if self.line_item else ""
        return exact_id(self.line_item_id, gid)


class Transaction(Payload):
    """A movement of money that belongs to a refund."""

    kind: Text = ""
    status: Text = ""
    amount: Digits | None = None
    currency: Text = ""


class Refund(Identified):
    """A refund; without lines it is about money only. `order_id` is absent inside an order."""

    order_id: Digits | None = None
    created_at: Moment
    note: Text = ""
    refund_line_items: Many[RefundedLine] = ()
    transactions: Many[Transaction] = ()


class ShippingLine(Payload):
    """What delivery cost, and its share of the discounts. A removed one costs nothing."""

    price: Digits | None = None
    price_set: MoneySet | None = None
    is_removed: bool | None = None
    discount_allocations: Many[Allocation] = ()
    tax_lines: Many[TaxLine] = ()


class NoteAttribute(Payload):
    """What a storefront noted on the cart; values are whatever it wrote."""

    name: Text = ""
    value: object = None


class FulfillmentOrder(Payload):
    """What Shopify wants to be fulfilled at one place, as `ShopifyFeed` joins it: `location` is our
    id of it.
    """

    status: Text = ""
    method: Text = ""
    location: Text = ""


class ShopifyOrder(Identified):
    """An order as orders/create, /updated, /cancelled and /paid carry it, whole."""

    name: Text = ""
    created_at: Moment
    processed_at: Moment | None = None
    updated_at: Moment | None = None
    cancelled_at: Moment | None = None
    financial_status: Text = ""
    currency: Currency
    presentment_currency: Currency | None = None
    taxes_included: bool | None = None
    test: bool | None = None
    source_name: Text = ""
    total_price: Digits | None = None
    total_price_set: MoneySet | None = None
    total_discounts: Digits | None = None
    email: Text = ""
    phone: Text = ""
    customer_locale: Locale = ""
    customer: Customer | None = None
    shipping_address: Address | None = None
    line_items: tuple[Line, ...] = Field(max_length=MAX_LINES)
    shipping_lines: Many[ShippingLine] = ()
    fulfillments: Many[Fulfillment] = ()
    refunds: Many[Refund] = ()
    note_attributes: Many[NoteAttribute] = ()
    # None: not read from the shop; webhooks do not have them.
    fulfillment_orders: tuple[FulfillmentOrder, ...] | None = None


class EditedLine(Payload):
    """Units of a line that an edit added or removed."""

    id: Digits
    delta: Units


class EditedLines(Payload):
    """Both directions of an edit."""

    additions: Many[EditedLine] = ()
    removals: Many[EditedLine] = ()


class OrderEdit(Payload):
    """An edit of an order's lines: ids and units only."""

    id: Digits
    order_id: Digits
    committed_at: Moment
    line_items: EditedLines = EditedLines()


class OrderEdited(Payload):
    """The body of orders/edited: not an order."""

    order_edit: OrderEdit
