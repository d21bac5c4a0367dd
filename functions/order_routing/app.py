"""A batch of orders is routed together and committed in groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.aws.queues import failures, ids_of
from dom.aws.wiring import routing, rules
from dom.observability import count, inputs_not_kept, logger, metrics, rules_unreadable
from dom.routing.ports import Routing
from dom.routing.route import route_all
from dom.settings import from_environment


@cache
def _routing() -> Callable[[], Routing]:
    settings = from_environment()
    return routing(settings, rules(settings, rules_unreadable))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One order id a message; messages of orders that could not be settled come again."""
    messages = ids_of(event["Records"], "order_id")
    outcome = route_all({one for one in messages.values() if one}, _routing()())
    for name, value in outcome.counts.items():
        count(name, value)
    for error in outcome.errors:
        logger.error("routing broke", exc_info=error)
    inputs_not_kept(outcome.unkept)
    if outcome.failed:
        logger.warning("not routed", extra={"orders": outcome.failed})
    again = {*outcome.failed, ""}
    return failures([one for one, order in messages.items() if order in again])
