"""Subscriptions without AWS: a store, a queue and subscribers that answer what they are told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dom.model.subscription import Subscription
from dom.subscriptions.deliver import Outcome, deliver
from dom.subscriptions.ports import Answer, Delivery, Desk, Event
from support.builders import NOW


def subscription(name: str = "sub_a", **changes: Any) -> Subscription:
    """One that wants everything."""
    usual = {"event_types": ("*",), "created_at": NOW, "created_by": "test", "version": 1}
    return Subscription(name, "https://hooks.example.com/x", **{**usual, **changes})


def event(type_: str = "OrderPlaced", **more: Any) -> dict[str, Any]:
    """As published."""
    return {"event_id": f"ord_a/ORDER#{type_}", "type": type_, "data": {}, **more}


@dataclass
class FakeSubscriptions:
    """`dom.subscriptions.ports.Subscriptions` in memory."""

    stored: dict[str, Subscription] = field(default_factory=dict)

    def find(self, name: str) -> Subscription | None:
        """See the port."""
        return self.stored.get(name)

    def all(self) -> list[Subscription]:
        """See the port."""
        return list(self.stored.values())

    def save(self, wanted: Subscription, previous: Subscription | None) -> bool:
        """See the port."""
        found = self.stored.get(wanted.id)
        if (found and found.version) != (previous and previous.version):
            return False
        self.stored[wanted.id] = wanted
        return True

    def remove(self, name: str) -> None:
        """See the port."""
        self.stored.pop(name, None)

    def failed(
        self, found: Subscription, now: datetime, why: str, rest: datetime | None
    ) -> Subscription | None:
        """See the port."""
        known = self.stored.get(found.id)
        if known is None or (known.version, known.failures) != (found.version, found.failures):
            return None
        self.stored[found.id] = replace(
            known,
            failures=known.failures + 1,
            failing_since=known.failing_since or now,
            last_failure=why,
            resting_until=rest or known.resting_until,
        )
        return self.stored[found.id]

    def recovered(self, found: Subscription) -> None:
        """See the port."""
        self.stored[found.id] = self.stored[found.id].afresh()


@dataclass
class World:
    """A clock that goes on by itself when nothing is to be done. `told`: when each subscription was
    told which event; `answers`: what it answers from now on.
    """

    store: FakeSubscriptions = field(default_factory=FakeSubscriptions)
    now: datetime = NOW
    answers: dict[str, Answer] = field(default_factory=dict)
    told: list[tuple[str, str, datetime]] = field(default_factory=list)
    waiting: list[tuple[datetime, Delivery]] = field(default_factory=list)
    dead: list[Delivery] = field(default_factory=list)
    random: float = 0.5

    def subscribe(self, *names: str, **changes: Any) -> None:
        """These want everything, unless they say otherwise."""
        for name in names:
            self.store.stored[name] = subscription(name, **changes)

    def later(self, deliveries: Sequence[Delivery], wait: timedelta) -> None:
        """See `Queue`: as SQS has it, a quarter of an hour at most."""
        at = self.now + min(wait, timedelta(minutes=15))
        self.waiting += [(at, one) for one in deliveries]

    def keep(self, delivery: Delivery) -> None:
        """See `Queue`."""
        self.dead.append(delivery)

    def tell(self, found: Subscription, told: Event) -> Answer:
        """See `Tell`."""
        self.told.append((found.id, told["event_id"], self.now))
        return self.answers.get(found.id, Answer(204))

    @property
    def desk(self) -> Desk:
        """All of it."""
        return Desk(self.store, self, self.tell, lambda: self.now, lambda: self.random)

    def deliver(self, name: str = "sub_a", told: Event | None = None) -> Outcome:
        """A first attempt."""
        return deliver(Delivery(name, told or event(), self.now), self.desk)

    def go_on(self, until: timedelta = timedelta(days=3)) -> None:
        """Until nothing waits, or so much time has passed."""
        ends = self.now + until
        while self.waiting:
            self.waiting.sort(key=lambda one: one[0])
            if self.waiting[0][0] > ends:
                break
            at, delivery = self.waiting.pop(0)
            self.now = max(self.now, at)
            deliver(delivery, self.desk)
        self.now = max(self.now, ends) if self.waiting else self.now

    def times(self, name: str) -> list[float]:
        """How many seconds after the beginning a subscription was asked."""
        return [(at - NOW).total_seconds() for who, _, at in self.told if who == name]
