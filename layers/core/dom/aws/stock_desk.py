"""Ports of stock over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dom.aws.clients import client
from dom.aws.movement_store import MovementStore
from dom.aws.network_store import NetworkStore
from dom.aws.stock_store import StockStore
from dom.aws.wiring import ledger
from dom.inventory.apply_feed import Intake
from dom.inventory.set_position import Shelves
from dom.model.clock import system_clock
from dom.settings import Settings

# Groups of a feed written at the same time: as many as one processor keeps waiting for DynamoDB.
THREADS = 8


@dataclass(frozen=True, slots=True)
class StockDesk:
    """What counting, feeding and reading need."""

    shelves: Shelves
    intake: Intake
    movements: MovementStore


def stock_desk(settings: Settings) -> StockDesk:
    """The desk of these settings. Keep it: it holds threads."""
    dynamodb, writer = client("dynamodb"), ledger(settings)
    movements = MovementStore(dynamodb, settings.inventory_table)
    network = NetworkStore(dynamodb, settings.network_table)
    stock = StockStore(dynamodb, settings.inventory_table)
    each = ThreadPoolExecutor(THREADS).map
    return StockDesk(
        Shelves(stock, network, writer, system_clock),
        Intake(movements, network, writer, system_clock, each),
        movements,
    )
