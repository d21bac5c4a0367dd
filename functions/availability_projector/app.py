"""Inventory stream to availability documents and InventoryMoved events."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.availability_store import DynamoAvailabilityStore
from dom.aws.clients import client
from dom.aws.events import EventBus
from dom.aws.inventory_stream import first_of, publish_movements, stock_records
from dom.inventory.project import project_all
from dom.model.ids import Sku
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> tuple[DynamoAvailabilityStore, EventBus]:
    settings = from_environment()
    store = DynamoAvailabilityStore(client("dynamodb"), settings.inventory_table)
    return store, EventBus(client("events"), settings.event_bus)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Project, then publish; failures come again from the earliest failed record on."""
    (store, bus), records = _ports(), event["Records"]
    count("StockRecords", len(records))
    failed = project_all(stock_records(records), store, _report)
    failed += publish_movements(records, bus)
    return {"batchItemFailures": first_of(records, failed)}


def _report(sku: Sku, error: Exception) -> None:
    count("AvailabilityProjectionFailed")
    logger.error("projection failed", extra={"sku": sku, "error": type(error).__name__})
