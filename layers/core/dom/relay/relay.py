"""Carry out what changed items ask for, then acknowledge: nothing is lost, repeats are harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dom.errors import DomError
from dom.events import Event
from dom.model.clock import Clock
from dom.model.waiting import Outcome
from dom.relay.steps import Start, Steps, Unreadable, Unrelayed, steps_for

Key = Mapping[str, str]


class Items(Protocol):
    """The table whose stream is relayed."""

    def read(self, keys: Sequence[Key]) -> list[Unrelayed]:
        """Those of the items that exist, read consistently."""

    def acknowledge(self, item: Unrelayed, called_back: bool) -> None:
        """Note what was relayed, unless the item has changed since: then another record comes.

        `called_back`: its task token is used up. Busy when the table refuses for now.
        """


class Receivers(Protocol):
    """Whom the steps are for. Each method returns or raises as a whole unless it says otherwise."""

    def publish(self, events: Sequence[Event]) -> Sequence[Event]:
        """Publish; returns those that the bus refused."""

    def route(self, order_ids: Sequence[str]) -> Sequence[str]:
        """Ask for routing; returns ids that could not be sent."""

    def withdraw(self, order_ids: Sequence[str]) -> Sequence[str]:
        """Ask for cancelled units to be taken back; returns ids that could not be sent."""

    def merge(self, work_ids: Sequence[str]) -> Sequence[str]:
        """Ask for work to be merged; returns ids that could not be sent."""

    def start(self, start: Start) -> None:
        """Start the execution; one that exists counts as started."""

    def complete(self, token: str, result: Outcome) -> None:
        """Answer the waiting execution; a token that nobody waits for counts as answered."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Ports of the use case. `count` is told the type of each event that the bus took."""

    items: Items
    receivers: Receivers
    clock: Clock
    count: Callable[[str], object] = lambda name: None


@dataclass(frozen=True, slots=True)
class NotRelayed:
    """An item that must be tried again, and why."""

    key: Key
    reason: str


def relay(keys: Iterable[Key], ports: Relay) -> list[NotRelayed]:
    """Relay the items of these keys; returns those that must be tried again."""
    wanted = list({tuple(sorted(key.items())): key for key in keys}.values())
    now = ports.clock()
    found = ports.items.read(wanted)
    plans = [(i, steps_for(i, now)) for i in found if not isinstance(i.record, Unreadable)]
    refused = _send(plans, ports)
    ends = [(item.key, _finish(item, steps, refused, ports)) for item, steps in plans]
    ends += [(i.key, i.record.reason) for i in found if isinstance(i.record, Unreadable)]
    return [NotRelayed(key, reason) for key, reason in ends if reason]


def _send(plans: list[tuple[Unrelayed, Steps]], ports: Relay) -> set[str]:
    """Send events and messages of all items together; the ids of what was refused."""
    receivers = ports.receivers
    events = [event for _, steps in plans for event in steps.events]
    routes = [steps.route for _, steps in plans if steps.route]
    withdrawals = [steps.withdraw for _, steps in plans if steps.withdraw]
    merges = [steps.merge for _, steps in plans if steps.merge]
    refused = {event.event_id for event in receivers.publish(events)} if events else set()
    for event in events:
        if event.event_id not in refused:
            ports.count(event.type)
    refused |= set(receivers.route(routes)) if routes else set()
    refused |= set(receivers.withdraw(withdrawals)) if withdrawals else set()
    return refused | (set(receivers.merge(merges)) if merges else set())


def _finish(item: Unrelayed, steps: Steps, refused: set[str], ports: Relay) -> str:
    """Start, call back and acknowledge one item; why it failed, or ""."""
    sent = {event.event_id for event in steps.events} | {steps.route, steps.withdraw, steps.merge}
    if sent & refused:
        return "bus or queue refused its events or messages"
    try:
        if steps.start:
            ports.receivers.start(steps.start)
        if steps.callback:
            ports.receivers.complete(*steps.callback)
        ports.items.acknowledge(item, steps.callback is not None)
    except DomError as error:
        return str(error)
    return ""
