"""Events that only name an order: it is read from its channel, and comes in again whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dom.errors import Busy, Rejected
from dom.intake.batch import FAILED, PARKED, park
from dom.intake.ports import BY_FETCHER, Inbound, InboundQueue, Parking, Parser, Reader
from dom.model.clock import Clock
from dom.model.facts import Facts, SeenOrder

FETCHED = "OrdersFetched"
UNASKED = "OrdersNotAsked"


@dataclass(frozen=True, slots=True)
class Fetching:
    """Ports. `feed` is that of an account, by channel and account (Rejected: it has none, or
    nothing says how to reach it). `enough`: time is nearly over.
    """

    read: Callable[[str], Inbound]
    channel: Callable[[str], Parser]
    feed: Callable[[str, str], Reader]
    queue: InboundQueue
    parking: Parking
    clock: Clock
    enough: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class _Named:
    """An order, and the messages by their id: `events` only name it, `held` say less than is known,
    and their order is here already.
    """

    channel: str
    account: str
    external_id: str
    events: dict[str, Inbound] = field(default_factory=dict)
    held: dict[str, Inbound] = field(default_factory=dict)

    @property
    def messages(self) -> list[str]:
        """Ids of all of them."""
        return [*self.events, *self.held]


def fetch_all(
    messages: Mapping[str, str],
    ports: Fetching,
    count: Callable[[str], None],
    report: Callable[[str], None],
) -> list[str]:
    """Bring in the orders that these messages name, each once; returns the ids of those that must
    come again.

    An account that is busy is asked no more for the rest of the batch. What a channel refuses for
    good is parked with its reason, unless its order is here already: that stands as it is. `count`
    is told what became of each, `report` of errors, within the exception's context.
    """
    named, failed = _by_order(messages, ports, report)
    busy: set[tuple[str, str]] = set()
    for one in named:
        if (one.channel, one.account) in busy or ports.enough():
            failed += one.messages
            continue
        try:
            count(_bring(one, ports))
        except Exception as error:  # whatever it was, its neighbors go on
            report("order not fetched")
            failed += one.messages
            if isinstance(error, Busy):
                busy.add((one.channel, one.account))
    for _ in failed:
        count(FAILED)
    return failed


def _by_order(
    messages: Mapping[str, str], ports: Fetching, report: Callable[[str], None]
) -> tuple[list[_Named], list[str]]:
    """One change is often told three times within a second: it is asked for once. Also the ids of
    messages that name none.
    """
    found: dict[tuple[str, str, str], _Named] = {}
    failed: list[str] = []
    for message_id, message in messages.items():
        try:
            event = ports.read(message)
            seen = ports.channel(event.channel).parse(event.topic, event.account, event.body)
            external_id, here = _name(seen)
        except Exception:  # it came through ingest, which parks what is not understood
            report("message failed")
            failed.append(message_id)
            continue
        name = (event.channel, event.account, external_id)
        one = found.setdefault(name, _Named(*name))
        (one.held if here else one.events)[message_id] = event
    return list(found.values()), failed


def _name(told: object) -> tuple[str, bool]:
    """The order that an event names, and whether that is here already."""
    match told:
        case SeenOrder(external_id=name):
            return name, False
        case Facts(external_id=name, incomplete=True):
            return name, True
    raise Rejected("it names no order")


def _bring(one: _Named, ports: Fetching) -> str:
    try:
        feed = ports.feed(one.channel, one.account)
        asked_at = ports.clock()
        body = feed.fetch(one.external_id)
    except Rejected as error:
        for event in one.events.values():
            park(event, error, ports.parking)
        return PARKED if one.events else UNASKED
    # Named by the body: a repeat that finds the order changed is another delivery.
    delivery = f"{BY_FETCHER}{one.external_id}-{hashlib.sha256(body).hexdigest()}"
    # Of two answers of one second, by the channel's clock, the one that was asked for later holds.
    ports.queue.send(
        Inbound(one.channel, one.account, feed.topic, delivery, asked_at, body, asked_at)
    )
    return FETCHED
