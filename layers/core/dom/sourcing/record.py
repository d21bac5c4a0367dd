"""A demand decided and put on record: the plan, who else was looked at, and who came second.

Everything here but the time it took is a function of the inputs alone: see `dom.sourcing.replay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import NamedTuple

from dom.model.clock import to_text
from dom.model.ids import LocationId
from dom.model.rules import RuleSet
from dom.sourcing import rivals
from dom.sourcing.assignment import offer
from dom.sourcing.candidates import Candidate, stocked
from dom.sourcing.plan import Assignment, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.scene import Offers, Scene
from dom.sourcing.solve import Weighed, solve_batch, weigh

Facts = dict[str, object]
# What is shown of each list; the decision says how many more there were.
MOST_CANDIDATES = 20
MOST_RIVALS = 10


class Recorded(NamedTuple):
    """A plan with what the decision says beside it, as plain data."""

    plan: Plan
    candidates: tuple[Facts, ...]
    runner_up: Facts | None
    cut: Mapping[str, int]
    milliseconds: float


def record_batch(
    demands: Sequence[Demand], supply: Supply, network: Network, rules: RuleSet, now: datetime
) -> list[Recorded]:
    """`solve_batch`, with each plan's record."""
    found: dict[tuple[str, str], Recorded] = {}

    def each(demand: Demand, left: Supply, book: PriceBook) -> Plan:
        made = found[demand.order_id, demand.ship_group_id] = record(demand, left, book)
        return made.plan

    plans = solve_batch(demands, supply, network, rules, now, each)
    return [found[plan.order_id, plan.ship_group_id] for plan in plans]


def record(demand: Demand, supply: Supply, book: PriceBook) -> Recorded:
    """Decide one demand; takes nothing from `supply`."""
    started = perf_counter()
    offers: Offers = {}
    made = weigh(demand, supply, book, offers=offers)
    return beside(made, demand, supply, book, started, offers)


def beside(
    made: Weighed,
    demand: Demand,
    supply: Supply,
    book: PriceBook,
    started: float,
    offers: Offers | None = None,
) -> Recorded:
    """The record of a plan that is made; `started`: when making it began, by `perf_counter`."""
    plan, scene, looked_at = made
    shown = plan.candidates[:MOST_CANDIDATES]
    second = rivals.runner_up(demand, plan, supply, book, offers)
    return Recorded(
        plan,
        tuple(map(partial(_candidate, scene), shown, looked_at)),
        _runner_up(plan, *second) if second else None,
        _cut(scene, shown, len(second[1].assignments) if second else 0),
        (perf_counter() - started) * 1000,
    )


def facts(made: Recorded) -> Facts:
    """What a decision says of it, by the names of its fields; the time it took is not a fact."""
    plan = made.plan
    return {
        "outcome": plan.outcome,
        "why": plan.why,
        "pass_name": plan.pass_name,
        "candidates": made.candidates,
        "chosen": tuple(_parcel(one) for one in plan.assignments),
        "unallocated": dict(plan.unallocated),
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "runner_up": made.runner_up,
        "cut": made.cut,
    }


def _candidate(scene: Scene, shown: Mapping[str, object], one: Candidate) -> Facts:
    """A candidate as the plan has it, with the price of what it would send alone."""
    if one.reason:
        return {name: value for name, value in shown.items() if name != "cost"}
    return {**shown, **_price(offer(scene, one.place, one.sent))}


def _parcel(one: Assignment) -> Facts:
    units = sum(quantity for _, _, quantity in one.lines)
    return {
        "location_id": one.location_id,
        "units": units,
        "distance_km": one.distance_km,
        **_price(one),
    }


def _price(one: Assignment) -> Facts:
    return {
        "cost": one.cost,
        "terms": {name: money for name, money in one.terms.items() if money},
        "co2e_grams": one.co2e_grams,
        "delivers_by": to_text(one.delivers_by),
    }


def _runner_up(plan: Plan, without: LocationId, rival: Plan) -> Facts:
    return {
        "without": without,
        "chosen": tuple(_parcel(one) for one in rival.assignments[:MOST_RIVALS]),
        "parcels": len(rival.assignments),
        "unallocated": sum(rival.unallocated.values()),
        "cost": rival.cost,
        "extra": rival.cost - plan.cost,
        "terms": rivals.difference(plan, rival),
    }


def _cut(scene: Scene, shown: Iterable[Mapping[str, object]], parcels: int) -> dict[str, int]:
    """How many candidates with stock, and parcels of the runner-up, are not shown."""
    seen = scene.network.bits(LocationId(str(one["location_id"])) for one in shown)
    hidden = {
        "candidates": (stocked(scene) & ~seen).bit_count(),
        "runner_up": parcels - MOST_RIVALS,
    }
    return {name: count for name, count in hidden.items() if count > 0}
