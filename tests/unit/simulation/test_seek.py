"""Goal seeking finds what is there to find, and says so when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from dom.model.location import LocationType
from dom.model.rate_card import RateCard
from dom.model.rules import RuleSet, Weights
from dom.simulation.goal import Goal
from dom.simulation.levers import LEVERS
from dom.simulation.outcome import Outcome, measure
from dom.simulation.seek import Oracle, seek
from dom.simulation.sums import Sums
from dom.simulation.world import Situation
from support.builders import BOSTON, RENO, location
from support.situations import demand, world

DAY, STORES = LEVERS[0], LEVERS[-1]


def oracle(days_at: dict[int, float], cash_at: dict[int, int]) -> Oracle:
    """A world in which only the weight of a day counts: days and cash follow from it."""

    def run(variant: str, rules: RuleSet) -> Outcome:
        day = rules.weights.day
        sums = Sums(
            orders=100,
            units=100,
            sent=100,
            shipped=100,
            parcels=100,
            shipping=100 * cash_at[day],
            seconds=round(100 * days_at[day] * 86_400),
        )
        return Outcome(variant, sums, 0.0, (), (), (sums,))

    return run


BASE = RuleSet(weights=Weights(day=200))
STEPS = DAY.steps(BASE)
FALLING = dict(zip(STEPS, (5.0, 4.6, 4.2, 4.0, 3.5, 3.1, 3.0, 3.0), strict=True))
FLAT = dict.fromkeys(STEPS, 1000)
RISING = dict(zip(STEPS, (980, 990, 995, 1000, 1004, 1010, 1100, 1300), strict=True))


def test_a_goal_that_is_free_is_reached_at_the_cheapest_rule_set_that_reaches_it() -> None:
    found = seek(Goal("days", -0.2), BASE, oracle(FALLING, FLAT))
    assert found.reached and found.achieved["days"] <= -0.2
    assert found.changes == {"weights.day": (200, 800)}
    assert found.best.rules == RuleSet(weights=Weights(day=800))


def test_a_goal_that_costs_more_than_allowed_is_not_called_reached() -> None:
    found = seek(Goal("days", -0.2), BASE, oracle(FALLING, RISING))
    # the nearest: days as wanted for half a percent too much
    assert not found.reached
    assert found.changes == {"weights.day": (200, 800)}
    assert found.achieved["days"] == pytest.approx(-0.225)
    assert found.achieved["cash"] == pytest.approx(0.01)


def test_with_leave_to_spend_the_goal_is_reached() -> None:
    goal = Goal("days", -0.2, {"cash": 0.02})
    found = seek(goal, BASE, oracle(FALLING, RISING))
    assert found.reached and found.changes == {"weights.day": (200, 800)}


def test_the_frontier_is_what_no_other_trial_beats() -> None:
    found = seek(Goal("days", -0.2), BASE, oracle(FALLING, RISING))
    points = [(one.figures["cash"], one.figures["days"]) for one in found.frontier]
    every = [(one.figures["cash"], one.figures["days"]) for one in found.trials]
    assert points == sorted(points)
    for cash, days in points:
        assert not any(c <= cash and d <= days and (c, d) != (cash, days) for c, d in every)
    assert (980, 5.0) in points and (1100, 3.0) in points and (1300, 3.0) not in points


def test_the_search_is_bounded_and_the_same_every_time() -> None:
    first = seek(Goal("days", -0.9), BASE, oracle(FALLING, RISING), runs=9)
    second = seek(Goal("days", -0.9), BASE, oracle(FALLING, RISING), runs=9)
    assert len(first.trials) == 9 and first == second and not first.reached


def test_two_levers_are_turned_together_where_one_is_not_enough() -> None:
    # GIVEN days that fall only with both the worth of a day and a smaller worth of fewest parcels
    def run(variant: str, rules: RuleSet) -> Outcome:
        gain = min(rules.weights.day, 800) / 800 + (rules.weights.parcel <= 600)
        sums = Sums(
            orders=10,
            units=10,
            sent=10,
            shipped=10,
            shipping=10_000,
            seconds=round((60 - 10 * gain) * 86_400),
        )
        return Outcome(variant, sums, 0.0, (), (), (sums,))

    found = seek(Goal("days", -0.25), RuleSet(weights=Weights(parcel=1_000_000)), run)
    assert found.reached and set(found.changes) == {"weights.day", "weights.parcel"}


def test_on_real_plans_the_known_optimum_is_found() -> None:
    # GIVEN a near place with dear labor, and a far one that takes four days more: with a day worth
    # nothing all goes to the far one
    near = location("RENO", RENO, type=LocationType.SUPPLIER)
    far = location("BOSTON", BOSTON)
    card = RateCard(edges_km=(1000,), breaks_grams=(30_000,), prices=((500, 500),))
    service = replace(RuleSet().service, transit_days=(1, 5))
    demands = tuple(demand(f"o{n}", after=n * timedelta(hours=1)) for n in range(12))
    given = Situation(world({"MUG": {"RENO": 50, "BOSTON": 50}}, near, far), demands)
    blind = RuleSet(weights=Weights(day=0, co2e_tonne=0), rate_card=card, service=service)
    goal = Goal("days", -0.5, {"cash": 0.5})
    found = seek(goal, blind, lambda name, rules: measure(name, given, rules))
    # THEN the least worth of a day on the ladder that outweighs the labor is enough: 170 / 4 < 50
    assert found.reached and found.changes == {"weights.day": (0, 50)}
    assert {one.location_id for one in found.best.outcome.locations} == {"RENO"}


def test_a_store_surcharge_is_one_rule_that_can_be_taken_back() -> None:
    dear = STORES.put(RuleSet(), 200)
    assert STORES.get(dear) == 200 and len(dear.rules) == 1
    assert STORES.put(STORES.put(dear, 400), 0) == RuleSet()


@pytest.mark.parametrize("goal", [Goal("speed", -0.2), Goal("days", -0.2, {"price": 0.0})])
def test_a_goal_of_something_that_is_not_measured_is_refused(goal: Goal) -> None:
    with pytest.raises(ValueError, match="a goal is one of"):
        seek(goal, BASE, oracle(FALLING, FLAT))
