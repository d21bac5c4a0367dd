"""Places, homes and prices: of the shared files where they are given, else made up."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from random import Random

from dom.model.geo import Coordinates
from dom.model.location import LocationType

Facts = tuple[list[tuple[LocationType, Coordinates]], list[tuple[Coordinates, int]], list[int]]


def facts(data: Path | None, random: Random) -> Facts:
    """(sites with their type, homes with their weight, prices in minor units)."""
    if data is None:
        table = Path(__file__).parents[2] / "layers/core/dom/sourcing/data/us_zip3.csv"
        rows = [line.split(",") for line in table.read_text().splitlines()[1:]]
        spots = [Coordinates(float(lat), float(lon)) for _, lat, lon in rows]
        kinds = (LocationType.STORE, LocationType.STORE, LocationType.DC)
        prices = [int(100 * random.lognormvariate(3.4, 0.8)) for _ in range(500)]
        return [(random.choice(kinds), x) for x in spots], [(x, 1) for x in spots], prices
    kinds_of = {"store": LocationType.STORE, "dc": LocationType.DC}
    sites = [
        (kinds_of[row["type"]], Coordinates(float(row["lat"]), float(row["lon"])))
        for row in _rows(data / "us_stores.csv.gz")
        if row["type"] in kinds_of and row["lat"]
    ]
    homes = [
        (Coordinates(float(row["lat"]), float(row["lon"])), int(float(row["population"] or 0)))
        for row in _rows(data / "us_zips.csv.gz")
    ]
    # Prices of whole lines: what one unit costs, and not less than a dollar.
    prices = [
        max(100, round(100 * float(row["price"]) / int(row["qty"])))
        for row in _rows(data / "orders_superstore.csv.gz")
    ]
    return sites, [home for home in homes if home[1]], prices


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
