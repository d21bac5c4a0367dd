"""Amazon's orders, told as facts: of both versions of its Orders API."""

from __future__ import annotations

from datetime import datetime, timedelta

from dom.channels.amazon_models import Item, Notification, Order, Read
from dom.channels.amazon_money import (
    currency_of,
    goods_of,
    shipping,
    taxes_included,
    total,
    unit_price,
)
from dom.channels.amazon_people import people, place
from dom.channels.payload import MAX_UNITS, TITLE_LENGTH, distinct, parsed, read, validated
from dom.model.facts import Facts, LineFacts, OrderSnapshot, Payment, SeenOrder, handed_over
from dom.model.ids import Sku
from dom.model.money import Money
from dom.model.order import Method, ShipGroup

CHANNEL = "amazon"
GROUP = "sg1"
BY_AMAZON = frozenset({"AMAZON", "AFN"})
_TO_SHIP = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"})
CANCELLED = "CANCELLED"
# https://sellercentral.amazon.com/mws/static/policy?documentType=DPP: 30 days after delivery.
KEPT = timedelta(days=30)
# The recipient is then a store, and nothing says which of ours.
_PICKUP = "IN_STORE_PICK_UP"


def changed(body: bytes) -> SeenOrder | None:
    """The order that a notification names; None: Amazon ships it itself."""
    told = read(Notification, body)
    change = told.payload.order_change_notification
    if change.summary and change.summary.fulfillment_type in BY_AMAZON:
        return None
    trigger = change.order_change_trigger
    at = trigger.time_of_order_change if trigger else None
    return SeenOrder(change.amazon_order_id, at or told.event_time)


def order(account: str, body: bytes) -> Facts | None:
    """An order as the API shows it; None: Amazon ships it itself, so it is never routed.

    Version 2026-01-01 answers `{"order": …}`, v0 `{"payload": …}` (`dom.channels.amazon_v0`).
    """
    found = read_order(body)
    if found.fulfillment.fulfilled_by in BY_AMAZON:
        return None
    snapshot = _snapshot(found)
    return Facts(CHANNEL, account.casefold(), found.order_id, snapshot.updated_at, snapshot)


def read_order(body: bytes) -> Order:
    """An order as the API shows it, of either version. InvalidInput names the field."""
    document = parsed(body)
    if isinstance(document, dict) and "payload" in document:
        from dom.channels.amazon_v0 import translated

        return translated(document)
    return validated(Read, document).order


def _snapshot(order: Order) -> OrderSnapshot:
    status = order.fulfillment.fulfillment_status
    currency = currency_of(order)
    items = tuple(order.order_items)
    distinct((item.order_item_id for item in items), "order.orderItems.{}.orderItemId")
    shipped = {x.order_item_id: units for x in items if (units := _fulfilled(x))}
    at = order.last_updated_time
    return OrderSnapshot(
        updated_at=at,
        placed_at=order.created_time,
        currency=currency,
        lines=tuple(_line(item, i, status, currency) for i, item in enumerate(items)),
        ship_groups=(_group(order),),
        payment=Payment.PAID if status in _TO_SHIP else Payment.PENDING,
        name=order.order_id,
        cancelled_at=at if status == CANCELLED else None,
        fulfillments=handed_over("shipped", shipped),
        amounts={"status": status, **total(order)},
        personal=people(order, GROUP),
        forget_by=_delivered_by(order) + KEPT,
        shrinking=True,
        taxes_included=taxes_included(order, currency),
        shipping=shipping(order, currency),
    )


def _delivered_by(order: Order) -> datetime:
    """The last moment at which the buyer was told to get it; while nobody said so, a month on."""
    window = order.fulfillment.deliver_by_window
    latest = window.latest_date_time if window else None
    return latest or order.created_time + KEPT


def _line(item: Item, i: int, status: str, currency: str) -> LineFacts:
    product, path = item.product, f"order.orderItems.{i}"
    unit, discount = unit_price(item, currency, path)
    return LineFacts(
        line_id=item.order_item_id,
        quantity=item.quantity_ordered,
        unit_price=Money(unit, currency),
        removed=_removed(item, status),
        sku=Sku(product.seller_sku) if product and product.seller_sku else None,
        title=product.title[:TITLE_LENGTH] if product else "",
        ship_group_id=GROUP,
        discount=Money(discount, currency) if discount else None,
        tax=Money(goods_of(item, "TAX", currency, path), currency),
    )


def _removed(item: Item, status: str) -> int:
    """Units that shall not be shipped any more: cancelled, or asked by the buyer to be. Of a line
    that is cancelled as a whole, which shows no units at all, it is whatever it had before.
    """
    if item.quantity_ordered == 0:
        return MAX_UNITS
    wished = item.cancellation and item.cancellation.cancellation_request
    return _unshipped(item) if wished else cancelled_units(item, status)


def cancelled_units(item: Item, status: str) -> int:
    """Units of those ordered that Amazon shows as cancelled, in an order of that status."""
    if item.cancellation and item.cancellation.cancellation_execution:
        return _unshipped(item)
    open_units = item.fulfillment.quantity_unfulfilled if item.fulfillment else None
    if status not in _TO_SHIP or open_units is None:
        return 0
    return max(0, _unshipped(item) - open_units)


def _unshipped(item: Item) -> int:
    return max(0, item.quantity_ordered - _fulfilled(item))


def _fulfilled(item: Item) -> int:
    return (item.fulfillment.quantity_fulfilled or 0) if item.fulfillment else 0


def _group(order: Order) -> ShipGroup:
    """An order without an address is held: it is pending, or its customer collects it."""
    collects = _PICKUP in order.programs
    window = order.fulfillment.deliver_by_window
    promised_by = window.latest_date_time if window else None
    to = None if collects else place(order)
    return ShipGroup(GROUP, Method.SHIP, to, promised_by=promised_by)
