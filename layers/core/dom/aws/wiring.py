"""Ports made from settings: one function for each use case that several functions run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dom.aws.archive import DecisionArchive, S3Objects
from dom.aws.clients import client
from dom.aws.events import EventBus
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.outbox import AwsReceivers, OutboxTable
from dom.aws.places import Places
from dom.aws.queues import Queue
from dom.aws.reservation_store import ReservationStore
from dom.aws.stock_store import StockStore
from dom.fulfillment.ports import Floor
from dom.model.clock import system_clock
from dom.model.rules import RuleSet
from dom.promise.ports import Holding, Promising
from dom.relay.relay import Relay
from dom.routing.ask import Asking
from dom.routing.ports import Routing
from dom.settings import Settings

# One rule set for routing and promises, so that they cannot disagree.
RULES = RuleSet()


def orders(settings: Settings) -> OrderStore:
    """The Orders table, read side."""
    return OrderStore(client("dynamodb"), settings.orders_table)


def ledger(settings: Settings) -> DynamoLedger:
    """The writer of every table that a commit may touch."""
    return DynamoLedger(
        client("dynamodb"),
        settings.orders_table,
        settings.inventory_table,
        settings.network_table,
        settings.inbox_table,
    )


def floor(settings: Settings) -> Floor:
    """Ports of the fulfillment stage with its service levels."""
    return Floor(
        orders(settings),
        StockStore(client("dynamodb"), settings.inventory_table),
        ledger(settings),
        system_clock,
        timedelta(seconds=settings.accept_sla_seconds),
        timedelta(seconds=settings.ship_sla_seconds),
    )


def routing(settings: Settings) -> Routing:
    """Ports of the routing stage. Keep it: it caches the network."""
    dynamodb = client("dynamodb")
    return Routing(
        orders(settings),
        StockStore(dynamodb, settings.inventory_table),
        Places(dynamodb, settings.network_table),
        ledger(settings),
        system_clock,
        RULES,
        timedelta(seconds=settings.release_delay_seconds),
        timedelta(seconds=settings.backorder_retry_seconds),
        archive(settings),
    )


def archive(settings: Settings) -> DecisionArchive:
    """What decisions are replayed from. Keep it: it knows what it wrote today.

    Routing does without it when S3 does not answer soon.
    """
    s3 = client("s3", attempts=2, read_timeout=3)
    return DecisionArchive(S3Objects(s3, settings.raw_bucket))


def asking(settings: Settings) -> Asking:
    """Ports of questions about decisions."""
    return Asking(orders(settings), archive(settings))


def promising(settings: Settings) -> Promising:
    """Ports of promises. Keep it: it caches the network."""
    dynamodb = client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    places = Places(dynamodb, settings.network_table)
    reservations = ReservationStore(dynamodb, settings.inventory_table)
    return Promising(stock, places, reservations, system_clock, RULES)


def holding(settings: Settings) -> Holding:
    """Ports of reservations. Keep it: it caches the network."""
    dynamodb = client("dynamodb")
    return Holding(
        StockStore(dynamodb, settings.inventory_table),
        Places(dynamodb, settings.network_table),
        ReservationStore(dynamodb, settings.inventory_table),
        ledger(settings),
        system_clock,
    )


def receivers(settings: Settings) -> AwsReceivers:
    """Where the relay sends what changes call for."""
    sqs = client("sqs")
    return AwsReceivers(
        EventBus(client("events"), settings.event_bus),
        Queue(sqs, settings.routing_queue_url),
        Queue(sqs, settings.changes_queue_url),
        client("stepfunctions"),
        settings.fulfillment_state_machine_arn,
    )


def relay_of(settings: Settings, table: str, count: Callable[[str], object]) -> Relay:
    """The relay of one table's items."""
    items = OutboxTable(client("dynamodb"), table)
    return Relay(items, receivers(settings), system_clock, count)
