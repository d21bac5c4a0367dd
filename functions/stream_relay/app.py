"""Streams of the Orders and Network tables: publish, send on, start and call back."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.outbox import keys_of
from dom.aws.queues import failures
from dom.aws.wiring import relay_of
from dom.observability import count, logger, metrics
from dom.relay.relay import Relay, relay
from dom.settings import from_environment


@cache
def _relay(table: str) -> Relay:
    return relay_of(from_environment(), table, count)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Relay the changed items; the sequence numbers of those that failed go back to Lambda."""
    records = event["Records"]
    table = records[0]["eventSourceARN"].split(":table/")[1].split("/")[0]
    keys = keys_of(records)
    failed = relay(keys.values(), _relay(table))
    count("ItemsRelayed", len(keys) - len(failed))
    for one in failed:
        logger.warning("not relayed", extra={"key": one.key, "reason": one.reason})
    again = [one.key for one in failed]
    return failures([sequence for sequence, key in keys.items() if key in again])
