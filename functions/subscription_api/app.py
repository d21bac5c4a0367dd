"""Subscriptions to events over HTTP."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from dom.api import subscriptions
from dom.api.app import Api
from dom.api.request import Request
from dom.api.subscription_bodies import RotateBody, SubscriptionBody, SubscriptionChangeBody
from dom.api.subscriptions import (
    NewSubscriptionView,
    SecretView,
    SubscriptionsView,
    SubscriptionView,
    TestView,
    render_secret,
    render_subscription,
)
from dom.aws.subscribers import Subscribers
from dom.aws.subscription_secrets import SubscriptionSecrets
from dom.aws.subscription_store import SubscriptionStore
from dom.aws.subscription_wiring import subscription_secrets
from dom.aws.subscription_wiring import subscriptions as subscriptions_of
from dom.errors import InvalidInput
from dom.http.outside import names_inside
from dom.model.clock import system_clock
from dom.observability import logger, metrics
from dom.settings import from_environment
from dom.subscriptions.manage import change, existing, new_id, rotate, subscribe, unsubscribe
from dom.subscriptions.ping import ping

api = Api()


@cache
def _ports() -> tuple[SubscriptionStore, SubscriptionSecrets]:
    settings = from_environment()
    return subscriptions_of(settings), subscription_secrets(settings)


@api.on(subscriptions.SUBSCRIBE)
def subscribed(request: Request) -> NewSubscriptionView:
    """Made."""
    request.identity.require_location("")
    body = request.body(SubscriptionBody)
    _require_outside(body.url)
    made = body.subscription(new_id(), system_clock(), request.identity.name)
    secret = subscribe(made, *_ports())
    return {**render_subscription(existing(made.id, _ports()[0])), "secret": secret}


@api.on(subscriptions.LIST_SUBSCRIPTIONS)
def listed(request: Request) -> SubscriptionsView:
    """All."""
    request.identity.require_location("")
    return {"subscriptions": [render_subscription(one) for one in _ports()[0].all()]}


@api.on(subscriptions.GET_SUBSCRIPTION)
def get(request: Request) -> SubscriptionView:
    """One."""
    request.identity.require_location("")
    return render_subscription(existing(request.path["id"], _ports()[0]))


@api.on(subscriptions.CHANGE_SUBSCRIPTION)
def changed(request: Request) -> SubscriptionView:
    """Otherwise from now on."""
    request.identity.require_location("")
    body, by = request.body(SubscriptionChangeBody), request.identity.name
    if body.url:
        _require_outside(body.url)
    made = change(request.path["id"], lambda before: body.change(before, by), _ports()[0])
    return render_subscription(made)


@api.on(subscriptions.UNSUBSCRIBE)
def unsubscribed(request: Request) -> SubscriptionView:
    """Gone."""
    request.identity.require_location("")
    return render_subscription(unsubscribe(request.path["id"], *_ports()))


@api.on(subscriptions.TEST_SUBSCRIPTION)
def tested(request: Request) -> TestView:
    """Pinged."""
    request.identity.require_location("")
    store, secrets = _ports()
    tell = Subscribers(secrets, system_clock).tell
    event_id, answer = ping(request.path["id"], request.identity.name, system_clock(), store, tell)
    return {
        "event_id": event_id,
        "delivered": answer.taken,
        "status": answer.status,
        "reason": answer.reason,
    }


@api.on(subscriptions.ROTATE_SECRET)
def rotated(request: Request) -> SecretView:
    """Signed anew."""
    request.identity.require_location("")
    overlap, now = timedelta(hours=request.optional_body(RotateBody).overlap_hours), system_clock()
    secret = rotate(request.path["id"], overlap, now, *_ports())
    return render_secret(request.path["id"], secret, now + overlap)


def _require_outside(url: str) -> None:
    """InvalidInput if the address alone says that only we can reach it."""
    if names_inside(urlsplit(url).hostname or ""):
        raise InvalidInput("url", "it must be an address on the Internet")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
