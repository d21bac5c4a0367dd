"""Ports made from settings: one function for each use case that several functions run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from dom.aws.active_rules import ActiveRules
from dom.aws.archive import DecisionArchive, S3Objects
from dom.aws.clients import client
from dom.aws.control_store import ActiveControls, ControlStore
from dom.aws.events import EventBus
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.ledger import DynamoLedger
from dom.aws.line_store import LineStore
from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.aws.outbox import AwsReceivers, OutboxTable
from dom.aws.personal_wiring import people
from dom.aws.places import Places
from dom.aws.queues import Queue
from dom.aws.recipient_key import RecipientKey
from dom.aws.reservation_store import ReservationStore
from dom.aws.ruleset_store import RuleSetStore
from dom.aws.shadow_book import ShadowBook
from dom.aws.stock_store import StockStore
from dom.aws.work_store import WorkStore
from dom.fulfillment.ports import Floor, Keeping
from dom.model.clock import system_clock
from dom.model.rules import RuleSet
from dom.orders.stores import Stores
from dom.promise.ports import Holding, Promising
from dom.relay.relay import Relay
from dom.relay.steps import FULFILLMENT_ORDER, RETURN
from dom.routing.ask import Asking
from dom.routing.ports import Routing, Shadow
from dom.routing.replan.ports import Replanning, Threshold
from dom.rulesets.ports import Desk
from dom.settings import Settings
from dom.sourcing.joint.batch import Polish


def orders(settings: Settings) -> OrderStore:
    """The Orders table, read side."""
    return OrderStore(client("dynamodb"), settings.orders_table, people(settings))


def ledger(settings: Settings) -> DynamoLedger:
    """The writer of every table that a commit may touch."""
    return DynamoLedger(
        client("dynamodb"),
        settings.orders_table,
        settings.inventory_table,
        settings.network_table,
        settings.inbox_table,
        people=people(settings),
    )


def floor(settings: Settings) -> Floor:
    """Ports of the fulfillment stage with its service levels."""
    dynamodb, remind_before = client("dynamodb"), timedelta(days=settings.pickup_reminder_days)
    return Floor(
        orders(settings),
        StockStore(dynamodb, settings.inventory_table),
        NetworkStore(dynamodb, settings.network_table),
        ledger(settings),
        system_clock,
        timedelta(seconds=settings.accept_sla_seconds),
        timedelta(seconds=settings.ship_sla_seconds),
        Keeping(settings.pickup_days, remind_before),
        timedelta(seconds=settings.deliver_sla_seconds),
        timedelta(days=settings.choice_days),
    )


def recipient_key(settings: Settings, failed: Callable[[Exception], None]) -> RecipientKey:
    """What recipients are marked with. Keep it: it caches the key."""
    return RecipientKey(client("secretsmanager"), settings.recipient_secret, failed)


def rules(settings: Settings, failed: Callable[[Exception], None]) -> ActiveRules:
    """The rule sets in force, for routing and promises alike. Keep it: it caches them.

    `failed` is told why one cannot be read; the last good one stays.
    """
    return ActiveRules(RuleSetStore(client("dynamodb"), settings.network_table), failed)


def rule_desk(settings: Settings) -> Desk:
    """Ports of the versions of rule sets."""
    dynamodb, table = client("dynamodb"), settings.network_table
    return Desk(RuleSetStore(dynamodb, table), NetworkStore(dynamodb, table), system_clock)


def routing(settings: Settings, rules: ActiveRules) -> Callable[[], Routing]:
    """Ports of the routing stage: call it for each run, which gets the rules of its moment.

    Keep what is called: it caches the network.
    """
    dynamodb = client("dynamodb")
    ports = Routing(
        orders(settings),
        StockStore(dynamodb, settings.inventory_table),
        Places(dynamodb, settings.network_table),
        ledger(settings),
        system_clock,
        RuleSet(),
        timedelta(seconds=settings.release_delay_seconds),
        timedelta(seconds=settings.backorder_retry_seconds),
        archive=archive(settings),
        lines=LineStore(dynamodb, settings.inventory_table),
        give_up_after=timedelta(days=settings.backorder_days) if settings.backorder_days else None,
        choose_within=timedelta(days=settings.choice_days),
    )
    book = ShadowBook(dynamodb, settings.orders_table)

    def now() -> Routing:
        beside = rules.shadow()
        shadow = Shadow(beside, book) if beside else None
        return replace(ports, rules=rules.active(), shadow=shadow)

    return now


def replanning(
    settings: Settings, rules: ActiveRules, polish: Polish | None = None
) -> Callable[[], Replanning]:
    """Ports of the re-plan: call it for each run, which gets the rules of its moment.

    Keep what is called: it caches the network. `polish`: the solver, where its layer is there.
    """
    works = WorkStore(client("dynamodb"), settings.orders_table)
    threshold = Threshold(settings.replan_saving, settings.replan_percent)
    ports = routing(settings, rules)
    return lambda: Replanning(ports(), works, threshold, polish=polish)


def archive(settings: Settings) -> DecisionArchive:
    """What decisions are replayed from. Keep it: it knows what it wrote today.

    Routing does without it when S3 does not answer soon.
    """
    s3 = client("s3", attempts=2, read_timeout=3)
    return DecisionArchive(S3Objects(s3, settings.raw_bucket))


def asking(settings: Settings) -> Asking:
    """Ports of questions about decisions."""
    return Asking(orders(settings), archive(settings))


def promising(settings: Settings, rules: ActiveRules) -> Callable[[], Promising]:
    """Ports of promises: call it for each, which gets the rules that routing has at that moment.

    Keep what is called: it caches the network.
    """
    dynamodb = client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    places = Places(dynamodb, settings.network_table)
    reservations = ReservationStore(dynamodb, settings.inventory_table)
    controls = ActiveControls(ControlStore(dynamodb, settings.network_table))
    coming = DynamoIncomingStore(dynamodb, settings.inventory_table).incoming
    return lambda: Promising(
        stock, places, reservations, system_clock, rules.active(), controls, coming, stock.sold
    )


def holding(settings: Settings) -> Holding:
    """Ports of reservations. Keep it: it caches the network."""
    dynamodb = client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    return Holding(
        stock,
        Places(dynamodb, settings.network_table),
        ReservationStore(dynamodb, settings.inventory_table),
        ledger(settings),
        system_clock,
        controls=ActiveControls(ControlStore(dynamodb, settings.network_table)),
        sold_of=stock.sold,
    )


def stores(settings: Settings) -> Stores:
    """Where else a pickup could be handed over. Keep it: it caches the network."""
    dynamodb = client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    return Stores(stock, Places(dynamodb, settings.network_table), system_clock)


def receivers(settings: Settings) -> AwsReceivers:
    """Where the relay sends what changes call for."""
    sqs = client("sqs")
    return AwsReceivers(
        EventBus(client("events"), settings.event_bus),
        Queue(sqs, settings.routing_queue_url),
        Queue(sqs, settings.changes_queue_url),
        client("stepfunctions"),
        {
            FULFILLMENT_ORDER: settings.fulfillment_state_machine_arn,
            RETURN: settings.return_state_machine_arn,
        },
    )


def relay_of(settings: Settings, table: str, count: Callable[[str], object]) -> Relay:
    """The relay of one table's items."""
    items = OutboxTable(client("dynamodb"), table)
    return Relay(items, receivers(settings), system_clock, count)
