"""Promises over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import names, promises
from dom.api.app import Api
from dom.api.promise_views import AvailabilityView, PromiseView
from dom.api.promises import PromiseBody, render_ats, render_promise
from dom.api.request import Request
from dom.aws import wiring
from dom.observability import logger, metrics
from dom.promise.ats import available_to_sell
from dom.promise.ports import Promising
from dom.promise.promise import promise
from dom.settings import from_environment

api = Api()


@cache
def _promising() -> Promising:
    return wiring.promising(from_environment())


@api.on(promises.POST_PROMISE)
def post(request: Request) -> PromiseView:
    """Options for a cart."""
    return render_promise(promise(request.body(PromiseBody).cart(), _promising()))


@api.on(promises.GET_AVAILABILITY)
def get(request: Request) -> AvailabilityView:
    """Units to sell."""
    sku, channel = names.sku(request.path["sku"]), request.needed("channel")
    return render_ats(available_to_sell(sku, channel, _promising()))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
