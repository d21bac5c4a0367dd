"""Puts the demo's network and stock in place through the public API."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tools.client import Answer, Api, again
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
    """Store those locations that are not there yet as they should be; `done` after each.

    SystemExit if one is refused.
    """
    stored = {one["location_id"]: one for one in _good(api.call("GET", "/locations"))["locations"]}
    missing = [(id_, one) for id_, one in locations.items() if not _same(one, stored.get(id_))]
    for _ in range(len(locations) - len(missing)):
        done()
    _all(lambda item: again(lambda: api.put_location(*item)), missing, done)


def _same(wanted: object, found: object) -> bool:
    """Whether `found` says all that `wanted` says; it may say more."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(_same(value, found.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return sorted(wanted) == sorted(found)
    return wanted == found


def put_stock(api: Api, stock: list[tuple[str, str, int]], done: Callable[[], None]) -> None:
    """Set all positions; `done` is called after each. SystemExit if one is refused."""
    _all(lambda item: again(lambda: api.put_stock(*item)), stock, done)


def _all(put: Callable[[Item], Answer], items: list[Item], done: Callable[[], None]) -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        for answer in pool.map(put, items):
            _good(answer)
            done()


def _good(answer: Answer) -> Json:
    if answer.status >= 300:
        raise SystemExit(f"The API answered {answer.status}: {answer.body[:300]!r}")
    return answer.json
