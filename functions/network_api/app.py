"""Locations over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import locations, names
from dom.api.app import Api
from dom.api.locations import LocationBody, render_location
from dom.api.request import Request
from dom.api.views import LocationsView, LocationView
from dom.aws.clients import client
from dom.aws.network_store import NetworkStore
from dom.errors import NotFound
from dom.model.clock import system_clock
from dom.network.put_location import put_location
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _store() -> NetworkStore:
    return NetworkStore(client("dynamodb"), from_environment().network_table)


@api.on(locations.PUT_LOCATION)
def put(request: Request) -> LocationView:
    """Create or replace."""
    location_id = names.location_id(request.path["id"])
    request.identity.require_location(location_id)
    wanted = request.body(LocationBody).location(location_id)
    return render_location(put_location(wanted, _store(), system_clock, request.identity.name))


@api.on(locations.GET_LOCATION)
def get(request: Request) -> LocationView:
    """One."""
    found = _store().find(names.location_id(request.path["id"]))
    if found is None:
        raise NotFound("location", request.path["id"])
    return render_location(found.location)


@api.on(locations.LIST_LOCATIONS)
def listed(request: Request) -> LocationsView:
    """All."""
    return {"locations": [render_location(location) for location in _store().all()]}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
