"""How long decisions take, by locations and by lines, and against HiGHS and a fixed loop.

`python -m tools.routing_bench.speed [--instance big.npz]` prints JSON lines: `by: locations` and
`by: lines` (exact single orders), `by: large` (orders of many lines, their gap to HiGHS) and
`by: joint` (whole batches). Times are CPU time of one thread, best of several repeats, with cold
caches per order; the loop and HiGHS are timed in the same run.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import mean, median
from time import thread_time

from dom.sourcing.joint.batch import plan_together
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.units import able_places
from dom.sourcing.joint.wish import Wish

from tools.routing_bench.generate import make
from tools.routing_bench.instance import Instance, load
from tools.routing_bench.reference import solve
from tools.routing_bench.world import World

LOCATIONS = (10, 100, 1000, 5000)
LINES = (1, 2, 4, 8, 10, 12, 20, 30, 50)
LARGE = (11, 15, 20, 30, 40)
REPEATS = 5
ORDERS = 400


def loop() -> int:
    """The fixed work that times are compared with: 10,000 rounds of plain integer Python."""
    total = 0
    for i in range(10_000):
        total += i * i % 7
    return total


def timed(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Milliseconds, the best of some."""
    return 1000 * min(_seconds(work) for _ in range(repeats))


def _seconds(work: Callable[[], object]) -> float:
    start = thread_time()
    work()
    return thread_time() - start


def first_locations(inst: Instance, count: int) -> Instance:
    """The same orders with the first locations alone."""
    kept = {name: getattr(inst, name)[:count] for name in ("isfc", "cap", "hp", "hu", "inv")}
    return replace(inst, dist=inst.dist[:, :count], zone=inst.zone[:, :count], **kept)


def fresh(wish: Wish, pieces: int = 0) -> Wish:
    """The wish without anything worked out before."""
    return replace(wish, pieces=wish.pieces[:pieces] if pieces else wish.pieces, _loads={})


def per_order(wishes: Sequence[Wish], market: Market, repeats: int = REPEATS) -> list[float]:
    """Milliseconds of each order alone."""
    return [timed(partial(_decide, wish, market), repeats) for wish in wishes]


def _decide(wish: Wish, market: Market) -> None:
    best_plan(fresh(wish), market)


def figures(times: Sequence[float]) -> dict[str, object]:
    """What a table shows of them, absolutely and in loops."""
    ordered, unit = sorted(times), timed(loop)
    p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return {
        "p50_ms": round(p50, 4),
        "p99_ms": round(p99, 3),
        "orders_per_s": round(1000 / mean(times)),
        "loop_ms": round(unit, 3),
        "p50_loops": round(p50 / unit, 3),
        "p99_loops": round(p99 / unit, 2),
    }


def against_highs(wishes: Sequence[Wish], market: Market) -> dict[str, object]:
    """HiGHS on a few of the orders: milliseconds, how often it proved its plan the best in time,
    and how often that cost is not ours."""
    light = (w for w in wishes if w.weight <= w.tariff.breaks[-1])
    few = [w for w in light if all(able_places(w, market))]
    costs, times = [], []
    for wish in few:
        start = thread_time()
        costs.append(solve(wish, market))
        times.append(1000 * (thread_time() - start))
    ours = [best_plan(fresh(wish), market).cost for wish in few]
    pairs = [
        (own, cost) for own, (cost, least) in zip(ours, costs, strict=True) if cost < least + 1
    ]
    wrong = sum(abs(own - cost) > 0.5 for own, cost in pairs)
    return {"highs_p50_ms": round(median(times), 1), "proven": len(pairs), "mismatches": wrong}


