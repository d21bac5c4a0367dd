"""The simulation decides what production decides, order by order, and touches nothing."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

import pytest
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.order import Bucket, Order
from dom.model.product import Product
from dom.model.rules import Fences, Pass, RuleSet, Weights
from dom.routing.demand import demands_of
from dom.routing.ports import Routing
from dom.routing.route import route
from dom.simulation.batches import Batching, batches
from dom.simulation.replay import Replay, Routed
from dom.simulation.world import Arrival, Closure, Situation
from support.builders import BOSTON, DALLAS, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces
from support.situations import day, demand, situation, world

HOURS = timedelta(hours=1)
PLACES = (
    location("RENO", RENO, daily_capacity=4),
    location("DALLAS", DALLAS, timezone="America/Chicago", type=LocationType.STORE),
    location("BOSTON", BOSTON, timezone="America/New_York", daily_capacity=6),
)
SKUS = ("MUG", "CUP", "JAR", "POT")


def routed(of: Situation, rules: RuleSet | None = None, **rest: Any) -> list[Routed]:
    return list(Replay(of, rules or RuleSet(), **rest))


def senders(decisions: Iterable[Routed]) -> dict[str, list[str]]:
    return {
        one.demand.order_id: [part.location_id for part in one.plan.assignments]
        for one in decisions
    }


# ── equal to production ──


def random_orders(seed: int, count: int = 60) -> list[Order]:
    random, made = Random(seed), []
    for number in range(count):
        skus = random.sample(SKUS, random.randint(1, 3))
        lines = (line(str(n), sku, random.randint(1, 3)) for n, sku in enumerate(skus))
        placed = NOW + timedelta(seconds=number * 1700 + random.randrange(1700))
        found = order(f"ord_{number:03}", *lines, priority=random.choice((0, 0, 5)))
        made.append(replace(found, placed_at=placed))
    return made


PRODUCTS = {
    Sku("MUG"): Product(Sku("MUG"), daily_demand=4.0, rejects={LocationId("DALLAS"): 30}),
    Sku("CUP"): Product(Sku("CUP"), daily_demand=0.1, markdown=300),
    Sku("JAR"): Product(Sku("JAR"), "glass", grams=900, volume_cm3=30_000),
}


def production(orders: list[Order], stock: dict[str, dict[str, int]], rules: RuleSet) -> FakeLedger:
    """The ledger before anything is routed."""
    ledger = FakeLedger()
    ledger.open(*PLACES)
    for sku, held in stock.items():
        for place, units in held.items():
            ledger.stock(sku, place, units)
    ledger.orders = {one.order_id: one for one in orders}
    ledger.products = PRODUCTS
    return ledger


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "rules",
    [
        RuleSet(),
        RuleSet(weights=Weights(parcel=100, day=900)),
        RuleSet(fences=Fences(ship_complete=True)),
        RuleSet(
            weights=Weights(parcel=200, capacity=900, last_unit=100, markdown=100, reject=500),
            passes=(Pass("in time", 0, 0), Pass("late", 3)),
        ),
    ],
    ids=["default", "fast", "complete", "everything"],
)
def test_every_order_goes_where_the_pipeline_sends_it(seed: int, rules: RuleSet) -> None:
    # GIVEN orders for more than there is, at places whose days are short
    random = Random(seed)
    stock = {sku: {p.location_id: random.randint(0, 14) for p in PLACES} for sku in SKUS}
    orders = random_orders(seed)
    ledger = production(orders, stock, rules)
    demands = tuple(one for placed in orders for one in demands_of(placed, PRODUCTS))
    # WHEN the simulation and the pipeline are given the same orders at the same times
    given = Situation(world(stock, *PLACES, products=PRODUCTS), demands)
    simulated = routed(given, rules)
    for now, batch in groupby(simulated, key=lambda one: one.at):
        route({one.demand.order_id for one in batch}, ports(ledger, rules, now))
    # THEN every parcel is the same: place, lines, cost, emissions, day of arrival
    assert parcels_of(simulated) == works_of(ledger)
    left = {one.demand.order_id: sum(one.plan.unallocated.values()) for one in simulated}
    for placed in ledger.orders.values():
        waiting = sum(one.units(Bucket.BACKORDERED) for one in placed.lines)
        assert left[placed.order_id] == waiting
    assert any(left.values()) and any(one.again for one in simulated)


def ports(ledger: FakeLedger, rules: RuleSet, now: datetime) -> Routing:
    return Routing(ledger, ledger, FakePlaces(ledger, PLACES), ledger, lambda: now, rules)


def parcels_of(simulated: list[Routed]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in simulated:
        for part in one.plan.assignments:
            fact = (part.location_id, part.lines, part.cash, part.co2e_grams, part.delivers_by)
            found.setdefault(one.demand.order_id, []).append(fact)
    return found


def works_of(ledger: FakeLedger) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for work in sorted(ledger.works.values(), key=lambda one: (one.order_id, len(one.id), one.id)):
        lines = tuple((one.line_id, one.sku, one.quantity) for one in work.lines)
        fact = (work.location_id, lines, work.cost.amount, work.co2e_grams, work.delivers_by)
        found.setdefault(work.order_id, []).append(fact)
    return found


def test_the_same_situation_gives_the_same_plans_in_whatever_order_it_is_told() -> None:
    orders = random_orders(3)
    demands = [one for placed in orders for one in demands_of(placed)]
    stock = {sku: {p.location_id: 9 for p in PLACES} for sku in SKUS}
    first = routed(Situation(world(stock, *PLACES), tuple(demands)))
    second = routed(Situation(world(stock, *reversed(PLACES)), tuple(reversed(demands))))
    assert first == second


def test_a_run_changes_nothing_that_it_was_given() -> None:
    given = situation({"MUG": {"RENO": 2}}, *(demand(f"o{n}") for n in range(4)))
    before = repr(given)
    routed(given)
    assert repr(given) == before
    assert routed(given) == routed(given)


def test_no_port_is_passed_to_a_replay() -> None:
    values = {"Situation", "RuleSet", "Batching | None"}
    asked = inspect.signature(Replay.__init__, eval_str=False).parameters.values()
    assert {str(one.annotation) for one in asked if one.name != "self"} == values
    kinds = {str(one.type) for one in fields(Situation)}
    assert kinds == {"World", "tuple[Demand, ...]"}


# ── time ──


def test_orders_of_a_second_are_one_batch_and_two_hundred_are_full() -> None:
    moments = [0.0, 0.4, 1.0, 1.1, 9.0]
    some = [demand(f"o{n}", after=timedelta(seconds=s)) for n, s in enumerate(moments)]
    found = [(at - NOW, len(batch)) for at, batch in batches(some, Batching())]
    assert found == [(timedelta(seconds=s), n) for s, n in ((1, 3), (2.1, 1), (10, 1))]
    many = [demand(f"o{n:03}") for n in range(450)]
    assert [len(batch) for _, batch in batches(many, Batching())] == [200, 200, 50]


def test_the_urgent_order_of_a_batch_gets_the_last_unit() -> None:
    given = situation({"MUG": {"RENO": 1}}, demand("early"), demand("urgent", priority=9))
    assert senders(routed(given)) == {"early": [], "urgent": ["RENO"]}


def test_a_full_day_begins_anew_at_the_locations_own_midnight() -> None:
    # GIVEN one parcel a day, and orders at 15:00 and 23:00 of one day and 01:00 of the next (local)
    place = location("RENO", RENO, daily_capacity=1)
    times = (0 * HOURS, 8 * HOURS, 18 * HOURS)  # NOW is 07:00 in Reno
    demands = tuple(demand(f"o{n}", after=t) for n, t in enumerate(times))
    decisions = routed(Situation(world({"MUG": {"RENO": 9}}, place), demands))
    # THEN the second waits, and takes the next day's slot before the third
    assert [(one.demand.order_id, len(one.plan.assignments)) for one in decisions] == [
        ("o0", 1),
        ("o1", 0),
        ("o1", 1),
        ("o2", 0),
    ]
    assert [one.again for one in decisions] == [False, False, True, False]


def test_an_order_after_the_cut_off_arrives_a_day_later() -> None:
    given = situation({"MUG": {"RENO": 9}}, demand("noon"), demand("night", after=12 * HOURS))
    first, second = (one.plan.assignments[0].delivers_by for one in routed(given))
    assert second - first == timedelta(days=1)


def test_what_arrives_is_there_from_its_hour_and_wakes_who_waits_for_it() -> None:
    came = Arrival(NOW + HOURS, Sku("MUG"), LocationId("BOSTON"), 1)
    demands = (demand("o1"), demand("o2", "CUP", after=2 * HOURS))
    given = Situation(world({"CUP": {"RENO": 1}}, arrivals=(came,)), demands)
    decisions = routed(given)
    assert senders(decisions) == {"o1": ["BOSTON"], "o2": ["RENO"]}
    assert [one.again for one in decisions] == [False, True, False]


def test_what_leaves_for_another_reason_is_gone() -> None:
    gone = Arrival(NOW, Sku("MUG"), LocationId("RENO"), -1)
    given = Situation(world({"MUG": {"RENO": 1}}, arrivals=(gone,)), (demand("o1"),))
    assert senders(routed(given)) == {"o1": []}


def test_a_closed_location_is_passed_over_until_it_opens() -> None:
    shut = Closure(LocationId("RENO"), day(0), NOW + HOURS)
    demands = (demand("o1"), demand("o2", after=HOURS))
    stock = {"MUG": {"RENO": 5, "BOSTON": 5}}
    given = Situation(world(stock, closures=(shut,)), demands)
    assert senders(routed(given)) == {"o1": ["BOSTON"], "o2": ["RENO"]}


def test_an_opening_wakes_who_waits() -> None:
    shut = Closure(LocationId("RENO"), day(0), NOW + HOURS)
    demands = (demand("o1"), demand("o2", after=HOURS))
    given = Situation(world({"MUG": {"RENO": 5}}, closures=(shut,)), demands)
    assert Counter(one.demand.order_id for one in routed(given)) == {"o1": 2, "o2": 1}


def test_no_run_sends_more_than_there_is_or_than_a_day_takes() -> None:
    random = Random(5)
    stock = {sku: {p.location_id: random.randint(0, 9) for p in PLACES} for sku in SKUS}
    demands = tuple(one for placed in random_orders(5) for one in demands_of(placed))
    replay = Replay(Situation(world(stock, *PLACES), demands), RuleSet())
    sent: Counter[tuple[str, str]] = Counter()
    for one in replay:
        for part in one.plan.assignments:
            for sku, units in part.units().items():
                sent[sku, part.location_id] += units
    assert all(units <= stock[sku][place] for (sku, place), units in sent.items())
    limits = {place.location_id: place.daily_capacity for place in PLACES}
    for (place, _), parcels in replay.live.taken.items():
        assert limits[place] is None or parcels <= limits[place]
