"""Tell a subscription of an event; what it does not take comes again, later and later, for a day.

A subscription that fails rests as a whole, so that what it does not take costs its neighbors no
time: after three failures in a row nothing more is sent to it for a while.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from dom.model.rests import rest_after
from dom.model.subscription import Subscription, SubscriptionStatus
from dom.subscriptions.ports import Answer, Delivery, Desk

# An event is tried for so long, and a subscription that took nothing for so long is paused.
PATIENCE = timedelta(hours=24)
# The last attempt comes when that time is over by its subscription's clock, too, which begins with
# the first failure: what one event meets for a day pauses it.
_LAST = PATIENCE + timedelta(minutes=10)
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=4)
_GONE = 410


class Outcome(StrEnum):
    """What became of a delivery."""

    DELIVERED = "delivered"
    LATER = "later"
    RESTING = "resting"
    KEPT = "kept"
    PAUSED = "paused"
    DROPPED = "dropped"


def deliver(delivery: Delivery, desk: Desk) -> Outcome:
    """Try it, if it is time. Busy: nobody could."""
    found, now = desk.subscriptions.find(delivery.subscription_id), desk.clock()
    if found is None:
        return Outcome.DROPPED
    if not found.active:
        return _kept(delivery, desk, Outcome.KEPT)
    due = max((moment for moment in (delivery.due, found.resting_until) if moment), default=now)
    if due > now:
        # Those that waited for the end of a rest do not come all at once.
        desk.queue.later([delivery], (due - now) * (1 + desk.random() / 4))
        return Outcome.RESTING
    answer = desk.tell(found, delivery.event)
    if answer.taken:
        if found.failures:
            desk.subscriptions.recovered(found)
        return Outcome.DELIVERED
    return _failed(delivery, found, answer, desk)


def _failed(delivery: Delivery, found: Subscription, answer: Answer, desk: Desk) -> Outcome:
    now = desk.clock()
    rest = rest_after(found.failures + 1, answer.retry_after)
    known = desk.subscriptions.failed(found, now, answer.words, now + rest if rest else None)
    since = known.failing_since if known else None
    if known and (answer.status == _GONE or (since and now - since >= PATIENCE)):
        paused = replace(known, status=SubscriptionStatus.PAUSED, reason=_why(answer, since))
        # Kept first: whoever is interrupted in between meets an active one, and pauses it again.
        desk.queue.keep(delivery)
        stored = desk.subscriptions.save(replace(paused, version=known.version + 1), known)
        return Outcome.PAUSED if stored else Outcome.KEPT
    left = delivery.since + _LAST - now
    if left <= timedelta():
        return _kept(delivery, desk, Outcome.KEPT)
    wait = min(left, max(_backoff(delivery.attempts, desk.random()), answer.retry_after))
    again = replace(delivery, attempts=delivery.attempts + 1, due=now + wait)
    desk.queue.later([again], wait)
    return Outcome.LATER


def _kept(delivery: Delivery, desk: Desk, outcome: Outcome) -> Outcome:
    desk.queue.keep(delivery)
    return outcome


def _why(answer: Answer, since: datetime | None) -> str:
    if answer.status == _GONE:
        return "it answered that it is gone (HTTP 410)"
    return f"it took nothing since {since:%Y-%m-%d %H:%M} UTC; last: {answer.words}"


def _backoff(attempts: int, random: float) -> timedelta:
    """Three times as long each time, of which chance takes up to a half."""
    whole = min(_FIRST * float(3 ** min(attempts, 12)), _LONGEST)
    return whole / 2 + whole / 2 * random
