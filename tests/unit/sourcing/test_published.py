"""Results that others publish for their routing, reproduced by ours."""

from __future__ import annotations

from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.overlay import Change, Rule
from dom.model.rules import RuleSet
from dom.model.scope import Where
from dom.sourcing.plan import Plan
from dom.sourcing.solve import solve
from support.sourcing_cases import NOON, demand, line, network, place, stock

# A list of locations in a fixed order: each step down costs more than any parcel does.
RANKED = ("baltimore_wh", "austin_wh", "reno_wh")
STEP = 1_000_000


def ranked(names: tuple[str, ...] = RANKED) -> RuleSet:
    return RuleSet(
        rules=tuple(
            Rule(name, Change(unit=STEP * n), where=Where(locations=frozenset({LocationId(name)})))
            for n, name in enumerate(names)
        )
    )


NET = network(
    place("baltimore_wh", Coordinates(39.29, -76.61)),
    place("austin_wh", Coordinates(30.27, -97.74)),
    place("reno_wh", Coordinates(39.53, -119.81)),
)
STOCK = stock(
    baltimore_wh={"24-WB01": 35, "24-WB03": 19},
    austin_wh={"24-WB01": 10},
    reno_wh={"24-WB01": 25, "24-WB03": 42},
)


def deducted(plan: Plan, sku: str) -> dict[str, int]:
    rows = ((str(a.location_id), a.units().get(Sku(sku), 0)) for a in plan.assignments)
    return {name: units for name, units in rows if units}


LINES = (line("1", "24-WB01", 20), line("2", "24-WB03", 50))


def test_sources_by_priority_as_adobe_commerce_documents_them() -> None:
    """Source selection algorithm, REST tutorial: 20 of 24-WB01 and 50 of 24-WB03, by priority:
    20 from Baltimore; 19 from Baltimore and 31 from Reno."""
    plan = solve(demand(*LINES), STOCK, NET, ranked(), NOON)
    assert plan.outcome == "allocated"
    assert deducted(plan, "24-WB01") == {"baltimore_wh": 20}
    assert deducted(plan, "24-WB03") == {"baltimore_wh": 19, "reno_wh": 31}


def test_another_order_of_the_list_gives_another_plan() -> None:
    plan = solve(demand(*LINES), STOCK, NET, ranked(RANKED[::-1]), NOON)
    assert deducted(plan, "24-WB01") == {"reno_wh": 20}
    assert deducted(plan, "24-WB03") == {"reno_wh": 42, "baltimore_wh": 8}


def test_a_quantity_that_no_source_has_is_taken_down_the_list() -> None:
    """The tutorial's 40 of 24-WB01: all 35 of Baltimore, and 5 of Austin's 10."""
    plan = solve(demand(line("1", "24-WB01", 40)), STOCK, NET, ranked(), NOON)
    assert deducted(plan, "24-WB01") == {"baltimore_wh": 35, "austin_wh": 5}
