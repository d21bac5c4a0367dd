"""Subscribers as they are told: by signed request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from dom.aws.subscription_secrets import SubscriptionSecrets
from dom.errors import Busy, Rejected
from dom.http.outside import post
from dom.http.signed import signed
from dom.model.clock import Clock
from dom.model.subscription import Subscription
from dom.subscriptions.ports import Answer, Event

# However long a subscriber wants to be left in peace.
MOST_PEACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Subscribers:
    """`dom.subscriptions.ports.Tell` over HTTP."""

    secrets: SubscriptionSecrets
    clock: Clock

    def tell(self, subscription: Subscription, event: Event) -> Answer:
        """See the port."""
        keys = self.secrets.keys(subscription.id, self.clock())
        own = self.secrets.url(subscription.id)
        if not keys:
            return Answer(0, "there is no secret to sign with")
        body, headers = signed(event, str(event["event_id"]), keys)
        told = {**headers, "User-Agent": "dom-webhooks/1"}
        try:
            reply = post(own or subscription.url, body, told, trusted=bool(own))
        except (Busy, Rejected) as error:
            return Answer(0, str(error))
        peace = _peace(reply.headers.get("retry-after", ""), self.clock())
        return Answer(reply.status, retry_after=peace)


def _peace(text: str, now: datetime) -> timedelta:
    """What a Retry-After asks for, in seconds or as a date; nothing if it is neither."""
    try:
        asked = (
            timedelta(seconds=int(text)) if text.isdigit() else parsedate_to_datetime(text) - now
        )
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return max(timedelta(), min(asked, MOST_PEACE))
