"""StockQueue (SKUs that moved) to what sales channels show; every night all that they show."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from dom.aws import wiring
from dom.aws.clients import client
from dom.aws.outlet_store import OutletStore
from dom.aws.publish_wiring import publishing
from dom.aws.queues import Queue, failures
from dom.aws.stock_queue import StockQueue, notes_of
from dom.inventory.publish.round import Note, Round, work_off
from dom.model.clock import system_clock
from dom.model.outlet import Outlet
from dom.observability import count, logger, metrics, milliseconds, rules_unreadable
from dom.settings import from_environment


@cache
def _ports() -> tuple[OutletStore, Round]:
    settings = from_environment()
    rules = wiring.rules(settings, rules_unreadable)
    later = StockQueue(Queue(client("sqs"), settings.stock_queue_url))
    outlets = OutletStore(client("dynamodb"), settings.network_table)
    return outlets, Round(publishing(settings, rules, count), later, _shown, _failed)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Work off notes; without records it is the schedule, which asks for everything."""
    outlets, ports = _ports()
    if "Records" not in event:
        work_off([Note("schedule", system_clock())], outlets.all(), ports)
        return {}
    notes, poison = notes_of(event["Records"])
    return failures([*poison, *sorted(work_off(notes, outlets.all(), ports))])


def _shown(after: timedelta) -> None:
    milliseconds("StockShownAfter", after / timedelta(milliseconds=1))


def _failed(outlet: Outlet, error: Exception) -> None:
    extra = {"channel": outlet.channel, "account": outlet.account}
    logger.error("stock is not shown", exc_info=error, extra=extra)
