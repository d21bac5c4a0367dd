"""Many want few SKUs in a few hours, each on their own channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from dom.model.ids import Sku
from dom.simulation.demand import as_asked, best_sellers, unused
from dom.simulation.transformation import Transformation
from dom.simulation.world import Situation
from dom.sourcing.problem import Demand, DemandLine


@dataclass(frozen=True, slots=True)
class FlashSale(Transformation):
    """`channels` says how many orders of one unit come on which channel within the `hours`.

    They want `skus`, or else the `best_sellers` so many most wanted, and live where the other
    customers live.
    """

    channels: Mapping[str, int]
    skus: tuple[str, ...] = ()
    best_sellers: int = 1
    day: float = 0
    hours: float = 2
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.channels.values(), default=0) < 0 or self.best_sellers < 0:
            raise ValueError("numbers of orders and best_sellers cannot be negative")
        if not 0.1 <= self.hours <= 240:
            raise ValueError("hours are 0.1 to 240")

    def apply(self, situation: Situation) -> Situation:
        """The situation with the sale's orders among the others."""
        skus = [Sku(sku) for sku in self.skus] or best_sellers(situation)[: self.best_sellers]
        lines = [as_asked(situation, sku) for sku in skus]
        homes = [demand for demand in situation.sorted_demands if demand.fixed_location is None]
        if not lines or not homes:
            return situation
        starts, _ = situation.days(self.day, None)
        sold = tuple(self._sold(lines, homes, starts))
        taken = {demand.order_id for demand in situation.demands}
        named = (replace(one, order_id=unused(f"flash-{one.channel}", taken)) for one in sold)
        return replace(situation, demands=(*situation.demands, *named))

    def most_orders(self, orders: int) -> float:
        """The sale's beside the others."""
        return orders + sum(self.channels.values())

    def _sold(
        self, lines: Sequence[DemandLine], homes: Sequence[Demand], starts: datetime
    ) -> Iterator[Demand]:
        random = Random(self.seed)  # noqa: S311 (a draw, no secret)
        for channel, count in sorted(self.channels.items()):
            for _ in range(count):
                line, home = random.choice(lines), random.choice(homes)
                after = timedelta(seconds=random.randrange(int(self.hours * 3600)))
                yield replace(
                    home,
                    ship_group_id="1",
                    lines=(line,),
                    channel=channel,
                    placed_at=starts + after,
                    value_minor=line.value_minor,
                    promised_by=None,
                )
