"""A table of items to relay, and whoever is told, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dom.errors import Busy
from dom.events import Event
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.order import Order
from dom.model.rma import Return
from dom.model.waiting import Outcome
from dom.relay.relay import Relay
from dom.relay.steps import Start, Unrelayed
from dom.relay.sweep import Sweep, sweep
from support.builders import NOW
from support.fakes import frozen

S = FulfillmentStatus
HISTORY = append(append((), NOW, "OrderPlaced", "shopify"), NOW, "OrderPaid", "shopify")


NAMES = {Order: "ORDER", FulfillmentOrder: "FO#000001", Return: "RETURN#000001"}


def item(record: Order | FulfillmentOrder | Return, relayed: int = 0) -> Unrelayed:
    name = NAMES[type(record)]
    return Unrelayed({"order_id": "ord_a", "item": name}, record.version, relayed, record)


@dataclass
class Table:
    stored: list[Unrelayed]
    acknowledged: list[tuple[str, bool]] = field(default_factory=list)
    postponed: dict[str, datetime | None] = field(default_factory=dict)

    def read(self, keys: Sequence[Mapping[str, str]]) -> list[Unrelayed]:
        return [one for one in self.stored if one.key in keys]

    def acknowledge(self, item: Unrelayed, called_back: bool) -> None:
        self.acknowledged.append((item.key["item"], called_back))

    def due(self, until: datetime) -> list[Mapping[str, str]]:
        return [one.key for one in self.stored]

    def postpone(self, item: Unrelayed, until: datetime | None) -> None:
        """What is out of the index once (None) is not put into it again by postponing."""
        if self.postponed.get(item.key["order_id"], until or NOW) is not None:
            self.postponed[item.key["order_id"]] = until


@dataclass
class Told:
    """Receivers that write down what they were told, and refuse what they are made to refuse."""

    events: list[str] = field(default_factory=list)
    routed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    started: list[Start] = field(default_factory=list)
    completed: list[tuple[str, Outcome]] = field(default_factory=list)
    refuse: frozenset[str] = frozenset()

    def publish(self, events: Sequence[Event]) -> Sequence[Event]:
        self.events += [event.event_id for event in events]
        return [event for event in events if "publish" in self.refuse]

    def route(self, order_ids: Sequence[str]) -> Sequence[str]:
        self.routed += order_ids
        return [one for one in order_ids if "route" in self.refuse]

    def withdraw(self, order_ids: Sequence[str]) -> Sequence[str]:
        self.withdrawn += order_ids
        return []

    def merge(self, work_ids: Sequence[str]) -> Sequence[str]:
        self.merged += work_ids
        return [one for one in work_ids if "merge" in self.refuse]

    def start(self, start: Start) -> None:
        if "start" in self.refuse:
            raise Busy("throttled")
        self.started.append(start)

    def complete(self, token: str, result: Outcome) -> None:
        self.completed.append((token, result))


def swept(*stored: Unrelayed) -> tuple[Table, Told, list[str], tuple[int, int]]:
    table, told, expired = Table(list(stored)), Told(), list[str]()
    result = sweep(
        Sweep(Relay(table, told, frozen(NOW)), table, expired.append, print, print, print)
    )
    return table, told, expired, result
