"""What a customer may know of an order: no name, no address, and no word of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dom.model.choice import choosing
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import UNASSIGNED, Bucket, HoldReason, Order
from dom.model.rma import Return
from dom.tracking.choice import OtherStores, Question, questions
from dom.tracking.going_back import GoingBack, going_back
from dom.tracking.shipment import Places, Shipment, lines_of, shipment_of
from dom.words.language import Language

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
    """An order as its customer sees it. `notice`: what became of what they just did."""

    title: str
    below: str
    headline: str
    shipments: tuple[Shipment, ...]
    rests: tuple[Rest, ...]
    returns: tuple[GoingBack, ...] = ()
    questions: tuple[Question, ...] = ()
    notice: str = ""


def story_of(
    order: Order,
    works: Iterable[FulfillmentOrder],
    returns: Iterable[Return],
    places: Places,
    language: Language,
    stores: OtherStores = lambda order, group: (),
) -> Story:
    """Tell where everything is."""
    standing = [work for work in works if work.status not in _OVER]
    told = [shipment_of(order, work, places, language) for work in standing]
    count = str(len(told))
    shipments = tuple(
        replace(one, title=language.show("part", title=one.title, number=str(number), count=count))
        if len(told) > 1
        else one
        for number, one in enumerate(told, 1)
    )
    return Story(
        language.show("title", name=order.name or order.external_id),
        language.show("ordered_on", day=language.day(order.placed_at.date())),
        _headline(order, shipments, language),
        shipments,
        tuple(_rests(order, language)),
        tuple(going_back(order, returns, language)),
        tuple(questions(order, stores, language)),
    )


def _headline(order: Order, shipments: tuple[Shipment, ...], language: Language) -> str:
    said = language.page
    if order.hold_reason is HoldReason.AWAITING_PAYMENT:
        return said["headline_payment"]
    if choosing(order):
        return said["headline_choose"]
    if order.hold_reason is not None:
        return said["headline_held"]
    if not shipments:
        waits = any(line.units(bucket) for line in order.lines for bucket in UNASSIGNED)
        return said["headline_waits"] if waits else said[_ended(order)]
    states = list(dict.fromkeys(one.state for one in shipments))
    return f"{states[0]}." if len(states) == 1 else said["headline_parts"]


def _ended(order: Order) -> str:
    cancelled = sum(line.units(B.CANCELLED) for line in order.lines)
    whole = sum(line.quantity for line in order.lines)
    return "headline_cancelled" if cancelled == whole else "headline_complete"


def _rests(order: Order, language: Language) -> Iterator[Rest]:
    """Units by why no shipment holds them."""
    asked = choosing(order)
    parcel = [line for line in order.lines if line.ship_group_id is not None]
    decided = [line for line in parcel if line.ship_group_id not in asked]
    digital = [line for line in order.lines if line.ship_group_id is None]
    for word, lines, buckets in (
        ("rest_pending", decided, (B.PENDING,)),
        ("rest_stock", decided, (B.BACKORDERED,)),
        ("rest_release", decided, (B.PREORDERED,)),
        ("rest_cancelled", order.lines, (B.CANCELLED,)),
        ("rest_returned", parcel, (B.RETURNED,)),
    ):
        units = {line.line_id: sum(line.units(b) for b in buckets) for line in lines}
        if told := lines_of(order, units):
            yield Rest(language.page[word], told)
    if told := lines_of(order, {x.line_id: x.quantity - x.units(B.CANCELLED) for x in digital}):
        yield Rest(language.page["rest_digital"], told)
