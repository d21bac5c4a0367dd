"""A part of an order that comes by itself, as its customer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, units_by_line
from dom.model.history import HistoryEntry
from dom.model.location import Location
from dom.model.order import Order

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


def shipment_of(order: Order, work: FulfillmentOrder, places: Places) -> Shipment:
    """What may be known of the work."""
    place = places.location(work.store if _is_collected(work) else work.location_id)
    zone = ZoneInfo(place.timezone) if place else ZoneInfo("UTC")
    collected = _is_collected(work)
    return Shipment(
        "Pickup" if collected else "Shipment",
        _state(work),
        _steps(work),
        lines_of(order, units_by_line(work.lines)),
        _when(work, zone),
        tuple(_parcels(work.parcels)),
        place.postal if collected and place else "",
        place.hours if collected and place else "",
        work.pickup.code if work.pickup and work.status is not S.COLLECTED else "",
        tuple(_events(work, zone)),
        work.status is S.DELIVERY_FAILED,
    )


def _is_collected(work: FulfillmentOrder) -> bool:
    return work.method in {"pickup", "curbside", "ship_to_store"}


_STATES: Mapping[FulfillmentStatus, str] = {
    S.PICKING: "Being packed",
    S.PACKED: "Packed",
    S.CANCEL_REQUESTED: "Packed",
    S.DELIVERED: "Delivered",
    S.DELIVERY_FAILED: "The delivery did not work: we are looking after it",
    S.READY_FOR_PICKUP: "Ready for you",
    S.ARRIVED: "We know that you are here",
    S.COLLECTED: "Collected",
}


def _state(work: FulfillmentOrder) -> str:
    if work.status is not S.SHIPPED:
        return _STATES.get(work.status, "Being prepared")
    if work.to_location:
        return "On its way to the store"
    at_the_door = any(parcel.scan == "out_for_delivery" for parcel in work.parcels)
    return "Out for delivery" if at_the_door else "On its way"


def _steps(work: FulfillmentOrder) -> tuple[Step, ...]:
    """The whole way, and how far along it the work is."""
    last = ("Ready", "Collected") if _is_collected(work) else ("On its way", "Delivered")
    names = ("Ordered", "Packed", *last)
    at, over = _reached(work), work.status in {S.DELIVERED, S.COLLECTED}
    return tuple(Step(name, over or n < at, not over and n == at) for n, name in enumerate(names))


def _reached(work: FulfillmentOrder) -> int:
    """The number of the step that it has come to."""
    if work.status in _COLLECTED or (work.has_left and not _is_collected(work)):
        return 2
    return 1 if work.has_left or work.status in {S.PACKED, S.CANCEL_REQUESTED} else 0


def _when(work: FulfillmentOrder, zone: ZoneInfo) -> str:
    if work.status in {S.DELIVERED, S.COLLECTED, S.DELIVERY_FAILED}:
        return ""
    if work.pickup and work.pickup.code:
        return f"Kept for you until {_day(work.pickup.last_moment, zone)}"
    if work.eta and not work.has_left and (not work.delivers_by or work.eta > work.delivers_by):
        # An ETA of a whole day ends with it.
        return f"To be sent by {_day(work.eta - timedelta(seconds=1), zone)}"
    if work.delivers_by is None:
        return ""
    return f"Expected by {_day(work.delivers_by, zone)}"


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%A, %d %B}"


def _parcels(parcels: Iterable[Parcel]) -> Iterator[ParcelStory]:
    for parcel in parcels:
        if parcel.tracking_number or parcel.link:
            yield ParcelStory(parcel.carrier, parcel.tracking_number, parcel.link)


_EVENTS: Mapping[str, str] = {
    "FulfillmentOrderPacked": "Packed",
    "FulfillmentOrderShipped": "Handed to the carrier",
    "ParcelOutForDelivery": "Out for delivery",
    "FulfillmentOrderDelivered": "Delivered",
    "FulfillmentOrderFailed": "The delivery did not work",
    "FulfillmentOrderReadied": "Ready at the store",
    "CustomerArrived": "You arrived",
    "FulfillmentOrderCollected": "Collected",
}


def _events(work: FulfillmentOrder, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    for entry in reversed(work.history):
        what = _EVENTS.get(entry.type)
        if what and not entry.data.get("assumed"):
            yield _moment(entry, zone), what


def _moment(entry: HistoryEntry, zone: ZoneInfo) -> str:
    """By the carrier's clock where a carrier says it, else by ours."""
    told = str(entry.data.get("scanned_at") or "")
    at = datetime.fromisoformat(told) if told else entry.at
    return f"{at.astimezone(zone):%a %d %b, %H:%M %Z}"


def lines_of(order: Order, units: Mapping[str, int]) -> tuple[str, ...]:
    """Units by line id, as people say it."""
    found = (line for line in order.lines if units.get(line.line_id))
    return tuple(f"{units[line.line_id]} × {line.label}" for line in found)
