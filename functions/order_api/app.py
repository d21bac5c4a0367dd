"""Orders over HTTP: taken in, found and read."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import orders
from dom.api.app import Api
from dom.api.render_order import render_order
from dom.api.request import Request
from dom.api.views import AcceptedView, OrdersView, OrderView
from dom.aws import wiring
from dom.aws.clients import client
from dom.aws.idempotency import IdempotencyKeys
from dom.aws.inbound import InboundSender
from dom.aws.order_store import OrderRecord, OrderStore
from dom.errors import NotFound
from dom.intake.accept import Placing, accept
from dom.model import names
from dom.model.clock import system_clock
from dom.observability import logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _orders() -> OrderStore:
    return wiring.orders(from_environment())


@cache
def _door() -> tuple[IdempotencyKeys, InboundSender]:
    found = from_environment()
    sender = InboundSender(client("sqs"), client("s3"), found.inbound_queue_url, found.raw_bucket)
    return IdempotencyKeys(client("dynamodb"), found.inbox_table), sender


@api.on(orders.POST_ORDER)
def post(request: Request) -> AcceptedView:
    """Take in."""
    order = orders.placed(request)
    names = (order.channel, order.account, order.external_id)
    placing = Placing(*names, request.raw(), request.identity.name, request.idempotency_key())
    return {"order_id": accept(placing, *_door(), system_clock()), "status": "accepted"}


@api.on(orders.FIND_ORDERS)
def find(request: Request) -> OrdersView:
    """By the channel's id."""
    wanted, store = orders.wanted(request), _orders()
    ids = wanted.order_ids() or store.find_by_external_id(wanted.channel, wanted.external_id)
    records = filter(None, map(store.record, ids))
    return {"orders": [_render(record) for record in records if wanted.matches(record.order)]}


@api.on(orders.GET_ORDER)
def get(request: Request) -> OrderView:
    """By our id."""
    record = _orders().record(names.order_id(request.path["order_id"]))
    if record is None:
        raise NotFound("order", request.path["order_id"])
    return _render(record)


def _render(record: OrderRecord) -> OrderView:
    parts = record.fulfillment_orders, record.decisions, record.shadows, record.returns
    return render_order(record.order, *parts)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
