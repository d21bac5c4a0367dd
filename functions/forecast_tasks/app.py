"""Steps of the forecast state machine: begin, read some of the orders, learn some of the SKUs."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.forecast_steps import ForecastSteps
from dom.aws.forecast_wiring import forecast_steps
from dom.model.ids import Sku
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# A page of orders, or some SKUs, take seconds: what is begun with so much time left is ended.
RESERVE_MS = 60_000


@cache
def _steps() -> ForecastSteps:
    return forecast_steps(from_environment(), _report, count)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take the step, as far as the time of this invocation goes."""
    return _steps().take(event, lambda: context.get_remaining_time_in_millis() > RESERVE_MS)


def _report(sku: Sku, error: Exception) -> None:
    logger.exception("forecast failed", extra={"sku": sku, "error": type(error).__name__})
