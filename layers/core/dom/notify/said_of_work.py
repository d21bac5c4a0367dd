"""What messages say of a part of an order: what is in it, its parcels, where it lies, the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dom.errors import NotFound
from dom.model.as_sold import named
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, units_by_line
from dom.model.order import Bucket, Order
from dom.model.promised import zone_for
from dom.notify.ports import Notice, OrderReader, Places, Unwanted
from dom.notify.templates import Value
from dom.words.language import Language

S = FulfillmentStatus
SHIPPED, DELIVERED = "FulfillmentOrderShipped", "FulfillmentOrderDelivered"
OUT = "ParcelOutForDelivery"
_PICKUPS = frozenset({"FulfillmentOrderReadied", "CustomerReminded"})
_STILL_HERE = frozenset({S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED})


def of_work(
    notice: Notice, order: Order, orders: OrderReader, places: Places, language: Language
) -> Mapping[str, Value]:
    """The values for a message about a FulfillmentOrder.

    Unwanted: nobody saw what it would tell, or another message tells it. NotFound: the work or its
    store is unknown.
    """
    work = orders.fulfillment_order(notice.fulfillment_order_id)
    if work is None:
        raise NotFound("fulfillment order", notice.fulfillment_order_id)
    if notice.type == DELIVERED and any(entry.data.get("assumed") for entry in work.history):
        raise Unwanted("NOBODY_SAW_IT")
    if notice.type == OUT and not _is_out(work):
        raise Unwanted("NOT_ON_ITS_WAY")
    boxed = _of_one_shipment(work, orders)
    if boxed[0].id != work.id:
        raise Unwanted("TOLD_TOGETHER")
    parcels = _parcels((parcel for one in boxed for parcel in one.parcels), language)
    facts: dict[str, Value] = {
        "lines": units(order, units_by_line(line for one in boxed for line in one.lines)),
        "parcels": tuple(dict.fromkeys(parcels)),
        "expected": _expected(order, work, language),
    }
    if notice.type in _PICKUPS:
        return {**facts, **_pickup(work, places, language)}
    if notice.type in {SHIPPED, DELIVERED}:
        works = orders.fulfillment_orders(order.order_id)
        return {**facts, "rest": tuple(_rest(order, works, language))}
    return facts


def _is_out(work: FulfillmentOrder) -> bool:
    """Whether a carrier still has some of it on its last way: notices may have waited for hours."""
    return work.status is S.SHIPPED and any(one.scan == "out_for_delivery" for one in work.parcels)


def _of_one_shipment(work: FulfillmentOrder, orders: OrderReader) -> list[FulfillmentOrder]:
    """The order's work that leaves in the same parcels, of which its customer hears once."""
    if work.together is None:
        return [work]
    works = orders.fulfillment_orders(work.order_id)
    return [one for one in works if one.together and one.together.id == work.together.id]


def units(order: Order, wanted: Mapping[str, int]) -> tuple[str, ...]:
    """Units by line id, as people say it."""
    return tuple(f"{n} x {label}" for n, label in named(order, wanted))


def _expected(order: Order, work: FulfillmentOrder, language: Language) -> str:
    """The day of the carrier, else of the plan if it left in time; "" where nobody knows one."""
    zone = zone_for(order, work.ship_group_id)
    left = [entry.at for entry in work.history if entry.type == SHIPPED]
    in_time = not (work.ships_by and left) or left[-1] <= work.ships_by
    planned = work.delivers_by.astimezone(zone).date() if work.delivers_by and in_time else None
    day = work.arrives_on or planned
    return language.say("expected", day=language.day(day)) if day else ""


def _rest(order: Order, works: Iterable[FulfillmentOrder], language: Language) -> Iterator[str]:
    """What comes apart from this, and when, if somebody knows."""
    for work in works:
        if work.status not in _STILL_HERE:
            continue
        told = ", ".join(units(order, units_by_line(work.lines)))
        promise = order.told.get(work.ship_group_id, work.delivers_by)
        if promise and work.delivers_by:
            by = max(promise, work.delivers_by).astimezone(zone_for(order, work.ship_group_id))
            yield language.say("comes_by", units=told, day=language.day(by.date()))
        else:
            yield language.say("comes_later", units=told)
    for word, buckets in (
        ("comes_later", (Bucket.PENDING,)),
        ("comes_with_stock", (Bucket.BACKORDERED,)),
        ("comes_on_release", (Bucket.PREORDERED,)),
    ):
        parcel = (line for line in order.lines if line.ship_group_id)
        waiting = {line.line_id: sum(line.units(b) for b in buckets) for line in parcel}
        if told := ", ".join(units(order, waiting)):
            yield language.say(word, units=told)


def _pickup(work: FulfillmentOrder, places: Places, language: Language) -> Mapping[str, Value]:
    """Where and until when it can be collected, and with which code."""
    if work.pickup is None or not work.pickup.code:
        raise Unwanted("NOTHING_TO_COLLECT")
    store = places.location(work.store)
    if store is None:
        raise NotFound("location", work.store)
    last = language.day(store.local_date(work.pickup.last_moment))
    hours = (language.say("open", hours=store.hours),) if store.hours else ()
    code = language.say("code", code=work.pickup.code)
    place = language.say("where", place=store.postal)
    told = (place, *hours, language.say("until", day=last), code)
    return {"pickup": told, "code": work.pickup.code}


def _parcels(parcels: Iterable[Parcel], language: Language) -> Iterator[str]:
    for one in parcels:
        if one.tracking_number or one.tracking_url:
            words = (language.words["parcel"], one.carrier, one.tracking_number, one.link)
            yield " ".join(filter(None, words))
