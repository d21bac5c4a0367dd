"""Cancelled units are taken back from the work they concern."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.queues import each
from dom.aws.wiring import floor
from dom.fulfillment.ports import Floor
from dom.fulfillment.withdraw import withdraw_units
from dom.observability import logger, metrics
from dom.settings import from_environment


@cache
def _floor() -> Floor:
    return floor(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One order id a message; a message that fails comes again alone."""

    def withdraw(message: dict[str, Any]) -> None:
        withdraw_units(message["order_id"], _floor())

    return each(event["Records"], withdraw, lambda error: logger.exception("not withdrawn"))
