"""Puts the demo's network and stock in place through the public API."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tools.client import Answer, Api
from tools.demo_model import Json, Scenario
from tools.demo_orders import Run

LOCATIONS = Path(__file__).resolve().parent / "demo_data" / "locations.csv"
PARALLEL = 8
Item = TypeVar("Item")
ADDRESS = ("address1", "city", "province_code", "postal_code")


def read_locations(path: Path = LOCATIONS) -> dict[str, Json]:
    """Locations of the network by id, as PUT /locations/{id} takes them."""
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: _location(row) for row in csv.DictReader(rows)}


def _location(row: dict[str, str]) -> Json:
    capacity = row["daily_capacity"]
    return {
        "name": row["name"],
        "type": row["type"],
        "address": {
            **{name: row[name] for name in ADDRESS},
            "country_code": "US",
            "latitude": float(row["latitude"]),
            "longitude": float(row["longitude"]),
        },
        "timezone": row["timezone"],
        "capabilities": row["capabilities"].split(),
        "daily_capacity": int(capacity) if capacity else None,
        "active": True,
    }


def stock_of(scenarios: Iterable[Scenario], run: Run) -> Iterator[tuple[str, str, int]]:
    """(location, SKU, units on hand) of everything that the scenarios need."""
    for scenario in scenarios:
        for product, places in scenario.stock.items():
            for location_id, units in places.items():
                yield location_id, run.sku(product), units


def put_network(api: Api, locations: dict[str, Json], done: Callable[[], None]) -> None:
    """Store all locations; `done` is called after each. SystemExit if one is refused."""
    _all(lambda item: api.put_location(*item), list(locations.items()), done)


def put_stock(api: Api, stock: list[tuple[str, str, int]], done: Callable[[], None]) -> None:
    """Set all positions; `done` is called after each. SystemExit if one is refused."""
    _all(lambda item: api.put_stock(*item), stock, done)


def _all(put: Callable[[Item], Answer], items: list[Item], done: Callable[[], None]) -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        for item, answer in zip(items, pool.map(put, items), strict=True):
            if answer.status >= 300:
                raise SystemExit(f"{item}: {answer.status} {answer.body[:300]!r}")
            done()
