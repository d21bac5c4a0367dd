"""Inventory stream to documents of what there is and what comes, to those who wait, and events."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from dom.aws.availability_store import DynamoAvailabilityStore
from dom.aws.clients import client
from dom.aws.events import EventBus
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.inventory_stream import (
    first_of,
    moved_lines,
    publish_movements,
    queued_skus,
    released_skus,
    remade_skus,
    shortages_of,
    stock_records,
    supply_records,
)
from dom.aws.line_store import LineStore
from dom.aws.outlet_store import OutletStore
from dom.aws.queues import Queue
from dom.aws.stock_queue import Announcements
from dom.inventory.await_supply import SupplyRecord, note_all
from dom.inventory.project import StockRecord, project_all
from dom.inventory.publish.announce import announce
from dom.inventory.tell_lines import tell_lines
from dom.inventory.wake import wake
from dom.model.clock import system_clock
from dom.model.ids import Sku
from dom.model.supply import SupplyId
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> tuple[DynamoAvailabilityStore, EventBus]:
    settings = from_environment()
    store = DynamoAvailabilityStore(client("dynamodb"), settings.inventory_table)
    return store, EventBus(client("events"), settings.event_bus)


@cache
def _supply() -> DynamoIncomingStore:
    return DynamoIncomingStore(client("dynamodb"), from_environment().inventory_table)


@cache
def _waiting() -> tuple[LineStore, Queue]:
    settings = from_environment()
    lines = LineStore(client("dynamodb"), settings.inventory_table)
    return lines, Queue(client("sqs"), settings.routing_queue_url)


@cache
def _announcements() -> Announcements:
    settings = from_environment()
    outlets = OutletStore(client("dynamodb"), settings.network_table)
    queue = Queue(client("sqs"), settings.stock_queue_url)
    return Announcements(outlets, queue, system_clock)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Project, wake, tell, publish; failures come again from the earliest failed record on."""
    (store, bus), records = _ports(), event["Records"]
    count("StockRecords", len(records))
    moved = stock_records(records)
    failed = project_all(moved, store, _report)
    supplies = supply_records(records)
    failed += note_all(supplies, _supply(), _report_supply)
    _wake(moved)
    failed += _relieve(records)
    failed += _tell_lines(records, supplies)
    failed += _announce(records, moved)
    failed += publish_movements(records, bus)
    return {"batchItemFailures": first_of(records, failed)}


def _wake(moved: list[StockRecord]) -> None:
    """Those that cannot be woken are tried again by time: no reason to read the stream again."""
    try:
        count("OrdersWoken", wake(moved, *_waiting()))
    except Exception:
        count("WakeFailed")
        logger.exception("waiting orders were not woken")


def _tell_lines(records: list[dict[str, Any]], supplies: list[SupplyRecord]) -> list[str]:
    """What those in line may expect has moved: that nobody looks is worth reading again."""
    settings = from_environment()
    skus = moved_lines(records) | released_skus(records)
    skus |= {sku for one in supplies for sku in one.skus}
    queue = Queue(client("sqs"), settings.changes_queue_url)
    untold = tell_lines(skus, _waiting()[0], queue, system_clock())
    return [one["dynamodb"]["SequenceNumber"] for one in records] if untold else []


def _relieve(records: list[dict[str, Any]]) -> list[str]:
    """Where more is spoken for than lies there, work goes elsewhere: see `order_changes`."""
    queue = Queue(client("sqs"), from_environment().changes_queue_url)
    short = [json.dumps(one) for one in sorted(shortages_of(records))]
    unsent = queue.send_ids("short", short) if short else []
    return [one["dynamodb"]["SequenceNumber"] for one in records] if unsent else []


def _announce(records: list[dict[str, Any]], moved: list[StockRecord]) -> list[str]:
    """What channels show may be sold: not to hear of it is worth reading the stream again."""
    queued = queued_skus(records) | released_skus(records) | remade_skus(records)
    untold = announce(moved, queued, _announcements())
    return [one["dynamodb"]["SequenceNumber"] for one in records] if untold else []


def _report(sku: Sku, error: Exception) -> None:
    count("AvailabilityProjectionFailed")
    logger.error("projection failed", extra={"sku": sku, "error": type(error).__name__})


def _report_supply(order_id: SupplyId, error: Exception) -> None:
    count("AvailabilityProjectionFailed")
    extra = {"supply_order_id": order_id, "error": type(error).__name__}
    logger.error("projection of supply failed", extra=extra)
