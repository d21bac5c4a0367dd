"""Every day: are positions the sum of their movements? Repairs only when asked to."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.clients import client
from dom.aws.ledger_book import DynamoLedgerBook
from dom.inventory.rebuild import StockDrift, audit_all
from dom.model.ids import LocationId, Sku
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# What is left of the time when it stops, and says so.
RESERVE_MILLISECONDS = 30_000


@cache
def _book() -> DynamoLedgerBook:
    return DynamoLedgerBook(client("dynamodb"), from_environment().inventory_table)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Audit all positions, as far as the time goes; `{"repair": true}` sets them right."""
    book, repair = _book(), event.get("repair") is True
    done = audit_all(book.places(), book, repair, _report, lambda: _time_left(context))
    for name, value in done.items():
        count(name, value)
    return done


def _report(sku: Sku, location_id: LocationId, found: StockDrift | Exception) -> None:
    logger.error(
        "position differs", extra={"sku": sku, "location_id": location_id, "found": str(found)}
    )


def _time_left(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
