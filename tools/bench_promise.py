"""What a promise costs as the network grows: `python -m tools.bench promise`.

The use case in one process, from 10 to 5,000 locations per SKU, each with stock at every one of
them. Milliseconds of CPU time of one thread. `promise` starts from documents in memory, an address
never seen before in each request; `whole` also decodes the documents and the states from DynamoDB's
typed attributes, which is what a function does besides waiting for two reads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import thread_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layers" / "core"))

from dom.aws.dynamo import marshal, unmarshal
from dom.model.cart import Cart, CartLine
from dom.model.geo import Destination
from dom.model.ids import Sku
from dom.model.location_state import LocationState, state_of
from dom.model.product import Assortment
from dom.model.reservation import Reservation
from dom.model.rules import RuleSet
from dom.model.stock import Position
from dom.promise.ports import Promising
from dom.promise.promise import promise
from dom.sourcing.network import Network

from tools.bench_sourcing import NOW, network, somewhere

SIZES = (10, 100, 1000, 5000)
LINES = (1, 3, 10)
HEAD = (
    "| locations per SKU | lines | promise p50 ms | p99 ms | whole p50 ms | p99 ms | reads |\n"
    "|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(slots=True)
class Market:
    """Documents and states, in memory or encoded as DynamoDB sends them; counts what is read."""

    documents: Mapping[str, dict[str, int]]
    places: Network
    encoded: Mapping[str, dict[str, Any]] | None = None
    reads: int = 0

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """One batch read of up to 100 documents."""
        self.reads += 1
        if self.encoded is None:
            return {sku: self.documents[sku] for sku in skus}
        return {sku: unmarshal(self.encoded[sku])["locations"] for sku in skus}

    def offer(self, skus: Iterable[str]) -> tuple[Assortment, dict[str, int]]:
        """The same; nothing is known of the products, and nobody waits."""
        return Assortment(self.availability(skus), {}), {}

    def demand(self, skus: Iterable[str]) -> dict[str, int]:
        """Nobody waits."""
        return {}

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """Not asked for: nothing is short."""
        return []

    def network(self, known: Iterable[str] = ()) -> Network:
        """Kept between requests."""
        return self.places

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        """One batch read of the states of the locations named."""
        self.reads += 1
        state = marshal({"open": True, "daily_capacity": 40, "left#2026-03-04": 7})
        return {one: state_of(unmarshal(state), NOW) for one in location_ids}

    def load(self, reservation_id: str) -> Reservation | None:
        """Not asked for."""
        return None

    def expired(self, skus: object, now: object, most: int | None = None) -> list[Reservation]:
        """Not asked for: nothing is short."""
        return []

    def due(self, now: object) -> list[Reservation]:
        """Not asked for."""
        return []


def market(rng: Random, size: int, encoded: bool) -> Market:
    """Ten SKUs with one to six units at every location."""
    places = network(rng, size)
    documents = {
        f"S{n}": {str(key): rng.randint(1, 6) for key in places.index} for n in range(max(LINES))
    }
    typed = {sku: marshal({"sku": sku, "locations": units}) for sku, units in documents.items()}
    return Market(documents, places, typed if encoded else None)


def cart(rng: Random, lines: int) -> Cart:
    """One unit of each of that many SKUs, to an address of its own."""
    wanted = tuple(CartLine(Sku(f"S{n}"), 1, 400) for n in range(lines))
    return Cart(wanted, Destination("US", coordinates=somewhere(rng)))


def timed(place: Market, carts: list[Cart]) -> tuple[float, float]:
    """p50 and p99 milliseconds of a promise."""
    ports = Promising(place, place, place, lambda: NOW, RuleSet())
    times = []
    for one in carts:
        start = thread_time()
        found = promise(one, ports)
        times.append(1000 * (thread_time() - start))
        if found.unavailable:
            raise SystemExit(f"something is short: {found.unavailable}")
    return median(times), quantiles(times, n=100)[98]


def row(size: int, lines: int, count: int) -> str:
    """One line of the table."""
    rng = Random(f"{size} {lines}")
    bare, typed = market(rng, size, encoded=False), market(rng, size, encoded=True)
    carts = [cart(rng, lines) for _ in range(count)]
    figures = (*timed(bare, carts), *timed(typed, carts))
    cells = " | ".join(f"{figure:.2f}" for figure in figures)
    return f"| {size:,} | {lines} | {cells} | {bare.reads / count:.1f} |"


def measure(count: int = 200) -> str:
    """The table, of that many promises in each row."""
    return "\n".join([HEAD, *(row(size, lines, count) for lines in LINES for size in SIZES)])


if __name__ == "__main__":
    print(measure())
