"""Subscriptions in the API: who is told of events by signed request."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.api.subscription_bodies import RotateBody, SubscriptionBody, SubscriptionChangeBody
from dom.model.clock import to_text
from dom.model.subscription import Subscription


class SubscriptionView(TypedDict):
    """A subscription, and how it goes: `failures` in a row since `failing_since`, and `reason` if
    it is paused.
    """

    subscription_id: str
    url: str
    event_types: list[str]
    location_ids: list[str]
    status: str
    reason: str
    failures: int
    failing_since: str | None
    last_failure: str
    created_at: str
    created_by: str
    version: int


class NewSubscriptionView(SubscriptionView):
    """With its secret, which is not shown again."""

    secret: str


class SubscriptionsView(TypedDict):
    """Every subscription."""

    subscriptions: list[SubscriptionView]


class SecretView(TypedDict):
    """A new secret, which is not shown again; the old one signs beside it until then."""

    subscription_id: str
    secret: str
    previous_until: str


class TestView(TypedDict):
    """What became of a ping: `status` is HTTP's, 0 if there was no answer and `reason` says why."""

    event_id: str
    delivered: bool
    status: int
    reason: str


_PATH, _ONE = "/subscriptions", "/subscriptions/{id}"
_READ, _WRITE = "subscriptions:read", "subscriptions:write"

SUBSCRIBE = Operation(
    "postSubscription",
    "POST",
    _PATH,
    _WRITE,
    "Send events to an address from now on, signed with the secret that the answer tells once.",
    NewSubscriptionView,
    body=SubscriptionBody,
    success=201,
)
LIST_SUBSCRIPTIONS = Operation(
    "listSubscriptions", "GET", _PATH, _READ, "Every subscription.", SubscriptionsView
)
GET_SUBSCRIPTION = Operation(
    "getSubscription",
    "GET",
    _ONE,
    _READ,
    "A subscription, and how it goes.",
    SubscriptionView,
    problems=(404,),
)
CHANGE_SUBSCRIPTION = Operation(
    "patchSubscription",
    "PATCH",
    _ONE,
    _WRITE,
    "Change, pause or resume it; it counts as one that never failed.",
    SubscriptionView,
    body=SubscriptionChangeBody,
    problems=(404,),
)
UNSUBSCRIBE = Operation(
    "deleteSubscription",
    "DELETE",
    _ONE,
    _WRITE,
    "Send nothing more, also of what is on its way.",
    SubscriptionView,
    problems=(404,),
)
TEST_SUBSCRIPTION = Operation(
    "testSubscription",
    "POST",
    f"{_ONE}/test",
    _WRITE,
    "Send an event of type Ping now, also if it is paused, and say what it answers.",
    TestView,
    problems=(404,),
)
ROTATE_SECRET = Operation(
    "rotateSubscription",
    "POST",
    f"{_ONE}/rotate",
    _WRITE,
    "Sign with a new secret, and for a time with the old one, too.",
    SecretView,
    body=RotateBody,
    body_required=False,
    problems=(404,),
)
OPERATIONS = (
    SUBSCRIBE,
    LIST_SUBSCRIPTIONS,
    GET_SUBSCRIPTION,
    CHANGE_SUBSCRIPTION,
    UNSUBSCRIBE,
    TEST_SUBSCRIPTION,
    ROTATE_SECRET,
)


def render_subscription(found: Subscription) -> SubscriptionView:
    """The subscription as the API shows it."""
    return {
        "subscription_id": found.id,
        "url": found.url,
        "event_types": list(found.event_types),
        "location_ids": list(found.location_ids),
        "status": found.status.value,
        "reason": found.reason,
        "failures": found.failures,
        "failing_since": to_text(found.failing_since) if found.failing_since else None,
        "last_failure": found.last_failure,
        "created_at": to_text(found.created_at),
        "created_by": found.created_by,
        "version": found.version,
    }


def render_secret(name: str, secret: str, until: datetime) -> SecretView:
    """A new secret as the API shows it."""
    return {"subscription_id": name, "secret": secret, "previous_until": to_text(until)}
