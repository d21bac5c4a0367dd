"""What is published on the bus: the envelope of docs/events/, built from what tables hold.

Standard library only. `event_id` is a function of the stored fact, so a consumer that has seen an
id may drop its repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.model.clock import from_text, to_text
from dom.model.history import HistoryEntry
from dom.model.ids import OrderId, fulfillment_order_id, return_id

SCHEMA_VERSION = "1"
_FULFILLMENT_ITEM = "FO#"
_RETURN_ITEM = "RETURN#"
_MOVEMENT_FIELDS = (
    "sku",
    "location_id",
    "cause",
    "on_hand",
    "unsellable",
    "reserved",
    "safety_stock",
    "references",
    "recorded_at",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One fact on its way out. `detail` is plain JSON without personal data."""

    event_id: str
    type: str
    occurred_at: datetime
    detail: Mapping[str, object]


def order_event(order_id: str, item: str, entry: HistoryEntry) -> Event:
    """The event of a history entry of an order's item (`ORDER`, `FO#000001`, `RETURN#000001`)."""
    subject = {"order_id": order_id}
    if item.startswith(_FULFILLMENT_ITEM):
        number = int(item.removeprefix(_FULFILLMENT_ITEM))
        subject["fulfillment_order_id"] = fulfillment_order_id(OrderId(order_id), number)
    if item.startswith(_RETURN_ITEM):
        number = int(item.removeprefix(_RETURN_ITEM))
        subject["return_id"] = return_id(OrderId(order_id), number)
    event_id = f"{order_id}/{item}#{entry.seq}"
    return _event(event_id, entry.type, entry.at, entry.actor, subject, entry.data)


def movement_event(movement: Mapping[str, object]) -> Event:
    """InventoryMoved of a ledger row as stored (plain attributes, keys `pk` and `sk` included)."""
    data = {name: movement[name] for name in _MOVEMENT_FIELDS if name in movement}
    at = from_text(str(movement.get("occurred_at") or movement["recorded_at"]))
    event_id = f"{movement['pk']}/{movement['sk']}"
    return _event(event_id, "InventoryMoved", at, str(movement.get("actor", "")), {}, data)


def location_event(
    location_id: str, seq: int, at: datetime, actor: str, data: Mapping[str, object]
) -> Event:
    """The event of a history entry of a location (LocationChanged)."""
    event_id = f"{location_id}#{seq}"
    return _event(event_id, "LocationChanged", at, actor, {"location_id": location_id}, data)


def rule_set_event(entry: HistoryEntry) -> Event:
    """The event of a history entry of what is in force (RuleSetActivated, RuleSetShadowed)."""
    event_id = f"rules_in_force#{entry.seq}"
    return _event(event_id, entry.type, entry.at, entry.actor, {}, entry.data)


def ping_event(name: str, at: datetime, actor: str) -> Event:
    """Of nothing: whoever subscribes sees that it arrives. It is never on the bus."""
    return _event(name, "Ping", at, actor, {}, {})


def _event(
    event_id: str,
    type_: str,
    at: datetime,
    actor: str,
    subject: Mapping[str, object],
    data: Mapping[str, object],
) -> Event:
    detail = {
        "version": SCHEMA_VERSION,
        "event_id": event_id,
        "type": type_,
        "occurred_at": to_text(at),
        **subject,
        "actor": actor,
        "data": dict(data),
    }
    return Event(event_id, type_, at, detail)
