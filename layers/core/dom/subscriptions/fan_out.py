"""One event to each subscription that wants it: from here on they have nothing to do with one
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dom.model.subscription import Subscription
from dom.subscriptions.ports import Delivery, Event, Queue


def fan_out(
    event: Event, subscriptions: Sequence[Subscription], queue: Queue, now: datetime
) -> int:
    """How many want it, paused ones included: theirs wait. Busy if not all of it was taken; the
    repeat tells some of them twice, under the same id.
    """
    wanted = [Delivery(one.id, event, now) for one in subscriptions if one.wants(event)]
    if wanted:
        queue.later(wanted, timedelta())
    return len(wanted)
