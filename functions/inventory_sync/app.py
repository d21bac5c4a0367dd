"""Stock over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import inventory, inventory_batch, movements, shortages
from dom.api.app import Api
from dom.api.inventory_batch import BatchBody, read_feed, render_result
from dom.api.request import Request
from dom.api.shortages import ShortagesView
from dom.api.views import BatchView, InventoryView, MovementsView, StockView
from dom.aws.clients import client
from dom.aws.shortage_store import ShortageStore
from dom.aws.stock_desk import StockDesk, stock_desk
from dom.inventory.apply_feed import apply_feed
from dom.inventory.read_positions import read_positions
from dom.inventory.set_position import Count, set_position
from dom.model import names
from dom.observability import count, logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _desk() -> StockDesk:
    return stock_desk(from_environment())


@cache
def _shortages() -> ShortageStore:
    return ShortageStore(client("dynamodb"), from_environment().inventory_table)


@api.on(inventory.PUT_POSITION)
def put(request: Request) -> StockView:
    """Count."""
    location_id = names.location_id(request.path["location_id"])
    request.identity.require_location(location_id)
    body = request.body(inventory.PositionBody)
    counted = Count(names.sku(request.path["sku"]), location_id, body.on_hand, body.safety_stock)
    return inventory.render_stock(set_position(counted, request.identity.name, _desk().shelves))


@api.on(inventory_batch.POST_BATCH)
def post_batch(request: Request) -> BatchView:
    """Reconcile."""
    feed, errors = read_feed(request.body(BatchBody), request.identity)
    result = apply_feed(feed, request.identity.name, _desk().intake, errors)
    count("FeedRowsAccepted", result.accepted)
    count("FeedRowsRejected", len(result.rejected))
    return render_result(result)


@api.on(movements.GET_MOVEMENTS)
def get_movements(request: Request) -> MovementsView:
    """Read the ledger."""
    sku, location_id = (
        names.sku(request.path["sku"]),
        names.location_id(request.needed("location_id")),
    )
    page = _desk().movements.page(sku, location_id, request.query.get("next"))
    return movements.render_movements(sku, location_id, page.movements, page.next)


@api.on(shortages.LIST_SHORTAGES)
def get_shortages(request: Request) -> ShortagesView:
    """A page."""
    wanted = request.query.get("location_id")
    location_id = names.location_id(wanted) if wanted else None
    request.identity.require_location(location_id or "")
    return shortages.render(*_shortages().page(location_id, request.query.get("next")))


@api.on(inventory.GET_INVENTORY)
def get(request: Request) -> InventoryView:
    """Read."""
    sku = names.sku(request.path["sku"])
    return inventory.render_inventory(sku, read_positions(sku, _desk().shelves.stock))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
