"""What an item, as it stands now, asks the rest of the system to do.

Derived from the state and not from the stream's record, so that a record seen twice, late, or by
the sweep instead leads to the same steps; each step is idempotent at its receiver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.events import Event, location_event, order_event, rule_set_event
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import HistoryEntry
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.return_terms import OPEN, ReturnStatus
from dom.model.rma import Return
from dom.model.waiting import Outcome, outcome, outcome_of_return
from dom.relay.wanted import is_asked_for, is_mergeable, is_routable


@dataclass(frozen=True, slots=True)
class LocationNews:
    """A location's item, as far as the relay is concerned."""

    location_id: LocationId
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleSetNews:
    """What of rule sets is in force, as far as the relay is concerned."""

    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that this code does not understand, as after a rollback: it must not stop others."""

    reason: str
    history: tuple[HistoryEntry, ...] = ()


Record = Order | FulfillmentOrder | Return | LocationNews | RuleSetNews | Unreadable


@dataclass(frozen=True, slots=True)
class Unrelayed:
    """An item as stored: its key, version, the history already published, and what it holds."""

    key: Mapping[str, str]
    version: int
    relayed_seq: int
    record: Record


# State machines, as starts name them.
FULFILLMENT_ORDER = "fulfillment_order"
RETURN = "return"


@dataclass(frozen=True, slots=True)
class Start:
    """An execution to start: of which state machine, and about what.

    `again` counts the executions that it had before and that are over.
    """

    process: str
    id: str
    again: int = 0

    @property
    def name(self) -> str:
        """The execution's: the id, since one name runs once."""
        return f"{self.id}-again{self.again}" if self.again else self.id


@dataclass(frozen=True, slots=True)
class Steps:
    """Events to publish; ids to route, to withdraw from, to merge; what to start; a callback to
    complete.
    """

    events: tuple[Event, ...] = ()
    route: str | None = None
    withdraw: str | None = None
    merge: str | None = None
    start: Start | None = None
    callback: tuple[str, Outcome] | None = None


def steps_for(item: Unrelayed, now: datetime) -> Steps:
    """The steps that the item's present state calls for."""
    record = item.record
    news = [entry for entry in record.history if entry.seq > item.relayed_seq]
    events = tuple(_event(item, entry) for entry in news)
    if isinstance(record, Order):
        route = record.order_id if is_routable(record) else None
        withdraw = record.order_id if is_asked_for(record) else None
        return Steps(events, route=route, withdraw=withdraw)
    if isinstance(record, FulfillmentOrder):
        start = Start(FULFILLMENT_ORDER, record.id) if is_due_for_release(record, now) else None
        merge = record.id if is_mergeable(record) else None
        return Steps(events, start=start, merge=merge, callback=_callback(record))
    if isinstance(record, Return):
        start = Start(RETURN, record.id, record.reopened) if _starts(record) else None
        return Steps(events, start=start, callback=_callback_of_return(record))
    return Steps(events)


def is_due_for_release(work: FulfillmentOrder, now: datetime) -> bool:
    """Whether the location should be told now; its execution does that."""
    waits = work.due_at is not None and work.due_at > now
    return work.status is FulfillmentStatus.ASSIGNED and not waits


def _starts(record: Return) -> bool:
    """Whether an execution should be at work on it and may not be."""
    late = record.reopened > 0 and record.status in OPEN and not record.task_token
    return late or record.status is ReturnStatus.APPROVED


def _callback(work: FulfillmentOrder) -> tuple[str, Outcome] | None:
    result = outcome(work, work.awaited) if work.task_token else None
    return (work.task_token, result) if result else None


def _callback_of_return(record: Return) -> tuple[str, Outcome] | None:
    result = outcome_of_return(record, record.awaited) if record.task_token else None
    return (record.task_token, result) if result else None


def _event(item: Unrelayed, entry: HistoryEntry) -> Event:
    record = item.record
    if isinstance(record, LocationNews):
        facts = (entry.seq, entry.at, entry.actor, entry.data)
        return location_event(record.location_id, *facts)
    if isinstance(record, RuleSetNews):
        return rule_set_event(entry)
    return order_event(item.key["order_id"], item.key["item"], entry)
