"""What somebody wants to know: which orders, what if, and under which rule sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dom.errors import InvalidInput
from dom.model.location import Location
from dom.model.rules import RuleSet
from dom.simulation.compare import Comparison, Interval, compare, interval
from dom.simulation.generate import generate
from dom.simulation.measures import MEASURES
from dom.simulation.outcome import Outcome, measure
from dom.simulation.scenario import Scenario
from dom.simulation.world import Situation

# A variant of so many orders ends within the 15 minutes that a function may take.
MOST_ORDERS = 100_000
MOST_VARIANTS = 10
# What changes make of the orders is counted when it is made; before, it is only kept within reason.
MOST_IN_REACH = 10 * MOST_ORDERS


@dataclass(frozen=True, slots=True)
class Window:
    """Orders placed from `since` up to, but not including, `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule set by the name that results carry."""

    name: str
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Simulation:
    """Without a window the scenario's orders are generated. The first variant is the base."""

    variants: tuple[Variant, ...]
    window: Window | None = None
    scenario: Scenario | None = None


class History(Protocol):
    """What was: read only."""

    def locations(self) -> list[Location]:
        """The network as it is now."""

    def situation(self, window: Window, most: int) -> Situation:
        """The orders of a window and the world they came to; InvalidInput beyond `most` orders."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A variant and how sure its measures are."""

    outcome: Outcome
    intervals: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Report:
    """Every variant, and how each differs from the first."""

    variants: tuple[Figures, ...]
    comparisons: tuple[Comparison, ...]


def prepare(simulation: Simulation, history: History) -> Situation:
    """The situation that all variants meet. InvalidInput if it is too large."""
    if simulation.window:
        situation = history.situation(simulation.window, MOST_ORDERS)
    else:
        situation = generate(history.locations(), (simulation.scenario or Scenario("")).orders)
    if simulation.scenario:
        check_reach(simulation.scenario, _orders(situation))
        situation = simulation.scenario.apply(situation)
    if _orders(situation) > MOST_ORDERS:
        raise _too_many(_orders(situation), MOST_ORDERS)
    return situation


def check_reach(scenario: Scenario, orders: int) -> None:
    """InvalidInput if the scenario could make far too many of so many orders."""
    if scenario.most_orders(orders) > MOST_IN_REACH:
        raise _too_many(int(scenario.most_orders(orders)), MOST_IN_REACH)


def _orders(situation: Situation) -> int:
    return len({demand.order_id for demand in situation.demands})


def _too_many(orders: int, allowed: int) -> InvalidInput:
    return InvalidInput("scenario", f"{orders} orders are more than the {allowed} allowed")


def run(variant: Variant, situation: Situation) -> Outcome:
    """One variant."""
    return measure(variant.name, situation, variant.rules)


def report(outcomes: tuple[Outcome, ...], seed: int = 0) -> Report:
    """What the runs of one situation come to."""
    figures = tuple(
        Figures(one, {name: interval(one, name, seed) for name in MEASURES}) for one in outcomes
    )
    return Report(figures, tuple(compare(outcomes[0], one, seed) for one in outcomes[1:]))
