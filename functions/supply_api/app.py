"""Transfers and purchase orders over HTTP."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from dom.api import supply
from dom.api.app import Api
from dom.api.request import Request
from dom.api.supply_bodies import ExpectBody, PurchaseBody, ReceiveBody, ShipBody, TransferBody
from dom.api.supply_views import SuppliesView, SupplyView
from dom.aws.supply_store import SupplyStore
from dom.aws.supply_wiring import supply_dock
from dom.errors import NotFound
from dom.inventory.supply.move import receive, ship
from dom.inventory.supply.order import ending, expect, found, place
from dom.inventory.supply.ports import Dock
from dom.model import names
from dom.model.clock import system_clock
from dom.model.supply import SupplyKind, SupplyOrder
from dom.observability import count, logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _dock() -> tuple[Dock, SupplyStore]:
    return supply_dock(from_environment())


@api.on(supply.POST_TRANSFER)
def post_transfer(request: Request) -> SupplyView:
    """Asked for."""
    return _placed(request, request.body(TransferBody).order(request.identity.name, system_clock()))


@api.on(supply.POST_PURCHASE)
def post_purchase(request: Request) -> SupplyView:
    """Announced."""
    return _placed(request, request.body(PurchaseBody).order(request.identity.name, system_clock()))


def _placed(request: Request, wanted: SupplyOrder) -> SupplyView:
    request.identity.require_location(wanted.location_id)
    return supply.render(place(wanted, _dock()[0]))


@api.on(supply.SHIP_TRANSFER)
def shipped(request: Request) -> SupplyView:
    """Left."""
    body, caller = request.body(ShipBody), request.identity
    order_id = supply.supply_order_id(SupplyKind.TRANSFER, request.path["id"])
    asked = body.request(caller.name)
    return supply.render(ship(order_id, asked, body.anyway, caller.require_location, _dock()[0]))


def _page(kind: SupplyKind, request: Request) -> SuppliesView:
    location_id = names.location_id(request.needed("location_id"))
    request.identity.require_location(location_id)
    cursor = supply.cursor(request.query.get("next"))
    return supply.render_page(*_dock()[1].page(location_id, kind, cursor))


def _one(kind: SupplyKind, request: Request) -> SupplyView:
    order = found(supply.supply_order_id(kind, request.path["id"]), _dock()[0])
    if not any(map(request.identity.sees, order.places)):
        raise NotFound("supply order", order.id)
    return supply.render(order)


def _received(kind: SupplyKind, request: Request) -> SupplyView:
    asked, caller = request.body(ReceiveBody).request(request.identity.name), request.identity
    order_id = supply.supply_order_id(kind, request.path["id"])
    return supply.render(receive(order_id, asked, caller.require_location, _dock()[0]))


def _ended(kind: SupplyKind, request: Request) -> SupplyView:
    order_id = supply.supply_order_id(kind, request.path["id"])
    end, caller = ending(request.path["action"]), request.identity
    order = end(order_id, caller.name, caller.require_location, _dock()[0])
    count("SupplyDiscrepancies", len(order.discrepancies))
    return supply.render(order)


def _expected(kind: SupplyKind, request: Request) -> SupplyView:
    order_id, day = supply.supply_order_id(kind, request.path["id"]), request.body(ExpectBody)
    caller = request.identity
    reach = caller.require_location
    return supply.render(expect(order_id, day.expected_on, caller.name, reach, _dock()[0]))


_ANSWERS = (_page, _one, _received, _ended, _expected)
for _kind, _operations in supply.COMMON.items():
    for _operation, _answer in zip(_operations, _ANSWERS, strict=True):
        api.on(_operation)(partial(_answer, _kind))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
