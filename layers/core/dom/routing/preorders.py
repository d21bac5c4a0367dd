"""What of an order waits for the day of its release, and when it is to be looked at then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from dom.model.order import Bucket, Order, OrderLine
from dom.model.preorder import unreleased, wakes_at
from dom.routing.demand import NONE_KNOWN, Products, open_units
from dom.sourcing.network import Network
from dom.sourcing.plan import Plan


@dataclass(frozen=True, slots=True)
class Early:
    """Lines, by id, of which no unit may leave before a day; `wakes_at`: the first such instant."""

    days: Mapping[str, date] = field(default_factory=dict)
    wakes_at: datetime | None = None

    def bucket(self, line: OrderLine) -> Bucket:
        """Where its units wait that no location got."""
        return Bucket.PREORDERED if line.line_id in self.days else Bucket.BACKORDERED

    def moves(self, before: Order, after: Order) -> bool:
        """Whether nothing but another day brings the order back: it must be written."""
        waits = any(line.units(Bucket.PREORDERED) for line in after.lines)
        tried = any(line.units(Bucket.BACKORDERED) for line in after.lines)
        return waits and not tried and before.due_at != after.due_at


NOBODY = Early()


def early_of(
    order: Order,
    plans: Iterable[Plan],
    network: Network,
    now: datetime,
    products: Products = NONE_KNOWN,
) -> Early:
    """Of what is to be routed, the lines whose day has not come.

    What may not leave without the others of its ship group waits with them.
    """
    zones = network.zones
    days = dict[str, date]()
    for line in order.lines:
        product = products.get(line.sku) if line.sku else None
        day = unreleased(product, zones, now) if product else None
        if day and line.ship_group_id and open_units(line):
            days[line.line_id] = day
    if not days:
        return NOBODY
    groups = {plan.ship_group_id for plan in plans if plan.whole}
    for group in groups:
        lines = [one for one in order.lines if one.ship_group_id == group and open_units(one)]
        mine = [days[one.line_id] for one in lines if one.line_id in days]
        days |= {one.line_id: max(mine) for one in lines if mine and one.line_id not in days}
    return Early(days, wakes_at(order.order_id, min(days.values()), zones))
