"""WebhookQueue to subscribers: events of the bus are made one delivery for each subscription that
wants them, and deliveries are tried, side by side.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from dom.aws.deliveries import delivery_of
from dom.aws.queues import failures
from dom.aws.subscription_wiring import telling
from dom.model.clock import system_clock
from dom.model.subscription import Subscription
from dom.observability import count, logger, metrics
from dom.settings import from_environment
from dom.subscriptions.deliver import Outcome, deliver
from dom.subscriptions.fan_out import fan_out
from dom.subscriptions.ports import Desk

# As many as a batch has. It takes as long as its slowest; other batches go on beside it.
_SIDE_BY_SIDE = 10


_METRICS: Mapping[Outcome, str] = {
    Outcome.DELIVERED: "WebhooksDelivered",
    Outcome.LATER: "WebhooksFailed",
    Outcome.RESTING: "WebhooksResting",
    Outcome.KEPT: "WebhooksKept",
    Outcome.PAUSED: "SubscriptionsPaused",
    Outcome.DROPPED: "WebhooksDropped",
}


@cache
def _desk() -> Desk:
    return telling(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Each message by itself; what fails comes again alone."""
    bodies = [_body(record) for record in event["Records"]]
    known = _desk().subscriptions.all() if any("detail" in body for body in bodies) else []
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        ends = list(pool.map(lambda body: _end_of(body, known), bodies))
    for end in filter(None, ends):
        count(end)
    failed = (one["messageId"] for one, end in zip(event["Records"], ends, strict=True) if not end)
    return failures(list(failed))


def _body(record: Mapping[str, Any]) -> dict[str, Any]:
    """The message; what cannot be read is none that anybody knows, and comes again alone."""
    try:
        return dict(json.loads(record["body"]))
    except (ValueError, TypeError):
        return {}


def _end_of(body: dict[str, Any], known: list[Subscription]) -> str:
    """What is counted of it; "" if it must come again."""
    try:
        return _handle(body, known)
    except Exception:  # whatever it was, its neighbors go on
        logger.exception("not told")
        return ""


def _handle(body: dict[str, Any], known: list[Subscription]) -> str:
    now = system_clock()
    if "detail" in body:
        fan_out(body["detail"], known, _desk().queue, now)
        return "EventsFannedOut"
    return _METRICS[deliver(delivery_of(body, now), _desk())]