def by_locations(inst: Instance, compared: int) -> Iterator[dict[str, object]]:
    """The instance's own baskets."""
    for count in sorted({min(n, len(inst.cap)) for n in LOCATIONS}):
        world = World(first_locations(inst, count))
        wishes, market = world.wishes[:ORDERS], world.market()
        row = _row(by="locations", locations=count, lines=round(_lines(wishes), 2))
        some = wishes[: max(5, compared * 100 // count)] if compared else []
        highs = against_highs(some[:compared], market) if some else {}
        yield row | figures(per_order(wishes, market)) | highs


def agreement(inst: Instance, count: int = 2000) -> Iterator[dict[str, object]]:
    """Many orders at few locations: does HiGHS find the same cost each time."""
    world = World(first_locations(inst, 12))
    wishes, market = world.wishes[:count], world.market()
    yield _row(by="agreement", locations=12) | against_highs(wishes, market)


def _row(**fields: object) -> dict[str, object]:
    return fields


def _lines(wishes: Sequence[Wish]) -> float:
    return mean(len(wish.pieces) for wish in wishes)


def merged(world: World, market: Market, lines: int, count: int) -> list[Wish]:
    """Orders of about so many lines, each SKU once, made of the baskets of several; fewer, or
    none, where there are not enough SKUs."""
    pool = [p for wish in world.wishes for p in wish.pieces if p.weight < 2_000_000]
    rng, made = Random(lines), list[Wish]()
    for _ in range(100 * count):
        if len(made) == count:
            break
        base = world.wishes[rng.randrange(len(world.wishes))]
        unique = {piece.sku: piece for piece in rng.sample(pool, min(len(pool), 4 * lines))}
        wish = replace(base, pieces=tuple(list(unique.values())[:lines]), _loads={})
        places = able_places(wish, market)
        kept = tuple(p for p, there in zip(wish.pieces, places, strict=True) if there)
        if len(kept) >= lines * 3 // 4 and wish.weight < wish.tariff.breaks[-1]:
            made.append(replace(wish, pieces=kept, _loads={}))
    return made


def by_lines(inst: Instance, lines: Sequence[int] = LINES) -> Iterator[dict[str, object]]:
    """Orders of a given number of lines."""
    for count in sorted({min(n, len(inst.cap)) for n in (100, 5000)}):
        world = World(first_locations(inst, count))
        market = world.market()
        for n in lines:
            wishes = merged(world, market, n, 60 if n <= 12 else 10)
            if not wishes:
                continue
            row = _row(by="lines", locations=count, lines=n)
            yield row | figures(per_order(wishes, market, 3))


def large(inst: Instance, count: int, seconds: float) -> Iterator[dict[str, object]]:
    """Orders of many lines: how far from HiGHS's best plan and from its bound."""
    world = World(first_locations(inst, 100))
    market = world.market()
    for n in LARGE:
        found, proven = [], []
        for wish in merged(world, market, n, count):
            cost, bound = solve(wish, market, seconds)
            ours = best_plan(fresh(wish), market).cost
            found.append(ours / min(cost, ours) - 1)
            proven.append(ours / max(1.0, bound) - 1)
        if not found:
            continue
        row = _row(by="large", lines=n, orders=len(found), seconds_for_highs=seconds)
        yield row | {
            "mean_gap": round(100 * mean(found), 3),
            "max_gap": round(100 * max(found), 3),
            "mean_gap_to_bound": round(100 * mean(proven), 3),
        }


def joint() -> Iterator[dict[str, object]]:
    """Batches of our own instances, binding capacity."""
    for orders, locations in ((100, 100), (1000, 1000)):
        inst = make("peak", 1, orders=orders, days=1, stores=locations - 3)
        world = World(inst)
        wishes, market = world.wishes, world.market()
        start = thread_time()
        found = plan_together(wishes, market)
        seconds = thread_time() - start
        yield {
            "by": "joint",
            "orders": orders,
            "locations": locations,
            "seconds": round(seconds, 2),
            "gap_to_bound": round(100 * (found.cost / max(1, found.unsplit) - 1), 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, help="baskets and network; else our own")
    parser.add_argument("--only", nargs="*", default=["locations", "lines", "large", "joint"])
    parser.add_argument("--compared", type=int, default=20, help="orders solved by HiGHS as well")
    parser.add_argument("--seconds", type=float, default=20.0, help="for HiGHS, per large order")
    options = parser.parse_args()
    inst = load(options.instance) if options.instance else make("ample", 1, 400, 6, 4997)
    parts: dict[str, Callable[[], Iterator[dict[str, object]]]] = {
        "locations": lambda: by_locations(inst, options.compared),
        "agreement": lambda: agreement(inst),
        "lines": lambda: by_lines(inst),
        "large": lambda: large(inst, options.compared, options.seconds),
        "joint": joint,
    }
    for name in options.only:
        for row in parts[name]():
            print(json.dumps({"instance": inst.name} | row), flush=True)


if __name__ == "__main__":
    main()
