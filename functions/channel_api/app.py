"""Accounts of sales channels that show our stock, over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import outlets
from dom.api.app import Api
from dom.api.outlets import OutletBody, outlet_name, render_outlet
from dom.api.request import Request
from dom.api.views import OutletsView, OutletView
from dom.aws.clients import client
from dom.aws.outlet_store import OutletStore
from dom.aws.queues import Queue
from dom.aws.stock_queue import StockQueue
from dom.channels.feeds import feed_of
from dom.channels.stock import shelf_of
from dom.errors import NotFound
from dom.inventory.publish.outlets import put_outlet
from dom.model.outlet import Outlet
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _ports() -> tuple[OutletStore, StockQueue]:
    settings = from_environment()
    store = OutletStore(client("dynamodb"), settings.network_table)
    return store, StockQueue(Queue(client("sqs"), settings.stock_queue_url))


@api.on(outlets.PUT_OUTLET)
def put(request: Request) -> OutletView:
    """Create or replace, and show everything there if that changed."""
    request.identity.require_location("")
    channel, account = _names(request)
    wanted = request.body(OutletBody).outlet(channel, account)
    if wanted.location or feed_of(channel) is None:
        shelf_of(channel)
    store, queue = _ports()
    stored, changed = put_outlet(wanted, store)
    if changed and stored.shows_stock:
        queue.begin(stored)
    return render_outlet(stored)


@api.on(outlets.GET_OUTLET)
def get(request: Request) -> OutletView:
    """One."""
    return render_outlet(_found(request))


@api.on(outlets.LIST_OUTLETS)
def listed(request: Request) -> OutletsView:
    """All."""
    return {"channels": [render_outlet(one) for one in _ports()[0].all()]}


@api.on(outlets.REMOVE_OUTLET)
def removed(request: Request) -> OutletView:
    """Gone."""
    request.identity.require_location("")
    found = _found(request)
    _ports()[0].remove(found.channel, found.account)
    return render_outlet(found)


@api.on(outlets.RECONCILE)
def reconciled(request: Request) -> OutletView:
    """Asked for."""
    request.identity.require_location("")
    found = _found(request)
    _ports()[1].go_on(found, "")
    return render_outlet(found)


def _found(request: Request) -> Outlet:
    channel, account = _names(request)
    found = _ports()[0].find(channel, account)
    if found is None:
        raise NotFound("channel", f"{channel}/{account}")
    return found


def _names(request: Request) -> tuple[str, str]:
    channel, account = request.path["channel"], request.path["account"]
    return outlet_name("channel", channel), outlet_name("account", account)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
