"""More orders, or fewer, of the kind that come anyway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from math import ceil
from random import Random

from dom.simulation.demand import unused
from dom.simulation.transformation import Transformation
from dom.simulation.world import Situation
from dom.sourcing.problem import Demand


@dataclass(frozen=True, slots=True)
class OrderRate(Transformation):
    """Every order placed in these days comes `factor` times on average, 0 to 100.

    A copy comes up to an hour after its original and is promised the same waiting.
    """

    factor: float
    from_day: float = 0
    until_day: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= 100:
            raise ValueError("factor must be between 0 and 100")

    def apply(self, situation: Situation) -> Situation:
        """The situation with the orders of these days multiplied."""
        starts, ends = situation.days(self.from_day, self.until_day)
        orders = groupby(situation.sorted_demands, key=lambda one: (one.placed_at, one.order_id))
        taken = {demand.order_id for demand in situation.demands}
        demands: list[Demand] = []
        for (placed_at, _), order in orders:
            demands += self._times([*order], taken) if starts <= placed_at < ends else order
        return replace(situation, demands=tuple(demands))

    def most_orders(self, orders: int) -> float:
        """Each of them as often as it can come."""
        return orders * max(1, ceil(self.factor))

    def _times(self, order: list[Demand], taken: set[str]) -> Iterator[Demand]:
        name = order[0].order_id
        random = Random(f"{self.seed}:{name}")  # noqa: S311 (a draw, no secret)
        whole, rest = divmod(self.factor, 1)
        times = int(whole) + (random.random() < rest)
        if times:
            yield from order
        for _ in range(times - 1):
            copy, later = unused(name, taken), timedelta(seconds=random.randrange(3600))
            yield from (_copy(demand, copy, later) for demand in order)


def _copy(demand: Demand, name: str, later: timedelta) -> Demand:
    promised = demand.promised_by
    return replace(
        demand,
        order_id=name,
        placed_at=demand.placed_at + later,
        promised_by=promised + later if promised else None,
    )
