"""Group commit: what routing writes per order, by orders per batch, when all want one SKU."""

from __future__ import annotations

import math
from collections import Counter

from tools.bench_orders import furnish, ingest, route
from tools.bench_report import table
from tools.bench_world import World, world

SIZES = (1, 2, 5, 10, 20, 50, 100, 200)
LEAST_ORDERS = 20
PLACE, SKU = "WH-EAST", "HOT"


def measure() -> str:
    """A table with one row for each batch size."""
    with world() as here:
        furnish(here, [(PLACE, SKU)])
        rows = [_row(here, size) for size in SIZES]
    head = ["orders in a batch", "transactions", "writes of the position", "items", "write units"]
    return table(head, rows)


def _row(here: World, size: int) -> list[object]:
    orders = ingest(here, [SKU] * size * math.ceil(LEAST_ORDERS / size))
    here.meter.counts, here.meter.changes = Counter(), []
    for start in range(0, len(orders), size):
        route(here, orders[start : start + size])
    counts = here.meter.counts
    hot = sum(one.key.get("sk") == {"S": "POSITION"} for one in here.meter.changes)
    amounts = (counts["dynamodb TransactWriteItems"], hot, counts["items written"])
    figures = [f"{amount / len(orders):.3g}" for amount in (*amounts, counts["write units"])]
    return [size, *figures]
