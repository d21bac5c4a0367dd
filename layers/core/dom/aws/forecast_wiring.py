"""Ports of forecasts, made from settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dom.aws.clients import client
from dom.aws.documents import Documents
from dom.aws.expectation_store import DynamoExpectationStore
from dom.aws.forecast_steps import Counted, ForecastSteps, ProposalDesk
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.network_store import NetworkStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.rebalancing_store import TERMS, ProposalStore, TermsStore
from dom.aws.safety_store import SafetyStore
from dom.aws.stock_store import StockStore
from dom.aws.wiring import ledger
from dom.model.clock import system_clock
from dom.model.ids import Sku
from dom.network.expect import expect_demand
from dom.planning.balance import Balance
from dom.planning.keep import Kept
from dom.planning.night import Failed, Planning
from dom.settings import Settings


@dataclass(frozen=True, slots=True)
class ToldProducts:
    """`dom.planning.ports.Products`: told by the network stage's own use case."""

    store: DynamoProductStore

    def expect(self, sku: Sku, daily: float) -> bool:
        """See the port."""
        return expect_demand(sku, daily, self.store)


def kept(settings: Settings) -> Kept:
    """The policies and the network as they are now."""
    dynamodb = client("dynamodb")
    locations = NetworkStore(dynamodb, settings.network_table).all()
    policies = SafetyStore(dynamodb, settings.network_table).all()
    return Kept(policies, {one.location_id: one for one in locations})


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What is known, for those who ask."""

    expectations: DynamoExpectationStore
    products: DynamoProductStore
    kept: Callable[[], Kept]

    def category(self, sku: Sku) -> str:
        """Of the SKU, as somebody described it."""
        product = self.products.find(sku)
        return product.category if product else ""


def forecasts_of(settings: Settings) -> Forecasts:
    """The forecasts of these settings."""
    dynamodb, table = client("dynamodb"), settings.inventory_table
    products = DynamoProductStore(dynamodb, table)
    return Forecasts(DynamoExpectationStore(dynamodb, table), products, lambda: kept(settings))


def forecast_steps(settings: Settings, report: Failed, count: Counted) -> ForecastSteps:
    """The steps of the night's forecast. `report` is told of SKUs that failed."""
    dynamodb, table = client("dynamodb"), settings.inventory_table
    products = ToldProducts(DynamoProductStore(dynamodb, table))
    stock, known = StockStore(dynamodb, table), DynamoExpectationStore(dynamodb, table)

    incoming = DynamoIncomingStore(dynamodb, table).incoming
    terms = TermsStore(dynamodb, settings.network_table)

    def planning() -> Planning:
        writer, now, found = ledger(settings), kept(settings), terms.find(TERMS)
        balance = Balance(found, now.network) if found else None
        ports = (stock, writer, known, products, now, system_clock, report, balance)
        return Planning(*ports, incoming)

    return ForecastSteps(
        dynamodb,
        settings.orders_table,
        Documents(client("s3"), settings.raw_bucket),
        planning,
        ZoneInfo(settings.forecast_zone),
        settings.forecast_days,
        count,
        ProposalDesk(lambda: terms.find(TERMS), ProposalStore(dynamodb, table)),
    )
