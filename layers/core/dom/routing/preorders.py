"""What of an order waits for the day of its release, and when it is to be looked at then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dom.model.order import Bucket, Order, OrderLine
from dom.routing.demand import open_units
from dom.sourcing.network import Network
from dom.sourcing.opening import opening
from dom.sourcing.plan import Plan
from dom.sourcing.supply import Supply


@dataclass(frozen=True, slots=True)
class Early:
    """Lines, by id, of which units may not leave before a day; `wakes_at`: when to look again."""

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
    order: Order, plans: Iterable[Plan], supply: Supply, network: Network, now: datetime
) -> Early:
    """Of what is to be routed, the lines whose day has not come.

    What may not leave without them waits with them. `supply`: what the plans leave.
    """
    days, wakes = dict[str, date](), list[datetime]()
    lines = [line for line in order.lines if line.ship_group_id and open_units(line)]
    for line in lines:
        sku = line.sku
        product = supply.products.get(sku) if sku else None
        found = opening(product, supply.available.get(sku, {}), network, now) if sku else None
        if found:
            days[line.line_id] = found.day
            wakes.append(found.wakes_at(order.order_id))
    if not days:
        return NOBODY
    for some in _inseparable(order, lines, plans, supply):
        mine = [days[one.line_id] for one in some if one.line_id in days]
        days |= {one.line_id: max(mine) for one in some if mine and one.line_id not in days}
    return Early(days, min(wakes))


def _inseparable(
    order: Order, lines: Sequence[OrderLine], plans: Iterable[Plan], supply: Supply
) -> Iterator[list[OrderLine]]:
    """Lines that leave together or not at all: of one kit, as their products say, then as rules
    do.
    """
    kits = [{part.line_id for part in kit.parts} for kit in order.kits]
    yield from ([line for line in lines if line.line_id in parts] for parts in kits)
    in_kits = set[str]().union(*kits)
    together: dict[tuple[str | None, str], list[OrderLine]] = {}
    for line in (one for one in lines if one.line_id not in in_kits):
        product = supply.products.get(line.sku) if line.sku else None
        if product and product.keep_together:
            together.setdefault((line.ship_group_id, product.keep_together), []).append(line)
    yield from together.values()
    for group in {plan.ship_group_id for plan in plans if plan.whole}:
        yield [line for line in lines if line.ship_group_id == group]
