"""Every minute: relay what was missed, release what is due, end or tell of what is late."""

from __future__ import annotations

from functools import cache, partial
from time import monotonic
from typing import Any

from dom.aws import return_wiring, wiring
from dom.aws.clients import client
from dom.aws.outbox import OutboxTable
from dom.aws.wiring import floor, relay_of
from dom.fulfillment.actions import expire_work
from dom.fulfillment.ending import warn_of_ending
from dom.fulfillment.foresee import foresee
from dom.fulfillment.unanswered import unanswered
from dom.observability import count, logger, metrics, rules_unreadable
from dom.relay.sweep import Sweep, sweep
from dom.returns.decide import overdue
from dom.settings import from_environment

# A round takes some seconds; the next run begins after a minute.
SWEEPING_SECONDS = 25.0


@cache
def _sweep() -> Sweep:
    settings = from_environment()
    table = OutboxTable(client("dynamodb"), settings.orders_table)
    expire = partial(expire_work, floor=floor(settings))
    returning = return_wiring.returning(settings, wiring.rules(settings, rules_unreadable))
    relay = relay_of(settings, settings.orders_table, count)
    look = partial(foresee, floor=floor(settings))
    warn = partial(warn_of_ending, books=floor(settings))
    choose = partial(unanswered, books=floor(settings))
    return Sweep(relay, table, expire, lambda name: overdue(name, returning()), look, warn, choose)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Handle what is due. The schedule runs again in a minute, so a failure is not repeated."""
    ends = monotonic() + SWEEPING_SECONDS
    due, failed = sweep(_sweep(), lambda: monotonic() < ends)
    count("ItemsSwept", due)
    count("SweepFailures", failed)
    return {"due": due, "failed": failed}
