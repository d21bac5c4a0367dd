"""Random small routing instances, each a pure function of its seed; and plain ones to build on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from dom.model.effort import EffortRate
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.model.overlay import AT_LOCATION, Change, Overlay, Rule
from dom.model.product import Product
from dom.model.rules import Dropship, Fences, Pass, RuleSet, Weights
from dom.model.scope import When, Where
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
    before = case.supply
    products = dict(reversed(before.products.items()))
    supply = Supply(available, list(before.closed), dict(before.capacity_left), products)
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


def rich_case(seed: int, places: int = 4, lines: int = 3, most: int = 3) -> Case:
    """As `random_case`, with all that rules, overlays, passes and products can say."""
    rng, plain = Random(seed + 1_000_000), random_case(seed, places, lines, most)
    if rng.random() < 0.5:  # else few plans have anything to choose from
        plain = plain._replace(rules=RuleSet(weights=plain.rules.weights))
    locations = [_richer(rng, one) for one in plain.network.locations]
    keys = [one.location_id for one in locations]
    products = {sku: _product(rng, sku, keys) for sku in plain.supply.available}
    for one in locations:
        if one.daily_capacity is not None:
            left = rng.randint(0 if rng.random() < 0.1 else 1, one.daily_capacity)
            plain.supply.capacity_left[one.location_id] = left
    stock, supply = plain.supply.available, plain.supply
    supply = Supply(stock, supply.closed, supply.capacity_left, products)
    wanted = _richer_demand(rng, plain.demand, products, keys)
    return Case(wanted, supply, network(*locations), _richer_rules(rng, plain, keys), plain.now)


def _richer(rng: Random, one: Location) -> Location:
    return replace(
        one,
        type=LocationType.SUPPLIER if rng.random() < 0.15 else one.type,
        groups=frozenset(name for name in ("east", "outlet") if rng.random() < 0.5),
        handles=frozenset(name for name in ("cold", "hazmat") if rng.random() < 0.7),
        closed_weekdays=frozenset(rng.sample(range(7), rng.choice((0, 0, 1, 3)))),
        closed_dates=frozenset({(NOON + timedelta(days=rng.randint(0, 7))).date()}),
        daily_capacity=rng.choice((None, None, 3, 8)),
    )


def _product(rng: Random, sku: Sku, keys: list[LocationId]) -> Product:
    return Product(
        sku,
        category=rng.choice(("", "food", "toys")),
        needs=frozenset({"cold"}) if rng.random() < 0.1 else frozenset(),
        volume_cm3=rng.choice((0, 1_000, 9_000)),
        keep_together="set" if rng.random() < 0.2 else "",
        daily_demand=rng.choice((0.0, 0.1, 0.5, 2.0)),
        markdown=rng.choice((0, 150, 1_900)),
        rejects={key: rng.choice((1, 10, 90)) for key in keys if rng.random() < 0.3},
    )


def _richer_demand(
    rng: Random, plain: Demand, products: dict[Sku, Product], keys: list[LocationId]
) -> Demand:
    lines = tuple(
        replace(
            one,
            category=products[one.sku].category,
            needs=products[one.sku].needs,
            volume_cm3=products[one.sku].volume_cm3,
            keep_together=products[one.sku].keep_together,
            value_minor=rng.choice((500, 2_000, 9_000)),
        )
        for one in plain.lines
    )
    to_store = plain.method is Method.SHIP and rng.random() < 0.15
    return replace(
        plain,
        lines=lines,
        method=Method.SHIP_TO_STORE if to_store else plain.method,
        fixed_location=rng.choice(keys) if to_store else plain.fixed_location,
        value_minor=sum(one.quantity * one.value_minor for one in lines),
        channel=rng.choice(("shop", "app")),
        tier=rng.choice(("", "gold")),
        promised_by=rng.choice((None, None, NOON + timedelta(days=rng.randint(1, 12)))),
    )


def _richer_rules(rng: Random, plain: Case, keys: list[LocationId]) -> RuleSet:
    rules = plain.rules
    weights = replace(
        rules.weights,
        capacity=rng.choice((0, 0, 300)),
        reject=rng.choice((0, 0, 1_500)),
        last_unit=rng.choice((0, 0, 60)),
        markdown=rng.choice((0, 0, 100, 50)),
        markdown_cap=rng.choice((300, 2_500)),
    )
    fences = replace(
        rules.fences,
        split_value=rng.choice((0, 0, 0, 0, 1_500, 6_000)),
        radius_km=rng.choice((None, None, None, None, None, 3_000)),
        groups=frozenset({"east"}) if rng.random() < 0.06 else frozenset(),
        excluded=frozenset({rng.choice(keys)}) if rng.random() < 0.1 else frozenset(),
        dropship=rng.choice(list(Dropship)),
    )
    last = Pass("any", max_splits=rng.choice((None, 1)))
    passes = (Pass("in time", 0), Pass("two days late", 2, rng.choice((None, 0))), last)
    return replace(
        rules,
        weights=weights,
        fences=fences,
        rules=tuple(_rule(rng, f"r{n}", keys) for n in range(rng.choice((0, 1, 3)))),
        overlays=tuple(_overlay(rng, f"o{n}", keys, plain.now) for n in range(rng.choice((0, 2)))),
        passes=rng.choice(((), (), passes, passes, passes[:2])),
        rate_card=replace(rules.rate_card, divisor=rng.choice((None, 5_000, 800))),
    )


def _rule(rng: Random, name: str, keys: list[LocationId]) -> Rule:
    when = rng.choice(
        (
            When(),
            When(),
            When(channels=frozenset({"app"})),
            When(tiers=frozenset({"gold"})),
            When(categories=frozenset({"food"})),
            When(methods=frozenset({Method.SHIP}), countries=frozenset({"US"})),
            When(least_value=4_000),
            When(below_value=9_000),
        )
    )
    where = rng.choice(
        (
            Where(),
            Where(groups=frozenset({"outlet"})),
            Where(types=frozenset({LocationType.STORE}), countries=frozenset({"US"})),
            Where(locations=frozenset({rng.choice(keys)})),
        )
    )
    change = Change(
        weights=rng.choice(({}, {}, {"parcel": 0, "day": 50}, {"unallocated": 10**8})),
        fences=rng.choice(({}, {}, {"max_splits": 1}, {"min_routing_stock": 2})),
        exclude=rng.random() < 0.05,
        parcel=rng.choice((0, 0, 130, -400, -1_500)),
        unit=rng.choice((0, 0, 45, -700)),
        min_routing_stock=rng.choice((None, None, None, 0, 3)),
        radius_km=rng.choice((None, None, None, 1_500, 5_000)),
    )
    return Rule(name, change, when, where)


def _overlay(rng: Random, name: str, keys: list[LocationId], now: datetime) -> Overlay:
    """In force now, or nearly: by hours it depends on the time zone."""
    starts = now.replace(tzinfo=None) + timedelta(hours=rng.randint(-30, 4))
    zone = rng.choice(("UTC", "America/New_York", AT_LOCATION, AT_LOCATION))
    ends = starts + timedelta(hours=rng.randint(5, 40))
    return Overlay(_rule(rng, name, keys), starts, ends, zone, rng.randint(0, 1))


def tired_case(seed: int, places: int = 4, lines: int = 3, most: int = 3) -> Case:
    """As `rich_case`, where days are bounded by effort, too."""
    rng, plain = Random(seed + 2_000_000), rich_case(seed, places, lines, most)
    rates = [_rate(rng), _rate(rng)]
    methods = rng.choice((list(Method), [Method.SHIP], [Method.PICKUP, Method.SAME_DAY]))
    locations = [
        replace(one, daily_effort=60, efforts={method: rng.choice(rates) for method in methods})
        if rng.random() < 0.8
        else one
        for one in plain.network.locations
    ]
    left = {
        one.location_id: rng.choice((rng.randint(0, 12), rng.randint(5, 60)))
        for one in locations
        if one.daily_effort
    }
    supply = plain.supply
    products = {
        sku: replace(product, effort=rng.choice((0, 0, 1, 4)))
        for sku, product in supply.products.items()
    }
    supply = Supply(supply.available, supply.closed, supply.capacity_left, products, left)
    return plain._replace(supply=supply, network=network(*locations))


def _rate(rng: Random) -> EffortRate:
    return EffortRate(rng.choice((0, 3, 8)), rng.choice((0, 0, 2)), rng.choice((0, 1, 3)))
