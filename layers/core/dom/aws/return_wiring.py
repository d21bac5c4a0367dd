"""Ports of the returns stage made from settings."""

from __future__ import annotations

from collections.abc import Callable

from dom.aws.accounts import Accounts
from dom.aws.active_rules import ActiveRules
from dom.aws.carriers import Carriers
from dom.aws.clients import client
from dom.aws.label_files import LabelFiles
from dom.aws.labels import CarrierLabels
from dom.aws.personal_wiring import notes
from dom.aws.places import Places
from dom.aws.refunds import ChannelRefunds
from dom.aws.rests import DynamoRests
from dom.aws.stock_store import StockStore
from dom.aws.tally_store import TallyStore
from dom.aws.tracking import TrackingIndex
from dom.aws.wiring import ledger, orders
from dom.model.clock import system_clock
from dom.returns.ports import Returning, Settling
from dom.settings import Settings


def returning(settings: Settings, rules: ActiveRules) -> Callable[[], Returning]:
    """Ports of returns: call it for each, which gets the policy of its moment.

    Keep what is called: it caches the network.
    """
    dynamodb = client("dynamodb")
    stock = StockStore(dynamodb, settings.inventory_table)
    places = Places(dynamodb, settings.network_table)
    found, book = orders(settings), ledger(settings)
    rest = TallyStore(dynamodb, settings.inventory_table), notes(settings)
    return lambda: Returning(found, stock, places, book, system_clock, rules.active(), *rest)


def tracking(settings: Settings) -> TrackingIndex:
    """Returns by the numbers of their parcels."""
    return TrackingIndex(client("dynamodb"), settings.inbox_table)


def settling(settings: Settings, rules: ActiveRules) -> Callable[[], Settling]:
    """Ports of a return's execution. Keep what is called: it caches the network."""
    secrets = client("secretsmanager")
    carriers = Carriers(secrets, settings.carriers_prefix)
    files = LabelFiles(client("s3"), settings.raw_bucket)
    labels = CarrierLabels(files, carriers.find)
    rests = DynamoRests(client("dynamodb"), settings.inbox_table)
    refunds = ChannelRefunds(Accounts(secrets, settings.secrets_prefix, rests))
    ports = returning(settings, rules)
    return lambda: Settling(ports(), labels, refunds)
