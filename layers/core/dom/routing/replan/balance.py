"""What moves do to stock, slots and effort on balance: each position and place is written once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from dom.model.commit import CapacityChange
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from dom.routing.replan.desk import Desk


def stock_of(
    ended: Iterable[FulfillmentOrder], begun: Iterable[FulfillmentOrder]
) -> tuple[StockChange, ...]:
    """One change for each position on balance; where as much comes as goes, none."""
    units: Counter[tuple[Sku, LocationId]] = Counter()
    references: dict[tuple[Sku, LocationId], list[Mapping[str, object]]] = defaultdict(list)
    for sign, works in ((-1, ended), (1, begun)):
        for work in works:
            for line in work.lines:
                key, quantity = (line.sku, work.location_id), sign * line.quantity
                units[key] += quantity
                references[key].append({"fulfillment_order_id": work.id, "quantity": quantity})
    return tuple(
        StockChange(
            *key,
            Cause.ALLOCATION if net > 0 else Cause.RELEASE,
            reserved=net,
            takes_available=net > 0,
            references=tuple(references[key]),
        )
        for key, net in sorted(units.items())
        if net
    )


def capacity_of(
    ended: Iterable[FulfillmentOrder], begun: Iterable[FulfillmentOrder], desk: Desk
) -> tuple[CapacityChange, ...]:
    """Slots and effort of today on balance, by place. Whoever gets work must be open."""
    ended, begun = list(ended), list(begun)
    taken = Counter(work.location_id for work in begun)
    freed = Counter(work.location_id for work in ended if desk.is_todays(work))
    effort: Counter[LocationId] = Counter()
    for work in begun:
        effort[work.location_id] += work.effort
    for work in ended:
        effort[work.location_id] -= work.effort if desk.is_todays(work) else 0
    changes = []
    for place in sorted(taken | freed):
        state, location = desk.states.get(place), desk.network.locations[desk.network.index[place]]
        net, bounded = taken[place] - freed[place], state and state.daily_capacity is not None
        change = CapacityChange(
            place,
            location.local_date(desk.now),
            net if bounded else taken[place],
            state.daily_capacity if state else None,
            arrives=taken[place] > 0,
            effort=effort[place],
            daily_effort=state.daily_effort if state else None,
        )
        if change.units or change.arrives or change.effort:
            changes.append(change)
    return tuple(changes)
