"""Ports of files of stock, made from settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dom.aws.clients import client
from dom.aws.feed_executions import FeedExecutions
from dom.aws.feed_files import FeedFiles
from dom.aws.feed_pulls import FeedDrop, FeedSecrets, PullStates
from dom.aws.feed_steps import FeedSteps
from dom.aws.feed_store import FeedRuns, FeedSources
from dom.aws.stock_desk import stock_desk
from dom.aws.stock_store import StockStore
from dom.inventory.files.pages import Fetch
from dom.inventory.files.ports import Desk
from dom.inventory.files.pull import Pulling
from dom.model.clock import system_clock
from dom.model.ids import Sku
from dom.settings import Settings


@dataclass(frozen=True, slots=True)
class StockedOrDescribed:
    """`dom.inventory.files.ports.Catalog` on the Inventory table."""

    stock: StockStore

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        """See the port."""
        found = self.stock.assortment(skus)
        return {Sku(sku) for sku, units in found.units.items() if units or sku in found.products}


@dataclass(frozen=True, slots=True)
class FeedOffice:
    """What receiving files, and deciding of them, needs."""

    sources: FeedSources
    runs: FeedRuns
    files: FeedFiles
    executions: FeedExecutions
    pulls: PullStates


def feed_office(settings: Settings) -> FeedOffice:
    """The office of these settings."""
    dynamodb = client("dynamodb")
    return FeedOffice(
        FeedSources(dynamodb, settings.network_table),
        FeedRuns(dynamodb, settings.inventory_table, system_clock),
        FeedFiles(client("s3"), settings.feeds_bucket),
        FeedExecutions(client("stepfunctions"), settings.feed_state_machine_arn),
        PullStates(dynamodb, settings.network_table),
    )


def pulling(settings: Settings, fetch: Fetch) -> Pulling:
    """What asking sources needs, but for how a request is made."""
    return Pulling(
        fetch,
        FeedSecrets(client("secretsmanager"), settings.secrets_prefix).access,
        FeedDrop(client("s3"), settings.feeds_bucket),
        PullStates(client("dynamodb"), settings.network_table),
        system_clock,
        Path(tempfile.gettempdir()),
    )


def feed_steps(settings: Settings, count: Callable[[str, int], object]) -> FeedSteps:
    """The steps of a file. Keep it: it holds threads."""
    dynamodb = client("dynamodb")
    return FeedSteps(
        Desk(
            FeedFiles(client("s3"), settings.feeds_bucket),
            FeedRuns(dynamodb, settings.inventory_table, system_clock),
            stock_desk(settings).intake,
            StockedOrDescribed(StockStore(dynamodb, settings.inventory_table)),
            system_clock,
            Path(tempfile.gettempdir()),
            count,
        )
    )
