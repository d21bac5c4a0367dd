"""A price per location's capacity that follows its use: no forecast, one update per order.

After each order mu_l = max(0, mu_l - step * cap_l / orders_per_day + step * [l used]): a location
that is used faster than its day allows grows dear, so that its last slots go to the orders that
need them most (stochastic dual descent; docs/benchmarks-routing.md has what it is worth).
"""

from __future__ import annotations

from collections.abc import Mapping

from dom.sourcing.joint.prices import Prices
from dom.sourcing.joint.wish import Plan


def paced(
    used: Mapping[int, int], slots: Mapping[int, int], elapsed: float, step: int
) -> dict[int, int]:
    """Prices of slots from nothing but the day so far: `step` for each slot that a location has
    used ahead of its pace. `elapsed`: the share of the day's orders (or hours) that has passed.

    The sum of `Pacing`'s updates without its floor at zero in between: it needs no memory.
    """
    ahead = ((place, count - slots.get(place, 0) * elapsed) for place, count in used.items())
    return {place: round(step * by) for place, by in ahead if round(step * by) > 0}


class Pacing:
    """Prices of slots, updated order by order. `step`: money by which one use raises the price."""

    def __init__(self, slots: Mapping[int, int], orders_per_day: int, step: int) -> None:
        self.prices = Prices()
        self.step = step
        orders = max(1, orders_per_day)
        # Where a day's slots outnumber its orders, nothing can ever bind.
        self._decay = {
            place: step * count // orders for place, count in slots.items() if count < orders
        }

    def after(self, plan: Plan) -> None:
        """Account for one order."""
        used = {parcel.place: parcel.boxes for parcel in plan.parcels}
        for place in [*self.prices.slots, *(p for p in used if p not in self.prices.slots)]:
            if place in self._decay:
                by = self.step * used.get(place, 0) - self._decay[place]
                self.prices.set_slot(place, self.prices.slots.get(place, 0) + by)

    def start(self, prices: Mapping[int, int]) -> None:
        """Begin a day at these prices instead of where the last one ended."""
        for place in {*self.prices.slots, *prices}:
            self.prices.set_slot(place, prices.get(place, 0))
