"""Stock over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import inventory, names
from dom.api.app import Api
from dom.api.inventory import PositionBody, render_inventory, render_stock
from dom.api.request import Request
from dom.api.views import InventoryView, StockView
from dom.aws.clients import client
from dom.aws.network_store import NetworkStore
from dom.aws.stock_store import StockStore
from dom.aws.wiring import ledger
from dom.inventory.read_positions import read_positions
from dom.inventory.set_position import Count, Shelves, set_position
from dom.model.clock import system_clock
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _shelves() -> Shelves:
    settings, dynamodb = from_environment(), client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    network = NetworkStore(dynamodb, settings.network_table)
    return Shelves(stock, network, ledger(settings), system_clock)


@api.on(inventory.PUT_POSITION)
def put(request: Request) -> StockView:
    """Count."""
    location_id = names.location_id(request.path["location_id"])
    request.identity.require_location(location_id)
    body = request.body(PositionBody)
    count = Count(names.sku(request.path["sku"]), location_id, body.on_hand, body.safety_stock)
    return render_stock(set_position(count, request.identity.name, _shelves()))


@api.on(inventory.GET_INVENTORY)
def get(request: Request) -> InventoryView:
    """Read."""
    sku = names.sku(request.path["sku"])
    return render_inventory(sku, read_positions(sku, _shelves().stock))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
