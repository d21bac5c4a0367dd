"""What demand to come asks for, over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import forecasts
from dom.api.app import Api
from dom.api.forecasts import ForecastView, render_forecast
from dom.api.request import Request
from dom.aws.forecast_wiring import Forecasts, forecasts_of
from dom.model import names
from dom.observability import logger, metrics
from dom.planning.keep import suggested
from dom.settings import from_environment

api = Api()


@cache
def _forecasts() -> Forecasts:
    return forecasts_of(from_environment())


@api.on(forecasts.GET_FORECAST)
def get(request: Request) -> ForecastView:
    """One SKU's, with the safety stock that policies ask for at the locations of its customers."""
    sku, ports = names.sku(request.path["sku"]), _forecasts()
    known = ports.expectations.find([sku]).get(sku)
    kept = suggested(known, ports.category(sku), ports.kept()) if known else {}
    return render_forecast(known, sku, kept)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
