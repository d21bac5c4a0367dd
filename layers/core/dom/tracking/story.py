"""What a customer may know of an order: no name, no address, and no word of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import UNASSIGNED, Bucket, HoldReason, Order
from dom.tracking.shipment import Places, Shipment, lines_of, shipment_of

S, B = FulfillmentStatus, Bucket
# Of work in these states the units are somewhere else by now, or nowhere.
_OVER = frozenset({S.REJECTED, S.EXPIRED, S.CANCELLED})


@dataclass(frozen=True, slots=True)
class Rest:
    """Units that no shipment holds, and why."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An order as its customer sees it."""

    order_name: str
    placed_on: str
    headline: str
    shipments: tuple[Shipment, ...]
    rests: tuple[Rest, ...]


def story_of(order: Order, works: Iterable[FulfillmentOrder], places: Places) -> Story:
    """Tell where everything is."""
    standing = [work for work in works if work.status not in _OVER]
    told = [shipment_of(order, work, places) for work in standing]
    several = len(told) > 1
    shipments = tuple(
        replace(one, title=f"{one.title} {number} of {len(told)}") if several else one
        for number, one in enumerate(told, 1)
    )
    return Story(
        order.name or order.external_id,
        f"{order.placed_at:%A, %d %B %Y}",
        _headline(order, shipments),
        shipments,
        tuple(_rests(order)),
    )


def _headline(order: Order, shipments: tuple[Shipment, ...]) -> str:
    if order.hold_reason is HoldReason.AWAITING_PAYMENT:
        return "We wait for your payment."
    if order.hold_reason is not None:
        return "We are looking into your order and will be in touch."
    if not shipments:
        waits = any(line.units(bucket) for line in order.lines for bucket in UNASSIGNED)
        return "We have your order." if waits else _ended(order)
    states = list(dict.fromkeys(one.state for one in shipments))
    return f"{states[0]}." if len(states) == 1 else "Your order comes in several parts."


def _ended(order: Order) -> str:
    cancelled = sum(line.units(B.CANCELLED) for line in order.lines)
    whole = sum(line.quantity for line in order.lines)
    return "Your order was cancelled." if cancelled == whole else "Your order is complete."


def _rests(order: Order) -> Iterator[Rest]:
    """Units by why no shipment holds them."""
    parcel = [line for line in order.lines if line.ship_group_id is not None]
    for title, buckets in (
        ("Being arranged", (B.PENDING,)),
        ("Not in stock yet: we send it as soon as it is", (B.BACKORDERED, B.PREORDERED)),
        ("Cancelled", (B.CANCELLED,)),
        ("Returned", (B.RETURNED,)),
    ):
        units = {
            line.line_id: sum(line.units(bucket) for bucket in buckets)
            for line in (parcel if title != "Cancelled" else order.lines)
        }
        if lines := lines_of(order, units):
            yield Rest(title, lines)
    digital = [line for line in order.lines if line.ship_group_id is None]
    if lines := lines_of(order, {x.line_id: x.quantity - x.units(B.CANCELLED) for x in digital}):
        yield Rest("Needs no parcel", lines)
