"""Steps of the feed state machine: prepare, look, weigh, apply, report, fail."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.feed_steps import FeedSteps
from dom.aws.feed_wiring import feed_steps
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _steps() -> FeedSteps:
    return feed_steps(from_environment(), count)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take the step `{step, source, run_id, part, error}`."""
    return _steps().take(event)
