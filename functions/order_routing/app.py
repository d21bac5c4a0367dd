"""A batch of orders is routed together and committed in groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.aws.clients import client
from dom.aws.queues import Queue, failures, ids_of
from dom.aws.wiring import routing, rules
from dom.observability import count, inputs_not_kept, logger, metrics, rules_unreadable
from dom.routing.ports import Routing
from dom.routing.serve import serve
from dom.settings import from_environment

# Of so many lines one batch takes the first hundred, beside its own orders.
MOST_LINES = 2


@cache
def _routing() -> Callable[[], Routing]:
    settings = from_environment()
    return routing(settings, rules(settings, rules_unreadable))


@cache
def _queue() -> Queue:
    return Queue(client("sqs"), from_environment().routing_queue_url)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One order id a message, or the SKU whose line is served; what could not be settled comes
    again.
    """
    orders, skus = (ids_of(event["Records"], name) for name in ("order_id", "serve"))
    names, lines = ({one for one in found.values() if one} for found in (orders, skus))
    later = sorted(lines)[MOST_LINES:]
    outcome, more, unserved = serve(names, lines.difference(later), _routing()())
    for name, value in outcome.counts.items():
        count(name, value)
    for error in outcome.errors:
        logger.error("routing broke", exc_info=error)
    inputs_not_kept(outcome.unkept)
    if outcome.failed:
        logger.warning("not routed", extra={"orders": outcome.failed})
    _serve([*later, *more])
    again = {*outcome.failed, ""}
    return failures(
        [one for one, sku in skus.items() if (sku in unserved if sku else orders[one] in again)]
    )


def _serve(skus: list[str]) -> None:
    """Whoever is not served so is tried by time: no reason to route the batch again."""
    try:
        unsent = _queue().send_ids("serve", skus) if skus else []
    except Exception:
        logger.exception("lines are not served on")
        unsent = skus
    if unsent:
        count("LinesNotServed", len(unsent))
