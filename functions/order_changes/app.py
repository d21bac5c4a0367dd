"""What others change of work: cancelled units are taken back, carriers' scans are noted."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.codec import from_plain
from dom.aws.queues import each
from dom.aws.wiring import floor
from dom.fulfillment.ports import Floor
from dom.fulfillment.scan import scan
from dom.fulfillment.withdraw import withdraw_units
from dom.model.facts import ReturnNews
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _floor() -> Floor:
    return floor(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """An order id or a scan a message; a message that fails comes again alone."""
    return each(event["Records"], _change, lambda error: logger.exception("not changed"))


def _change(message: dict[str, Any]) -> None:
    if "order_id" in message:
        withdraw_units(message["order_id"], _floor())
        return
    news = from_plain(ReturnNews, message)
    if not scan(news.tracking_number, news.scan, news.at, _floor()):
        count("ScansOfUnknownParcels")
