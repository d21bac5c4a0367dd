"""What people do to orders: cancel, hold, release, send elsewhere, charge again, prefer."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import order_commands
from dom.api.app import Api
from dom.api.order_commands import (
    AddressChangeBody,
    CancelBody,
    ChooseBody,
    CommandBody,
    ExpediteBody,
    PreferencesBody,
)
from dom.api.render_order import render_order
from dom.api.request import Request
from dom.api.views import OrderView
from dom.aws import wiring
from dom.aws.order_store import OrderStore
from dom.channels.api_orders import destination_of, words_of
from dom.channels.payload import read
from dom.errors import NotFound
from dom.model import names
from dom.model.addresses import Address
from dom.model.clock import system_clock
from dom.model.order import Order
from dom.observability import logger, metrics, recipients_unmarked
from dom.orders.address import change_address
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.orders.choose import choose
from dom.orders.expedite import expedite
from dom.orders.hold import hold, release
from dom.orders.prefer import prefer
from dom.orders.retry_payment import retry_payment
from dom.orders.stores import Stores
from dom.settings import from_environment

api = Api()


@cache
def _orders() -> OrderStore:
    return wiring.orders(from_environment())


@cache
def _desk() -> Desk:
    settings = from_environment()
    key = wiring.recipient_key(settings, recipients_unmarked)
    return Desk(_orders(), wiring.ledger(settings), system_clock, key)


@cache
def _stores() -> Stores:
    return wiring.stores(from_environment())


@api.on(order_commands.CANCEL)
def cancelled(request: Request) -> OrderView:
    """Units, or all."""
    body = request.body(CancelBody)
    return _shown(cancel(_wish("cancel", request, body), body.units(), _desk()))


@api.on(order_commands.HOLD)
def held(request: Request) -> OrderView:
    """Until a person lets it go."""
    return _shown(hold(_wish("hold", request, request.body(CommandBody)), _desk()))


@api.on(order_commands.RELEASE)
def released(request: Request) -> OrderView:
    """Let it go."""
    return _shown(release(_wish("release", request, request.body(CommandBody)), _desk()))


@api.on(order_commands.EXPEDITE)
def expedited(request: Request) -> OrderView:
    """Before others."""
    body = request.body(ExpediteBody)
    return _shown(expedite(_wish("expedite", request, body), body.priority, _desk()))


@api.on(order_commands.CHANGE_ADDRESS)
def readdressed(request: Request) -> OrderView:
    """Sent elsewhere."""
    body = read(AddressChangeBody, request.raw())
    address = Address(destination_of(body), words_of(body), body.ship_group_id)
    return _shown(change_address(_wish("address", request, body), address, _desk()))


@api.on(order_commands.RETRY_PAYMENT)
def charged(request: Request) -> OrderView:
    """After somebody has put right why it was refused."""
    body = request.body(CommandBody)
    return _shown(retry_payment(_wish("retry-payment", request, body), _desk()))


@api.on(order_commands.CHOOSE)
def chosen(request: Request) -> OrderView:
    """Instead of a pickup."""
    body = request.body(ChooseBody)
    return _shown(choose(_wish("choose", request, body), body.chosen(), _stores(), _desk()))


@api.on(order_commands.PREFER)
def preferred(request: Request) -> OrderView:
    """How the customer wants to be told."""
    wish = Wish(names.order_id(request.path["order_id"]), request.identity.name)
    return _shown(prefer(wish, request.body(PreferencesBody).contact(), _desk()))


def _wish(action: str, request: Request, body: CommandBody | AddressChangeBody) -> Wish:
    """Who wants it, and why. A key that is used for two actions still means two requests."""
    key = request.idempotency_key() or body.request_id
    order_id = names.order_id(request.path["order_id"])
    caller = request.identity.name
    return Wish(order_id, caller, body.reason, f"{action}:{caller}:{key}" if key else "")


def _shown(order: Order) -> OrderView:
    """The order with its parts, read once more: what anybody else sees."""
    found = _orders().record(order.order_id)
    if found is None:
        raise NotFound("order", order.order_id)
    parts = found.fulfillment_orders, found.decisions, found.shadows, found.returns
    return render_order(found.order, *parts)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
