"""FeedQueue (files that were dropped in S3) to runs of the feed state machine."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.feed_drops import drops_of
from dom.aws.feed_wiring import FeedOffice, feed_office
from dom.aws.queues import each
from dom.inventory.files.receive import receive
from dom.model.clock import system_clock
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _office() -> FeedOffice:
    return feed_office(from_environment())


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A file that cannot be placed fails alone."""
    return each(event["Records"], _received, lambda error: logger.exception("not taken"))


def _received(message: dict[str, Any]) -> None:
    office = _office()
    for dropped in drops_of(message):
        receive(dropped, office.sources, office.runs, office.executions.start, system_clock)
        count("FeedsReceived")
