"""Ports of transfers and purchases, made from settings."""

from __future__ import annotations

from dom.aws.clients import client
from dom.aws.network_store import NetworkStore
from dom.aws.stock_store import StockStore
from dom.aws.supply_store import SupplyStore
from dom.aws.wiring import ledger
from dom.inventory.supply.ports import Dock
from dom.model.clock import system_clock
from dom.settings import Settings


def supply_dock(settings: Settings) -> tuple[Dock, SupplyStore]:
    """What the use cases need, and the store that lists."""
    dynamodb = client("dynamodb")
    store = SupplyStore(dynamodb, settings.inventory_table)
    stock = StockStore(dynamodb, settings.inventory_table)
    places = NetworkStore(dynamodb, settings.network_table)
    return Dock(store, stock, places, ledger(settings), system_clock), store
