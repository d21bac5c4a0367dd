"""Warm handlers in this process: intake of a webhook, routing of batches of orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.bench_orders import furnish, ingest, route, shopify_order, webhook
from tools.bench_report import loop_ms, spread, table
from tools.bench_world import Run, World, world
from tools.demo_network import read_locations

INTAKES = 1000
# Orders in a batch, and how many batches.
BATCHES = ((1, 100), (10, 30), (100, 10))
WARM_UP = 3
SKUS = [f"WARM-{n}" for n in range(20)]
PLACES = 8


def measure() -> str:
    """A table of both functions."""
    loop = loop_ms()
    with world() as here:
        places = list(read_locations())[:PLACES]
        furnish(here, [(place, sku) for sku in SKUS for place in places])
        rows = [_row("order_intake, one webhook", _intakes(here), loop)]
        rows += [
            _row(f"order_routing, batch of {size}", _routings(here, size, count), loop)
            for size, count in BATCHES
        ]
    head = ["handler", "runs", "wall p50 ms", "p99", "max", "p50 × loop", "CPU p50 ms", "requests"]
    return table(head, rows)


def _intakes(here: World) -> list[Run]:
    events = (webhook(shopify_order("WARM-0")) for _ in range(WARM_UP + INTAKES))
    return [here.invoke("order_intake", event) for event in events][WARM_UP:]


def _routings(here: World, size: int, count: int) -> list[Run]:
    return list(_each_routing(here, size, WARM_UP + count))[WARM_UP:]


def _each_routing(here: World, size: int, count: int) -> Iterator[Run]:
    for _ in range(count):
        yield route(here, ingest(here, [SKUS[n % len(SKUS)] for n in range(size)]))


def _row(name: str, runs: Sequence[Run], loop: float) -> list[str]:
    p50, p99, most = spread([run.wall for run in runs])
    cpu = spread([run.cpu for run in runs])[0]
    requests = spread([run.requests for run in runs])[0]
    # A p99 of fewer runs would be their maximum.
    figures = [f"{p50:.1f}", f"{p99:.1f}" if len(runs) >= 100 else "", f"{most:.1f}"]
    return [
        name,
        f"{len(runs)}",
        *figures,
        f"{p50 / loop:.2f}",
        f"{cpu:.1f}",
        f"{requests:.0f}",
    ]
