"""Shopify's order topics, told as facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from dom.channels.payload import read
from dom.channels.shopify_lines import fulfillments, line_facts
from dom.channels.shopify_models import (
    Address,
    OrderEdited,
    Refund,
    ShopifyOrder,
)
from dom.channels.shopify_money import authorized, fees, paid_back, shipping
from dom.channels.shopify_people import customer_id, destination, personal
from dom.channels.shopify_refunds import OURS
from dom.errors import InvalidInput
from dom.model.facts import Delta, Facts, OrderSnapshot, Payment
from dom.model.ids import LocationId
from dom.model.order import Method, ShipGroup
from dom.model.reservation import RESERVATION

# One delivery address an order: Shopify has no others.
GROUP = "sg1"
CHANNEL = "shopify"
# Shopify Payments and most cards; webhooks do not say it.
AUTHORIZED_FOR = timedelta(days=7)

_PICK_UP = "PICK_UP"
_OVER = frozenset({"CANCELLED", "CLOSED", "INCOMPLETE"})
_UNPAID = frozenset({Payment.PENDING, Payment.AUTHORIZED, Payment.EXPIRED, Payment.PARTIALLY_PAID})


def parse(topic: str, account: str, body: bytes) -> Facts | None:
    """See `Channel.parse`."""
    parser = PARSERS.get(topic)
    return parser(account.casefold(), body) if parser else None


def _order(account: str, body: bytes) -> Facts:
    order = read(ShopifyOrder, body)
    return _facts(account, order, _snapshot(order))


def _cancelled(account: str, body: bytes) -> Facts:
    """The topic says that the order is cancelled, whatever the body leaves out."""
    order = read(ShopifyOrder, body)
    snapshot = _snapshot(order)
    at = snapshot.cancelled_at or snapshot.updated_at
    return _facts(account, order, replace(snapshot, cancelled_at=at))


def _paid(account: str, body: bytes) -> Facts:
    """The topic says that the order is paid, however old the body's status is."""
    order = read(ShopifyOrder, body)
    snapshot = _snapshot(order)
    payment = Payment.PAID if snapshot.payment in _UNPAID else snapshot.payment
    return _facts(account, order, replace(snapshot, payment=payment))


def _facts(account: str, order: ShopifyOrder, snapshot: OrderSnapshot) -> Facts:
    refunds = tuple(_refund(refund, listed=True) for refund in order.refunds)
    facts = Facts(CHANNEL, account, order.exact, snapshot.updated_at, snapshot, refunds)
    return replace(facts, incomplete=_may_be_collected(order, snapshot))


def _may_be_collected(order: ShopifyOrder, snapshot: OrderSnapshot) -> bool:
    """Whether only the shop knows where its goods go: a pickup has no address, and webhooks do not
    say at which store it is.
    """
    homeless = any(group.destination is None for group in snapshot.ship_groups)
    over = snapshot.cancelled_at or snapshot.in_person
    return homeless and not over and order.fulfillment_orders is None


def _refunded(account: str, body: bytes) -> Facts:
    refund = read(Refund, body)
    if not refund.order_id:
        raise InvalidInput("order_id", "is missing")
    delta = _refund(refund, listed=False)
    return Facts(CHANNEL, account, refund.order_id, delta.at, refunds=(delta,))


def _edited(account: str, body: bytes) -> Facts:
    edit = read(OrderEdited, body).order_edit
    delta = Delta(
        id=edit.id,
        at=edit.committed_at,
        added=_summed((line.id, line.delta) for line in edit.line_items.additions),
        removed=_summed((line.id, line.delta) for line in edit.line_items.removals),
    )
    return Facts(CHANNEL, account, edit.order_id, delta.at, edits=(delta,))


PARSERS: Mapping[str, Callable[[str, bytes], Facts]] = {
    "orders/create": _order,
    "orders/updated": _order,
    "orders/cancelled": _cancelled,
    "orders/paid": _paid,
    "orders/edited": _edited,
    "refunds/create": _refunded,
}


def _snapshot(order: ShopifyOrder) -> OrderSnapshot:
    lines = line_facts(order, GROUP)
    placed_at = order.processed_at or order.created_at
    delivery, guaranteed = shipping(order), authorized(order)
    return OrderSnapshot(
        updated_at=order.updated_at or order.created_at,
        placed_at=placed_at,
        currency=order.currency,
        lines=lines,
        ship_groups=_groups(order.shipping_address, any(line.ship_group_id for line in lines)),
        payment=_payment(order.financial_status),
        name=order.name,
        cancelled_at=order.cancelled_at,
        test=bool(order.test),
        in_person=order.source_name == "pos",
        fulfillments=fulfillments(order),
        amounts=_amounts(order),
        customer_id=customer_id(order),
        locale=order.customer_locale,
        personal=personal(order, GROUP),
        taxes_included=bool(order.taxes_included),
        shipping=delivery,
        reservation_id=_reservation(order),
        collected_at=_collected_at(order),
        authorized=guaranteed,
        authorized_until=placed_at + AUTHORIZED_FOR if guaranteed else None,
        fees=fees(order, lines, delivery),
    )


def _collected_at(order: ShopifyOrder) -> LocationId | None:
    """The one place at which all of it is collected; None: it is sent, or nobody said."""
    known = [one for one in order.fulfillment_orders or () if one.status not in _OVER]
    places = {one.location for one in known}
    if not places or "" in places or any(one.method != _PICK_UP for one in known):
        return None
    return LocationId(places.pop()) if len(places) == 1 else None


def _reservation(order: ShopifyOrder) -> str:
    """Of the cart's attribute of that name, which buyers can write, too; "" if it can be none."""
    notes = (str(one.value) for one in order.note_attributes if one.name == "reservation_id")
    return next((note for note in notes if re.fullmatch(RESERVATION, note)), "")


def _groups(address: Address | None, needed: bool) -> tuple[ShipGroup, ...]:
    return (ShipGroup(GROUP, Method.SHIP, destination(address)),) if needed else ()


def _payment(status: str) -> Payment:
    """A status that we do not know is taken as unpaid: that holds the order, and loses nothing."""
    try:
        return Payment(status)
    except ValueError:
        return Payment.PENDING


def _refund(refund: Refund, listed: bool) -> Delta:
    """One that a return of ours caused speaks of delivered units, whatever is restocked of them."""
    ours = OURS.search(refund.note) is not None
    back = [x for x in refund.refund_line_items if ours or x.restock_type == "return"]
    kept = [x for x in refund.refund_line_items if not (ours or x.restock_type == "return")]
    return Delta(
        id=refund.exact,
        at=refund.created_at,
        removed=_summed((line.exact, line.quantity) for line in kept),
        returned=_summed((line.exact, line.quantity) for line in back),
        listed=listed,
        paid=paid_back(refund),
        ours=ours,
    )


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    units: dict[str, int] = {}
    for line_id, quantity in pairs:
        units[line_id] = units.get(line_id, 0) + quantity
    return units


def _amounts(order: ShopifyOrder) -> dict[str, object]:
    """What the buyer saw and paid, as text: kept for people and refunds, not calculated with."""
    presented = order.total_price_set.presentment_money if order.total_price_set else None
    known = {
        "total": order.total_price,
        "presentment_currency": order.presentment_currency,
        "presentment_total": presented.amount if presented else None,
        "taxes_included": order.taxes_included,
    }
    return {name: value for name, value in known.items() if value is not None}
