"""A part of an order that comes by itself, as its customer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from dom.model.as_sold import named
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, units_by_line
from dom.model.history import HistoryEntry
from dom.model.location import Location
from dom.model.order import Order
from dom.words.language import Language

S = FulfillmentStatus
_COLLECTED = frozenset({S.READY_FOR_PICKUP, S.ARRIVED, S.COLLECTED})


class Places(Protocol):
    """The network, as far as customers see it."""

    def location(self, location_id: str) -> Location | None:
        """The location, or None."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the way: `done`, or where it is `now`, or neither."""

    name: str
    done: bool
    now: bool


@dataclass(frozen=True, slots=True)
class ParcelStory:
    """A parcel's number, and where its carrier shows it (`url` "": nowhere)."""

    carrier: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """Part of an order that comes by itself.

    `when`: what can be said of the day, `events` (when, what) newest first. `where`, `hours` and
    `code` are of what is collected.
    """

    title: str
    state: str
    steps: tuple[Step, ...]
    lines: tuple[str, ...]
    when: str = ""
    parcels: tuple[ParcelStory, ...] = ()
    where: str = ""
    hours: str = ""
    code: str = ""
    events: tuple[tuple[str, str], ...] = ()
    troubled: bool = False


def shipment_of(
    order: Order, work: FulfillmentOrder, places: Places, language: Language
) -> Shipment:
    """What may be known of the work."""
    place = places.location(work.store if _is_collected(work) else work.location_id)
    zone = ZoneInfo(place.timezone) if place else ZoneInfo("UTC")
    collected = _is_collected(work)
    return Shipment(
        language.page["pickup" if collected else "shipment"],
        language.page[_state(work)],
        tuple(_steps(work, language)),
        lines_of(order, units_by_line(work.lines)),
        _when(order, work, zone, language),
        tuple(_parcels(work.parcels)),
        place.postal if collected and place else "",
        place.hours if collected and place else "",
        work.pickup.code if work.pickup and work.status is not S.COLLECTED else "",
        tuple(_events(work, zone, language)),
        work.status is S.DELIVERY_FAILED,
    )


def _is_collected(work: FulfillmentOrder) -> bool:
    return work.method in {"pickup", "curbside", "ship_to_store"}


_STATES: Mapping[FulfillmentStatus, str] = {
    S.PICKING: "state_picking",
    S.PACKED: "state_packed",
    S.CANCEL_REQUESTED: "state_packed",
    S.DELIVERED: "state_delivered",
    S.DELIVERY_FAILED: "state_failed",
    S.READY_FOR_PICKUP: "state_ready",
    S.ARRIVED: "state_arrived",
    S.COLLECTED: "state_collected",
}


def _state(work: FulfillmentOrder) -> str:
    if work.status is not S.SHIPPED:
        return _STATES.get(work.status, "state_prepared")
    if work.to_location:
        return "state_to_store"
    at_the_door = any(parcel.scan == "out_for_delivery" for parcel in work.parcels)
    return "state_out" if at_the_door else "state_on_its_way"


def _steps(work: FulfillmentOrder, language: Language) -> Iterator[Step]:
    """The whole way, and how far along it the work is."""
    last = ("ready", "collected") if _is_collected(work) else ("on_its_way", "delivered")
    at, over = _reached(work), work.status in {S.DELIVERED, S.COLLECTED}
    for n, name in enumerate(("ordered", "packed", *last)):
        done = over or n < at
        yield Step(language.page[f"step_{name}"], done, not done and n == at)


def _reached(work: FulfillmentOrder) -> int:
    """The number of the step that it has come to."""
    if work.status in _COLLECTED or (work.has_left and not _is_collected(work)):
        return 2
    return 1 if work.has_left or work.status in {S.PACKED, S.CANCEL_REQUESTED} else 0


def _when(order: Order, work: FulfillmentOrder, zone: ZoneInfo, language: Language) -> str:
    if work.status in {S.DELIVERED, S.COLLECTED, S.DELIVERY_FAILED}:
        return ""
    if work.pickup and work.pickup.code:
        last = work.pickup.last_moment.astimezone(zone).date()
        return language.show("kept_until", day=language.near(last))
    if work.arrives_on and work.status is S.SHIPPED:
        return language.show("expected_on", day=language.near(work.arrives_on))
    if work.eta and not work.has_left and (not work.delivers_by or work.eta > work.delivers_by):
        # An ETA of a whole day ends with it.
        leaves = (work.eta - timedelta(seconds=1)).astimezone(zone).date()
        return language.show("sent_by", day=language.near(leaves))
    if order.told.get(work.ship_group_id, work.delivers_by) is None:
        # The customer knows already that nobody knows; or nothing was ever planned.
        return language.page["late"] if work.ship_group_id in order.told else ""
    if work.delivers_by is None:
        return ""
    by = work.delivers_by.astimezone(zone).date()
    return language.show("expected_by", day=language.near(by))


def _parcels(parcels: Iterable[Parcel]) -> Iterator[ParcelStory]:
    for parcel in parcels:
        if parcel.tracking_number or parcel.link:
            yield ParcelStory(parcel.carrier, parcel.tracking_number, parcel.link)


_EVENTS: Mapping[str, str] = {
    "FulfillmentOrderPacked": "event_packed",
    "FulfillmentOrderShipped": "event_shipped",
    "ParcelOutForDelivery": "event_out",
    "FulfillmentOrderDelivered": "event_delivered",
    "FulfillmentOrderFailed": "event_failed",
    "FulfillmentOrderReadied": "event_ready",
    "CustomerArrived": "event_arrived",
    "FulfillmentOrderCollected": "event_collected",
}


def _events(
    work: FulfillmentOrder, zone: ZoneInfo, language: Language
) -> Iterator[tuple[str, str]]:
    for entry in reversed(work.history):
        what = _EVENTS.get(entry.type)
        if what and not entry.data.get("assumed"):
            yield language.moment(_at(entry).astimezone(zone)), language.page[what]


def _at(entry: HistoryEntry) -> datetime:
    """By the carrier's clock where a carrier says it, else by ours."""
    told = str(entry.data.get("scanned_at") or "")
    return datetime.fromisoformat(told) if told else entry.at


def lines_of(order: Order, units: Mapping[str, int]) -> tuple[str, ...]:
    """Units by line id, as people say it."""
    return tuple(f"{n} × {label}" for n, label in named(order, units))
