"""Sales that the backtest looks at: made ones, the extract that ships, or files of order lines."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable
from datetime import date, timedelta
from math import exp
from pathlib import Path
from typing import IO

from dom.forecast.series import Sale, Series, series_of

HERE = Path(__file__).resolve().parent
EXTRACT = HERE / "sales" / "uci_extract.csv.gz"
MADE_DAYS = 420
FIRST = date(2025, 1, 6)
# The column that says where a line goes; the first that a file has counts.
REGIONS = ("region", "country", "zip", "store")


def read_sales(path: Path) -> list[Sale]:
    """Order lines of a CSV file (or .csv.gz) with `sku, ts, qty` and a region's column."""
    with _open(path) as file:
        return [one for row in csv.DictReader(file) if (one := _sale(row))]


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _sale(row: dict[str, str]) -> Sale | None:
    """None for what is no sale: units given back or corrected."""
    units = int(float(row["qty"]))
    day = date.fromisoformat(row["ts"][:10])
    return Sale(row["sku"], _region(row), day, units) if units > 0 else None


def _region(row: dict[str, str]) -> str:
    """A ZIP by its first digit; all other columns as they are, stores in one region."""
    column = next(name for name in REGIONS if name in row)
    if column == "store":
        return "all"
    return row[column][:1] if column == "zip" else row[column]


def whole(sales: list[Sale]) -> list[Series]:
    """Series up to the last day that has any sale."""
    return series_of(sales, max(one.day for one in sales) + timedelta(days=1))


def made(seed: int = 1, each: int = 30) -> list[Series]:
    """Series whose truth is known: five patterns, `each` times, with a year and some weeks."""
    rng = random.Random(seed)
    found = []
    for name, pattern in PATTERNS.items():
        for number in range(each):
            day = pattern(rng)
            units = tuple(day(n) for n in range(MADE_DAYS))
            if any(units):
                found.append(Series(f"{name}-{number}", name, FIRST, units))
    return found


def poisson(rng: random.Random, mean: float) -> int:
    """Units of a day, by multiplying (Knuth); means here are small."""
    limit, product, units = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        units += 1
    return units


Pattern = Callable[[random.Random], Callable[[int], int]]


def _steady(rng: random.Random) -> Callable[[int], int]:
    mean = rng.uniform(3, 20)
    return lambda _: poisson(rng, mean)


def _weekly(rng: random.Random) -> Callable[[int], int]:
    mean, shape = rng.uniform(5, 20), (0.7, 0.7, 0.8, 0.9, 1.2, 1.7, 1.0)
    return lambda n: poisson(rng, mean * shape[n % 7])


def _rare(rng: random.Random) -> Callable[[int], int]:
    chance, size = rng.uniform(0.02, 0.3), rng.choice((1, 1, 2, 4))
    return lambda _: 1 + poisson(rng, size - 0.5) if rng.random() < chance else 0


def _fading(rng: random.Random) -> Callable[[int], int]:
    mean, ends = rng.uniform(0.5, 5), rng.randint(200, 380)
    return lambda n: poisson(rng, mean) if n < ends else 0


def _rising(rng: random.Random) -> Callable[[int], int]:
    mean, growth = rng.uniform(1, 5), rng.uniform(1, 4)
    return lambda n: poisson(rng, mean * (1 + growth * n / MADE_DAYS))


PATTERNS: dict[str, Pattern] = {
    "steady": _steady,
    "weekly": _weekly,
    "rare": _rare,
    "fading": _fading,
    "rising": _rising,
}
