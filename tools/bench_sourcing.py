"""How fast one order is routed: `python tools/bench_sourcing.py` prints Markdown tables.

Milliseconds of CPU time of one thread. `solve` is the search alone, `decide` the whole decision
with promise, candidates and explanation, `new address` the same where nothing of the destination's
distances is known yet. `loops` is decide's median as a multiple of a fixed pure-Python loop of
10,000 additions timed in the same run, so that machines can be compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import thread_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layers" / "core"))

from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing import search, solve
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, DemandLine, Network, Supply
from dom.sourcing.scene import Scene

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
SKUS = 500
SIZES = (10, 100, 1000, 5000)
LINES = (1, 2, 3, 4, 6, 8, 10)
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
HEAD = (
    "| locations | lines | solve p50 | p99 | decide p50 | p99 | new address p50 | p99 | loops |\n"
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def fixed_loop() -> float:
    """Milliseconds of 10,000 additions in a plain loop."""

    def once() -> float:
        start, total = thread_time(), 0
        for i in range(1_000_000):
            total += i
        return 10 * (thread_time() - start)

    return median(once() for _ in range(5))


def somewhere(rng: Random) -> Coordinates:
    """A place in a box about the contiguous United States."""
    return Coordinates(rng.uniform(27, 47), rng.uniform(-122, -72))


def network(rng: Random, size: int) -> Network:
    """Stores, one in twenty a distribution center, in four time zones."""
    places = (_location(rng, i) for i in range(size))
    return Network({place.location_id: place for place in places})


def _location(rng: Random, i: int) -> Location:
    return Location(
        LocationId(f"L{i:05}"),
        f"Location {i}",
        LocationType.DC if i % 20 == 0 else LocationType.STORE,
        "US",
        rng.choice(ZONES),
        coordinates=somewhere(rng),
        capabilities=frozenset(Capability),
    )


def supply(rng: Random, places: Network, density: float) -> Supply:
    """One to six units of each SKU at that share of the locations."""
    stock = {
        Sku(f"S{s}"): {key: rng.randint(1, 6) for key in places.index if rng.random() < density}
        for s in range(SKUS)
    }
    return Supply(stock)


def demand(rng: Random, n: int, lines: int, address: Coordinates) -> Demand:
    """One unit or two each of different SKUs."""
    skus = rng.sample(range(SKUS), lines)
    wanted = tuple(
        DemandLine(str(i), Sku(f"S{sku}"), rng.choice((1, 1, 2)), 400) for i, sku in enumerate(skus)
    )
    to = Destination("US", coordinates=address)
    return Demand(f"o{n:06}", "1", Method.SHIP, to, wanted, None, NOW)


def timed(work: Callable[[Demand], object], demands: list[Demand]) -> tuple[float, float]:
    """p50 and p99 milliseconds per demand."""
    times = []
    for one in demands:
        start = thread_time()
        work(one)
        times.append(1000 * (thread_time() - start))
    return median(times), quantiles(times, n=100)[98]


def row(rng: Random, book: PriceBook, stock: Supply, lines: int, count: int, loop: float) -> str:
    """One line of a table."""
    known = somewhere(rng)
    seen = [demand(rng, n, lines, known) for n in range(count)]
    new = [demand(rng, n, lines, somewhere(rng)) for n in range(max(50, count // 4))]
    for one in seen[:20]:
        solve.decide(one, stock, book)
    alone = timed(lambda one: search.best(Scene(one, stock, book)), seen)
    whole = timed(lambda one: solve.decide(one, stock, book), seen)
    fresh = timed(lambda one: solve.decide(one, stock, book), new)
    cells = " | ".join(f"{figure:.3f}" for figure in (*alone, *whole, *fresh))
    return f"| {book.network.size:,} | {lines} | {cells} | {whole[0] / loop:.2f} |"


def large(rng: Random, book: PriceBook, stock: Supply) -> str:
    """Orders beyond the exact search, at the largest network."""
    rows = ["", "| lines | decide ms (median of 3) | parcels | gap |", "|--:|--:|--:|--:|"]
    for lines in (12, 20, 40, 100, 200):
        orders = [demand(rng, n, lines, somewhere(rng)) for n in range(3)]
        plans = [solve.decide(one, stock, book) for one in orders]
        ms, _ = timed(lambda one: solve.decide(one, stock, book), orders)
        parcels = sum(len(plan.assignments) for plan in plans) / len(plans)
        gap = sum(plan.gap for plan in plans) / len(plans)
        rows.append(f"| {lines} | {ms:.1f} | {parcels:.1f} | {gap:.1%} |")
    return "\n".join(rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=200, help="orders per row")
    parser.add_argument("--density", type=float, nargs="+", default=[0.5, 0.03])
    options = parser.parse_args()
    for density in options.density:
        loop = fixed_loop()
        print(f"\nEach SKU at {density:.0%} of the locations; loop = {loop:.3f} ms\n\n{HEAD}")
        for size in SIZES:
            rng = Random(size)
            book = PriceBook(network(rng, size), RuleSet(), NOW)
            stock = supply(rng, book.network, density)
            for lines in LINES:
                print(row(rng, book, stock, lines, options.orders, loop), flush=True)
        print(large(Random(0), book, stock))


if __name__ == "__main__":
    main()
