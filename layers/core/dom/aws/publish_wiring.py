"""Ports of publishing stock, made from settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dom.aws.accounts import Accounts
from dom.aws.active_rules import ActiveRules
from dom.aws.clients import client
from dom.aws.outlet_store import ListingStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.wiring import promising
from dom.channels.stock import shelf_of
from dom.inventory.publish.ports import Publishing
from dom.model.clock import system_clock
from dom.model.ids import Sku
from dom.model.outlet import Outlet, Shelf
from dom.promise.ats import available_to_sell
from dom.promise.ports import Promising, nothing
from dom.settings import Settings


@dataclass(frozen=True, slots=True)
class AtsOfPromises:
    """`Sellable`: what promises would say, so that a channel never shows another figure."""

    promising: Callable[[], Promising]
    products: DynamoProductStore

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        """See the port."""
        wanted = set(skus)
        found = self.promising().stock.availability(wanted)
        there = {Sku(sku) for sku, places in found.items() if places}
        # A kit is ours, also when a part of it was never here: then none can be sold.
        return there | {sku for sku, one in self.products.find_all(wanted).items() if one.is_kit}

    def kits_of(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[Sku]]:
        """See the port."""
        products = self.products.find_all(skus)
        return {sku: one.part_of for sku, one in products.items() if one.part_of}

    def units(self, sku: Sku, channel: str) -> int:
        """See the port."""
        # What is still to come is shown to no channel: it is not read.
        return available_to_sell(sku, channel, replace(self.promising(), coming=nothing)).units


def publishing(
    settings: Settings, rules: ActiveRules, count: Callable[[str, int], object]
) -> Publishing:
    """Keep it: it caches the network."""
    accounts = Accounts(client("secretsmanager"), settings.secrets_prefix)

    def shelf(outlet: Outlet) -> Shelf:
        credentials = accounts.credentials(outlet.channel, outlet.account)
        return shelf_of(outlet.channel)(outlet, credentials)

    return Publishing(
        shelf,
        ListingStore(client("dynamodb"), settings.inventory_table),
        AtsOfPromises(
            promising(settings, rules),
            DynamoProductStore(client("dynamodb"), settings.inventory_table),
        ),
        system_clock,
        timedelta(seconds=settings.stock_settle_seconds),
        count,
    )
