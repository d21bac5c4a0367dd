"""Random small routing instances, each a pure function of its seed; and plain ones to build on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.model.rules import Fences, RuleSet, Weights
from dom.sourcing.problem import Demand, DemandLine, Network, Supply

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # a Wednesday, noon in New York
HOME = Coordinates(40.75, -73.99)
WEIGHTS = (0, 100, 480, 2100, 16_000)
TYPES = (LocationType.DC, LocationType.STORE, LocationType.WAREHOUSE)
ZONES = ("America/New_York", "America/Los_Angeles")


class Case(NamedTuple):
    """One instance."""

    demand: Demand
    supply: Supply
    network: Network
    rules: RuleSet
    now: datetime

    @property
    def locations(self) -> dict[LocationId, Location]:
        return {place.location_id: place for place in self.network.locations}


def place(key: str, at: Coordinates | None = HOME, **rest: Any) -> Location:
    """A store with all capabilities, next to the customer unless said."""
    facts: dict[str, Any] = {
        "name": key,
        "type": LocationType.STORE,
        "country_code": "US",
        "timezone": "America/New_York",
        "coordinates": at,
        "capabilities": frozenset(Capability),
    }
    return Location(location_id=LocationId(key), **{**facts, **rest})


def network(*places: Location) -> Network:
    """A network of those places."""
    return Network({location.location_id: location for location in places})


def line(line_id: str, sku: str, quantity: int = 1, *excluded: str, grams: int = 500) -> DemandLine:
    """A line of half-kilogram units."""
    out = frozenset(LocationId(key) for key in excluded)
    return DemandLine(line_id, Sku(sku), quantity, grams, out)


def demand(*lines: DemandLine, **rest: Any) -> Demand:
    """A ship group to New York."""
    facts: dict[str, Any] = {
        "order_id": "ord_1",
        "ship_group_id": "1",
        "method": Method.SHIP,
        "destination": Destination("US", "10001", coordinates=HOME),
        "fixed_location": None,
        "placed_at": NOON,
    }
    return Demand(lines=lines, **{**facts, **rest})


def stock(**by_place: dict[str, int]) -> Supply:
    """`stock(boston={"A": 3})`: units by SKU by location."""
    available: dict[Sku, dict[LocationId, int]] = {}
    for key, units in by_place.items():
        for sku, quantity in units.items():
            available.setdefault(Sku(sku), {})[LocationId(key)] = quantity
    return Supply(available)


def random_case(seed: int, places: int = 4, lines: int = 3, most: int = 3) -> Case:
    """Up to `places` locations, `lines` lines of up to `most` units; all rules vary."""
    rng = Random(seed)
    found = [_place(rng, f"L{i}") for i in range(rng.randint(1, places))]
    skus = "AB" if rng.random() < 0.4 else "ABCDEFGHIJ"[: lines + 1]
    wanted = tuple(_line(rng, n, skus, most, found) for n in range(rng.randint(1, lines)))
    keys = [location.location_id for location in found]
    available = {
        Sku(sku): {key: rng.randint(-1, most + 1) for key in keys if rng.random() < 0.75}
        for sku in skus
    }
    closed = [key for key in keys if rng.random() < 0.06]
    capacity = {key: rng.randint(0, 2) for key in keys if rng.random() < 0.2}
    supply = Supply(available, closed, capacity)
    return Case(_demand(rng, wanted, keys), supply, network(*found), _rules(rng), _now(rng))


def shuffled(case: Case, rng: Random) -> Case:
    """The same instance, told in another order."""
    lines, places = list(case.demand.lines), list(case.network.locations)
    rng.shuffle(lines)
    rng.shuffle(places)
    available = {}
    for sku in sorted(case.supply.available, key=lambda _: rng.random()):
        entries = list(case.supply.available[sku].items())
        rng.shuffle(entries)
        available[sku] = dict(entries)
    supply = Supply(available, list(case.supply.closed), dict(case.supply.capacity_left))
    told = replace(case.demand, lines=tuple(lines))
    return Case(told, supply, network(*places), case.rules, case.now)


def _place(rng: Random, key: str) -> Location:
    at = Coordinates(rng.uniform(30, 45), rng.uniform(-120, -75))
    if rng.random() < 0.25:
        at = Coordinates(40.7, -74.0)
    return place(
        key,
        None if rng.random() < 0.1 else at,
        type=rng.choice(TYPES),
        timezone=rng.choice(ZONES),
        country_code="CA" if rng.random() < 0.1 else "US",
        active=rng.random() > 0.04,
        capabilities=frozenset(c for c in Capability if rng.random() < 0.93),
    )


def _line(rng: Random, n: int, skus: str, most: int, places: list[Location]) -> DemandLine:
    out = [str(location.location_id) for location in places if rng.random() < 0.08]
    sku = rng.choice(skus)
    # A unit weighs what its SKU weighs, but channels get it wrong now and then.
    grams = WEIGHTS[ord(sku) % len(WEIGHTS)] + (250 if rng.random() < 0.05 else 0)
    return line(f"l{n}", sku, rng.randint(1, most), *out, grams=grams)


def _demand(rng: Random, lines: tuple[DemandLine, ...], keys: list[LocationId]) -> Demand:
    method = rng.choices(list(Method)[:4], (20, 2, 1, 1))[0]
    fixed = rng.choice(keys) if method in (Method.PICKUP, Method.CURBSIDE) else None
    at = None if rng.random() < 0.1 else Coordinates(rng.uniform(30, 45), rng.uniform(-120, -75))
    country = rng.choices(("US", "CA", ""), (9, 1, 1))[0]
    to = Destination(country, coordinates=HOME if method is Method.SAME_DAY else at)
    return demand(*lines, method=method, fixed_location=fixed, destination=to)


def _rules(rng: Random) -> RuleSet:
    fences = Fences(
        ship_complete=rng.random() < 0.12,
        max_splits=rng.choice((None, None, None, 0, 1)),
        min_routing_stock=rng.choice((0, 0, 0, 2)),
        ships_to={"CA": frozenset({"CA"})} if rng.random() < 0.3 else {},
    )
    weights = Weights(
        day=rng.choice((0, 200, 37)),
        co2e_tonne=rng.choice((0, 10_000, 900_000)),
        parcel=rng.choice((1_000_000, 1_000_000, 0, 450)),
    )
    return RuleSet(weights=weights, fences=fences)


def _now(rng: Random) -> datetime:
    return NOON + timedelta(minutes=rng.randint(0, 7 * 24 * 60))
