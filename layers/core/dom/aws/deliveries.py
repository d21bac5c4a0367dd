"""Deliveries to subscribers as messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws.codec import from_plain, to_plain
from dom.aws.queues import Queue
from dom.model.clock import to_text
from dom.subscriptions.ports import Delivery


@dataclass(frozen=True, slots=True)
class Deliveries:
    """`dom.subscriptions.ports.Queue` on SQS.

    What waits is delayed, not hidden: at most 120,000 messages of a queue may be hidden, and one
    subscriber's backlog would stop all others.
    """

    queue: Queue
    dead: Queue

    def later(self, deliveries: Sequence[Delivery], wait: timedelta) -> None:
        """See the port: 15 minutes at most."""
        self.queue.send_all([to_plain(one) for one in deliveries], wait)

    def keep(self, delivery: Delivery) -> None:
        """See the port. It says nothing of its attempts: given back, it has all its time again."""
        told = {"subscription_id": delivery.subscription_id, "event": delivery.event}
        self.dead.send_all([told], timedelta())


def delivery_of(body: Mapping[str, Any], now: datetime) -> Delivery:
    """The delivery of a message; one that was given back begins anew."""
    return from_plain(Delivery, {"since": to_text(now), **body})
