"""Many demands that have a plan now, at random, for the joint search on live rules."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from dom.model.effort import EffortRate
from dom.model.geo import Coordinates, Destination
from dom.model.ids import Sku
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.product import Product
from dom.model.rules import Fences, RuleSet, Weights
from dom.sourcing.joint.case import Case
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.solve import Plan, decide
from support.sourcing_cases import NOON, demand, line, place

SKUS = "ABCDE"


def contents_of(plan: Plan, scene: Scene) -> dict[int, dict[int, int]]:
    """The plan as units by line number by location number."""
    number = {one.line_id: n for n, one in enumerate(scene.lines)}
    found: dict[int, dict[int, int]] = {}
    for one in plan.assignments:
        parcel = found.setdefault(scene.network.index[one.location_id], {})
        for line_id, _, units in one.lines:
            parcel[number[line_id]] = units
    return found


def random_network(rng: Random, places: int) -> Network:
    found = [
        place(
            f"L{n}",
            None if rng.random() < 0.05 else _somewhere(rng),
            type=rng.choice((LocationType.DC, LocationType.STORE, LocationType.WAREHOUSE)),
            timezone=rng.choice(("America/New_York", "America/Los_Angeles")),
            country_code="CA" if rng.random() < 0.1 else "US",
        )
        for n in range(places)
    ]
    return Network({one.location_id: one for one in found})


def random_demand(rng: Random, number: int) -> Demand:
    skus = rng.sample(SKUS, rng.randint(1, 3))
    lines = (line(f"l{n}", sku, rng.randint(1, 2), grams=900) for n, sku in enumerate(skus))
    to = Destination("US", coordinates=None if rng.random() < 0.05 else _somewhere(rng))
    return demand(*lines, order_id=f"ord_{number}", destination=to)


def random_rules(rng: Random) -> RuleSet:
    weights = Weights(
        day=rng.choice((0, 200)),
        co2e_tonne=rng.choice((0, 10_000, 900_000)),
        parcel=rng.choice((1_000_000, 0, 450)),
    )
    fences = Fences(max_splits=rng.choice((None, None, 1)), ship_complete=rng.random() < 0.3)
    return RuleSet(weights=weights, fences=fences)


def random_supply(rng: Random, network: Network, most: int) -> Supply:
    places = [one.location_id for one in network.locations]
    available = {
        Sku(sku): {at: rng.randint(0, most) for at in places if rng.random() < 0.7} for sku in SKUS
    }
    capacity = {at: rng.randint(1, 4) for at in places if rng.random() < 0.5}
    return Supply(available, (), capacity)


def planned(
    seed: int, demands: int = 8, places: int = 5, *, tired: bool = False
) -> tuple[list[Case], Supply]:
    """Demands routed one after the other, and the supply with what they hold given back. `tired`:
    effort is bounded, too."""
    rng = Random(seed)
    network, rules = random_network(rng, places), random_rules(rng)
    supply = random_supply(rng, network, 3)
    if tired:
        network, supply = worn(Random(seed + 1), network, supply)
    book = PriceBook(network, rules, NOON)
    held: list[tuple[Demand, Plan]] = []
    for number in range(demands):
        wanted = random_demand(rng, number)
        plan = decide(wanted, supply, book)
        if plan.assignments and not plan.unallocated:
            supply.take(plan.assignments)
            held.append((wanted, plan))
    for _, plan in held:
        supply.give_back(plan.assignments)
    return [case_of(wanted, plan, supply, book) for wanted, plan in held], supply


def worn(rng: Random, network: Network, supply: Supply) -> tuple[Network, Supply]:
    """Two of three locations have effort for a few works only; some goods ask for more."""
    rates = [EffortRate(4, 1, 1), EffortRate(0, 0, 3)]
    found = {
        one.location_id: replace(one, daily_effort=40, efforts={Method.SHIP: rng.choice(rates)})
        if rng.random() < 0.7
        else one
        for one in network.locations
    }
    left = {at: rng.randint(4, 24) for at, one in found.items() if one.daily_effort}
    heavy = {Sku(sku): Product(Sku(sku), effort=rng.choice((0, 0, 5))) for sku in SKUS}
    stock = supply.available, supply.closed, supply.capacity_left
    return Network(found), Supply(*stock, heavy, left)


def case_of(wanted: Demand, plan: Plan, supply: Supply, book: PriceBook) -> Case:
    scene = Scene(wanted, supply, book)
    return Case(scene, contents_of(plan, scene))


def total(cases: list[Case], contents: list[Contents | None]) -> int:
    """Score of all, by the scenes."""
    return sum(case.scene.total(c) for case, c in zip(cases, contents, strict=True) if c)


def _somewhere(rng: Random) -> Coordinates:
    return Coordinates(rng.uniform(30, 45), rng.uniform(-120, -75))
