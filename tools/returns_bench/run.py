"""Measures return routing: `python -m tools.returns_bench.run [--data DIR] [--seeds N]`.

Prints the tables of docs/benchmarks-returns.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from dom.model.rules import RuleSet

from tools.console import say
from tools.returns_bench.play import Result, play
from tools.returns_bench.policies import POLICIES, Known, names, ours
from tools.returns_bench.season import draw

# Student's t, two-sided 95 %, by degrees of freedom.
_T = {4: 2.776, 7: 2.365, 9: 2.262}


def main() -> None:
    """Play all seasons, print both tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.returns_bench.run", description=__doc__)
    parser.add_argument("policies", nargs="*", help=f"of {', '.join(POLICIES)}; default: all")
    parser.add_argument("--data", type=Path, help="folder with the shared files (else made up)")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--stores", type=int, default=40)
    parser.add_argument("--centers", type=int, default=4)
    parser.add_argument("--skus", type=int, default=300)
    parser.add_argument("--a-day", type=int, default=120)
    told = parser.parse_args()
    chosen, rules = names(told.policies), RuleSet()
    figures: dict[str, list[list[float]]] = {name: [] for name in chosen}
    for seed in range(told.seeds):
        season = draw(seed, told.stores, told.centers, told.skus, told.a_day, told.data)
        without = play(season, rules, None)
        for name in chosen:
            result = play(season, rules, POLICIES[name])
            figures[name].append(_figures(result, without))
    say(table(figures))
    say("")
    say(speed(told.data))


def _figures(result: Result, without: Result) -> list[float]:
    """Per unit: cost, days to sale, recovered, net (dollars), kept (%), g CO2e; longest queue."""
    units = result.units
    recovered = (result.revenue - without.revenue) / units / 100
    cost = result.cash / units / 100
    return [
        cost,
        result.days / max(1, result.resold),
        recovered,
        recovered - cost,
        100 * result.kept / units,
        result.co2e_grams / units,
        result.queue,
    ]


def table(figures: dict[str, list[list[float]]]) -> str:
    """Means over the seeds; of the net also how sure the difference to the first policy is."""
    head = "policy | cost | days | recovered | net | vs first | kept % | g CO2e | queue"
    lines = [f"| {head} |", "|---|" + "---:|" * 8]
    first = next(iter(figures.values()))
    for name, rows in figures.items():
        means = [mean(column) for column in zip(*rows, strict=True)]
        gains = [row[3] - base[3] for row, base in zip(rows, first, strict=True)]
        cost, days, recovered, net, kept, grams, queue = means
        lines.append(
            f"| {name} | {cost:.2f} | {days:.1f} | {recovered:.2f} | {net:.2f} | "
            f"{_interval(gains)} | {kept:.0f} | {grams:.0f} | {queue:.0f} |"
        )
    return "\n".join(lines)


def _interval(gains: Sequence[float]) -> str:
    if len(gains) < 2 or not any(gains):
        return "–"
    wide = _T.get(len(gains) - 1, 2.0) * stdev(gains) / sqrt(len(gains))
    return f"{mean(gains):+.2f} ± {wide:.2f}"


def speed(data: Path | None) -> str:
    """Milliseconds of one decision by the number of locations: median of 50, distances unknown."""
    lines = ["| locations | ms |", "|---:|---:|"]
    for locations in (10, 100, 1_000, 3_000):
        centers = min(40, locations // 10)
        season = draw(1, locations - centers, centers, 5, 1, data)
        known, spent = Known(season, RuleSet()), []
        for one in season.returns[:50]:
            begun = time.perf_counter()
            ours(one, known)
            spent.append(time.perf_counter() - begun)
        lines.append(f"| {locations:,} | {1000 * sorted(spent)[len(spent) // 2]:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
