"""Cycle counts over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import counts
from dom.api.app import Api
from dom.api.count_views import CountsView, CountView
from dom.api.counts import CountBody
from dom.api.request import Request
from dom.aws.clients import client
from dom.aws.count_store import CountStore
from dom.aws.stock_desk import stock_desk
from dom.inventory.counts.count import Told, deciding, take
from dom.inventory.counts.ports import CountDesk
from dom.model import names
from dom.model.count import CountStatus, Tolerance
from dom.model.ids import LocationId
from dom.observability import count as add
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _store() -> CountStore:
    return CountStore(client("dynamodb"), from_environment().inventory_table)


@cache
def _desk() -> CountDesk:
    settings = from_environment()
    tolerance = Tolerance(settings.count_tolerance_units, settings.count_tolerance_percent)
    return CountDesk(_store(), stock_desk(settings).intake, tolerance)


@api.on(counts.POST_COUNT)
def post(request: Request) -> CountView:
    """Compare, and apply what differs little."""
    body, location_id = request.body(CountBody), _location(request)
    told = Told(location_id, body.reference, body.counted_at, body.units(), request.identity.name)
    found = take(told, _desk())
    if found.status is CountStatus.REVIEW:
        add("CountsToReview")
    return counts.render(found)


@api.on(counts.LIST_COUNTS)
def listed(request: Request) -> CountsView:
    """A page."""
    cursor = counts.cursor(request.query.get("next"))
    return counts.render_page(*_store().page(_location(request), cursor))


@api.on(counts.GET_COUNT)
def get(request: Request) -> CountView:
    """One."""
    return counts.render(_store().load(_location(request), counts.count_id(request.path["id"])))


@api.on(counts.DECIDE_COUNT)
def decided(request: Request) -> CountView:
    """Looked at."""
    decide = deciding(request.path["action"])
    where, name = _location(request), counts.count_id(request.path["id"])
    return counts.render(decide(where, name, request.identity.name, _desk()))


def _location(request: Request) -> LocationId:
    location_id = names.location_id(request.path["location_id"])
    request.identity.require_location(location_id)
    return location_id


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
