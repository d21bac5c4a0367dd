"""What others change of work: units are cancelled or missing, carriers scan, supply moves,
locations close, and what goes to one recipient is merged.
"""

from __future__ import annotations

import json
from functools import cache, partial
from time import monotonic
from typing import Any

from dom.aws.active_rules import ActiveRules
from dom.aws.clients import client
from dom.aws.codec import from_plain, to_plain
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.line_store import LineStore
from dom.aws.places import Places
from dom.aws.queues import Queue, each
from dom.aws.shortage_store import ShortageStore
from dom.aws.stock_store import StockStore
from dom.aws.wiring import floor, rules
from dom.aws.work_store import WorkStore
from dom.fulfillment.count_demand import count_demand
from dom.fulfillment.lighten import lighten
from dom.fulfillment.look_along import SOON, Horizon, look
from dom.fulfillment.merge import merge_work
from dom.fulfillment.ports import Floor
from dom.fulfillment.recall import recall_work
from dom.fulfillment.relieve import relieve
from dom.fulfillment.scan import scan
from dom.fulfillment.take_back import ONCE_MORE_AFTER, Closing, take_back
from dom.fulfillment.withdraw import withdraw_units
from dom.model.facts import ReturnNews
from dom.model.ids import LocationId, OrderId, Sku
from dom.observability import count, logger, metrics, rules_unreadable
from dom.settings import from_environment

# So long pages of a location are taken back in one go: far below the timeout, with room for the
# other messages of a batch.
CLOSING_SECONDS = 5.0
# As long as this is not over another line is looked along.
LOOKING_SECONDS = 6.0


@cache
def _floor() -> Floor:
    return floor(from_environment())


@cache
def _works() -> tuple[WorkStore, Queue]:
    settings = from_environment()
    works = WorkStore(client("dynamodb"), settings.orders_table)
    return works, Queue(client("sqs"), settings.changes_queue_url)


@cache
def _rules() -> ActiveRules:
    return rules(from_environment(), rules_unreadable)


@cache
def _shortages() -> ShortageStore:
    return ShortageStore(client("dynamodb"), from_environment().inventory_table)


@cache
def _places() -> Places:
    return Places(client("dynamodb"), from_environment().network_table)


@cache
def _lines() -> LineStore:
    return LineStore(client("dynamodb"), from_environment().inventory_table)


def _horizon() -> Horizon:
    dynamodb, table = client("dynamodb"), from_environment().inventory_table
    supplies, shelves = DynamoIncomingStore(dynamodb, table), StockStore(dynamodb, table)
    return Horizon(_floor(), _lines(), supplies, shelves, _places(), _rules().active())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Each message is one change; one that fails comes again alone."""
    change = partial(_change, looks_until=monotonic() + LOOKING_SECONDS)
    return each(event["Records"], change, lambda error: logger.exception("not changed"))


def _change(message: dict[str, Any], looks_until: float) -> None:
    if "order_id" in message:
        withdraw_units(message["order_id"], _floor())
        recall_work(message["order_id"], _floor())
        _count(OrderId(message["order_id"]))
    elif "waits_for" in message:
        _look_along(message, looks_until)
    elif "short" in message:
        _relieve(message)
    elif "over_capacity" in message:
        _lighten(message)
    elif "merge" in message:
        merge_work(message["merge"], _works()[0], _floor())
    elif "tracking_number" in message:
        _scan(from_plain(ReturnNews, message))
    elif message.get("detail", {}).get("data", {}).get("lowered"):
        _lighten({"over_capacity": message["detail"]["location_id"]})
    else:
        # The event of the bus, or what is left of it.
        _close(from_plain(Closing, message.get("detail", message)))


def _count(order_id: OrderId) -> None:
    order = _floor().orders.load(order_id)
    if order:
        count_demand(order, _floor().ledger, _floor().clock())


def _scan(news: ReturnNews) -> None:
    if not scan(news.tracking_number, news.scan, news.at, _floor(), news.arrives_on):
        count("ScansOfUnknownParcels")


def _relieve(message: dict[str, Any]) -> None:
    """What is still missing may be in work that the list does not show yet, or be too much for one
    look: looked at again until a look has changed nothing.
    """
    sku, location_id = json.loads(message["short"])
    works, queue = _works()
    position = relieve(Sku(sku), LocationId(location_id), works, _floor())
    _shortages().note(position, _floor().clock())
    if position.short and position.short != message.get("left"):
        queue.send({**message, "left": position.short}, ONCE_MORE_AFTER)
    elif position.short:
        count("UnitsShort", position.short)


def _lighten(message: dict[str, Any]) -> None:
    """As of what is missing: looked at again until a look has changed nothing."""
    works, queue = _works()
    left = lighten(LocationId(message["over_capacity"]), works, _places(), _floor())
    if left and left != message.get("left"):
        queue.send({**message, "left": left}, ONCE_MORE_AFTER)


def _look_along(message: dict[str, Any], until: float) -> None:
    """The rest of a long line, and what moved meanwhile, is looked at again.

    A long line takes seconds: what is asked for late in a batch is for the next one.
    """
    queue = _works()[1]
    if monotonic() > until:
        queue.send(message, SOON)
    else:
        look(Sku(message["waits_for"]), _horizon(), _lines(), queue, _floor().clock)


def _close(closing: Closing) -> None:
    works, queue = _works()
    ends = monotonic() + CLOSING_SECONDS
    left = take_back(closing, works, _floor())
    while left and not left.delay and monotonic() < ends:
        left = take_back(left, works, _floor())
    if left:
        queue.send(to_plain(left), left.delay)
