"""Orders of Amazon's Orders API v0, translated into those of 2026-01-01: one mapping for both.

https://github.com/amzn/selling-partner-api-models, models/orders-api-model/ordersV0.json. Its
operations end on 2027-03-27. An order and its items are two calls, which the feed joins:
`{"payload": order, "OrderItems": [item, …]}`. Prices are of a line, not of a unit; flags of items
are the texts "true" and "false".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from dom.channels import amazon_models as new
from dom.channels.payload import (
    Currency,
    Digits,
    Many,
    Moment,
    Payload,
    SkuText,
    Text,
    Units,
    validated,
)
from dom.model.facts import MAX_LINES

_STATUS: Mapping[str, str] = {
    "PendingAvailability": "PENDING_AVAILABILITY",
    "Pending": "PENDING",
    "Unshipped": "UNSHIPPED",
    "PartiallyShipped": "PARTIALLY_SHIPPED",
    "Shipped": "SHIPPED",
    "Canceled": "CANCELLED",
    "Unfulfillable": "UNFULFILLABLE",
}
# Waits for an invoice (Brazil): not to be shipped, as while it is pending.
_UNKNOWN = "PENDING"


class Amount(Payload):
    """Money, in major units as text."""

    CurrencyCode: Currency
    Amount: Digits


class Cancel(Payload):
    """The buyer's wish; a text, so that "false" is not taken for true."""

    IsBuyerRequestedCancel: Text | bool = ""


class Item(Payload):
    """A line. Amounts are of all its units."""

    OrderItemId: Digits
    SellerSKU: SkuText = ""
    Title: Text = ""
    QuantityOrdered: Units
    QuantityShipped: Units | None = None
    ItemPrice: Amount | None = None
    ItemTax: Amount | None = None
    ShippingPrice: Amount | None = None
    ShippingTax: Amount | None = None
    ShippingDiscount: Amount | None = None
    PromotionDiscount: Amount | None = None
    BuyerRequestedCancel: Cancel | None = None


class Address(Payload):
    """All of it may be absent."""

    Name: Text = ""
    CompanyName: Text = ""
    AddressLine1: Text = ""
    AddressLine2: Text = ""
    AddressLine3: Text = ""
    City: Text = ""
    StateOrRegion: Text = ""
    PostalCode: Text = ""
    CountryCode: Text = ""
    Phone: Text = ""


class Buyer(Payload):
    """Who pays."""

    BuyerName: Text = ""
    BuyerEmail: Text = ""


class Order(Payload):
    """One order."""

    AmazonOrderId: Annotated[Text, Field(min_length=1, max_length=64)]
    PurchaseDate: Moment
    LastUpdateDate: Moment
    OrderStatus: Text
    FulfillmentChannel: Text
    OrderTotal: Amount | None = None
    IsISPU: bool | None = None
    LatestDeliveryDate: Moment | None = None
    ShippingAddress: Address | None = None
    BuyerInfo: Buyer | None = None


class Joined(Payload):
    """What the feed makes of both calls."""

    payload: Order
    OrderItems: Annotated[Many[Item], Field(max_length=MAX_LINES)]


def translated(document: object) -> new.Order:
    """The order as version 2026-01-01 shows it. InvalidInput names the field of v0."""
    joined = validated(Joined, document)
    order = joined.payload
    status = _STATUS.get(order.OrderStatus, _UNKNOWN)
    by_amazon = order.FulfillmentChannel == "AFN"
    total = order.OrderTotal
    return new.Order(
        order_id=order.AmazonOrderId,
        created_time=order.PurchaseDate.isoformat(),
        last_updated_time=order.LastUpdateDate.isoformat(),
        programs=("IN_STORE_PICK_UP",) if order.IsISPU else (),
        buyer=_buyer(order.BuyerInfo),
        recipient=_recipient(order.ShippingAddress),
        proceeds=new.Total(grand_total=_amount(total)) if total else None,
        fulfillment=new.Fulfillment(
            fulfillment_status=status,
            fulfilled_by="AMAZON" if by_amazon else "MERCHANT",
            deliver_by_window=_window(order.LatestDeliveryDate),
        ),
        order_items=tuple(_item(item) for item in joined.OrderItems),
    )


def _window(latest: datetime | None) -> new.Window | None:
    return new.Window(latest_date_time=latest.isoformat()) if latest else None


def _item(item: Item) -> new.Item:
    wished = item.BuyerRequestedCancel and item.BuyerRequestedCancel.IsBuyerRequestedCancel
    cancels = str(wished or "").lower() == "true"
    return new.Item(
        order_item_id=item.OrderItemId,
        quantity_ordered=item.QuantityOrdered,
        product=new.Product(seller_sku=item.SellerSKU, title=item.Title),
        proceeds=new.Proceeds(breakdowns=tuple(_breakdowns(item))),
        # What is left is not told: an item of which some is cancelled has fewer units ordered.
        fulfillment=new.ItemFulfillment(quantity_fulfilled=item.QuantityShipped),
        cancellation=new.Cancellation(
            cancellation_request={"requester": "BUYER"} if cancels else None
        ),
    )


def _breakdowns(item: Item) -> Iterator[new.Breakdown]:
    whole = {
        "ITEM": item.ItemPrice,
        "TAX": item.ItemTax,
        "SHIPPING": item.ShippingPrice,
        "DISCOUNT": item.PromotionDiscount,
    }
    for kind, amount in whole.items():
        if amount:
            yield new.Breakdown(type=kind, subtotal=_amount(amount))
    for kind, amount in {"TAX": item.ShippingTax, "DISCOUNT": item.ShippingDiscount}.items():
        if amount:
            part = new.Part(subtype="SHIPPING", value=_amount(amount))
            yield new.Breakdown(type=kind, subtotal=_amount(amount), detailed_breakdowns=(part,))


def _amount(amount: Amount) -> new.Amount:
    return new.Amount(amount=amount.Amount, currency_code=amount.CurrencyCode)


def _recipient(address: Address | None) -> new.Recipient | None:
    if address is None:
        return None
    to = new.Address(
        name=address.Name,
        company_name=address.CompanyName,
        address_line1=address.AddressLine1,
        address_line2=address.AddressLine2,
        address_line3=address.AddressLine3,
        city=address.City,
        state_or_region=address.StateOrRegion,
        postal_code=address.PostalCode,
        country_code=address.CountryCode,
        phone=address.Phone,
    )
    return new.Recipient(delivery_address=to)


def _buyer(buyer: Buyer | None) -> new.Buyer | None:
    if buyer is None:
        return None
    return new.Buyer(buyer_name=buyer.BuyerName, buyer_email=buyer.BuyerEmail)
