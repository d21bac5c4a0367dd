"""Demands through the solver as production brings them there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dom.model.rules import RuleSet
from dom.simulation.batches import Batching, batches
from dom.simulation.carriers import in_force, under
from dom.simulation.live import LiveSupply
from dom.simulation.world import CarrierChange, Situation
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand
from dom.sourcing.solve import solve_batch

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Routed:
    """What was decided for a demand. `again`: it had units left over when it was routed before."""

    at: datetime
    demand: Demand
    plan: Plan
    again: bool


class Replay:
    """One run of a situation under a rule set; go through it once. `live` is where it stands."""

    def __init__(
        self, situation: Situation, rules: RuleSet, batching: Batching | None = None
    ) -> None:
        self.live = LiveSupply(situation.world)
        self._situation = situation
        self._batching = batching or Batching()
        self._rules = rules
        self._variants: dict[tuple[CarrierChange, ...], RuleSet] = {(): rules}
        self._waiting: dict[_Key, Demand] = {}

    def __iter__(self) -> Iterator[Routed]:
        """Every decision, batch after batch.

        What is left over is routed again with the first batch after some of its stock has come, a
        location has opened, or a day has begun somewhere: nothing else could change the answer.
        """
        for now, demands in batches(self._situation.sorted_demands, self._batching):
            again = self._woken(now)
            yield from self._route(now, [*again, *demands], len(again))

    def _woken(self, now: datetime) -> list[Demand]:
        came, opened = self.live.advance(now)
        keys = [
            key
            for key, demand in self._waiting.items()
            if opened or any(line.sku in came for line in demand.lines)
        ]
        return [self._waiting.pop(key) for key in keys]

    def _route(self, now: datetime, demands: Sequence[Demand], again: int) -> Iterator[Routed]:
        live = self.live
        plans = solve_batch(demands, live.supply, live.network, self._rules_at(now), now)
        live.count(plans)
        for number, (demand, plan) in enumerate(zip(demands, plans, strict=True)):
            if plan.unallocated:
                self._waiting[demand.order_id, demand.ship_group_id] = _rest(demand, plan)
            yield Routed(now, demand, plan, number < again)

    def _rules_at(self, now: datetime) -> RuleSet:
        changes = in_force(self._situation.world.carriers, now)
        if changes not in self._variants:
            self._variants[changes] = under(self._rules, changes)
        return self._variants[changes]


def _rest(demand: Demand, plan: Plan) -> Demand:
    """The demand for what is left over, worth what that is worth."""
    left = plan.unallocated
    lines = tuple(
        replace(line, quantity=left[line.line_id]) for line in demand.lines if line.line_id in left
    )
    gone = sum(
        line.value_minor * (line.quantity - left.get(line.line_id, 0)) for line in demand.lines
    )
    return replace(demand, lines=lines, value_minor=max(0, demand.value_minor - gone))
