"""What can still be moved: assigned work whose time has not come, with its orders."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId
from dom.model.order import Bucket, Method, Order, ShipGroup
from dom.model.replan import Ask, Rest
from dom.routing.replan.held import Held
from dom.routing.replan.ports import Replanning
from dom.sourcing.release import waits

# Locations whose work is planned together: what they hold competes for the same stock.
PART = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and what was not looked at."""

    held: tuple[Held, ...]
    rest: Rest | None


def partitions(ports: Replanning, location_ids: Sequence[LocationId] | None) -> list[list[str]]:
    """These locations (None: wherever work waits) in parts that are planned one after the other."""
    places = waiting_places(ports) if location_ids is None else location_ids
    return [list(places[i : i + PART]) for i in range(0, len(places), PART)]


def waiting_places(ports: Replanning) -> tuple[LocationId, ...]:
    """Locations at which work waits before it is released."""
    network = ports.routing.places.network()
    service, delay = ports.routing.rules.service, ports.routing.release_after
    return tuple(one.location_id for one in network.locations if waits(one, service, delay))


def look(places: Sequence[LocationId], ask: Ask, ports: Replanning, now: datetime) -> Looked:
    """The work of these locations, in their order; no page after the one that reaches the limit."""
    works: list[FulfillmentOrder] = []
    rest, cursor = deque(places), ask.cursor
    states = ports.routing.places.states(places)
    while rest and len(works) < ask.limit:
        page = ports.works.find(rest[0], FulfillmentStatus.ASSIGNED, cursor)
        state = states.get(rest[0])
        closed = state is None or not state.open
        works += [work for work in page.works if is_movable(work, now, ports.notice, closed)]
        cursor = page.next
        if cursor is None:
            rest.popleft()
    return Looked(tuple(_held(works, ports)), Rest(tuple(rest), cursor) if rest else None)


def is_movable(work: FulfillmentOrder, now: datetime, notice: timedelta, closed: bool) -> bool:
    """Whether nobody was told of it, nobody is about to be, and no person wants it there.

    What is merged moves only from a location that is `closed`: nobody prices what the merge is
    worth. Those that stay behind find it gone.
    """
    return (
        work.status is FulfillmentStatus.ASSIGNED
        and work.method is Method.SHIP
        and work.due_at is not None
        and work.due_at > now + notice
        and not work.by_hand
        and not work.settling
        and not work.task_token
        and (closed or not work.together)
    )


def _held(works: Iterable[FulfillmentOrder], ports: Replanning) -> Iterable[Held]:
    """Ship groups in the order of their orders' ids, so that what is read first decides nothing."""
    by_group: dict[tuple[str, str], list[FulfillmentOrder]] = {}
    for work in works:
        by_group.setdefault((work.order_id, work.ship_group_id), []).append(work)
    found = ports.routing.orders.load_many(dict.fromkeys(order_id for order_id, _ in by_group))
    orders = {order.order_id: order for order in found if _may_move(order)}
    for (order_id, group_id), group_works in sorted(by_group.items()):
        order = orders.get(order_id)  # type: ignore[call-overload]
        group = _group(order, group_id) if order else None
        if order and group:
            held = Held(order, group, tuple(sorted(group_works, key=lambda work: work.id)))
            if _stands(held):
                yield held


def _may_move(order: Order) -> bool:
    """Not while it is held, cancelled in part, or being committed in steps."""
    return order.hold_reason is None and not order.withdraw and not order.open_plan


def _group(order: Order, group_id: str) -> ShipGroup | None:
    return next((group for group in order.ship_groups if group.id == group_id), None)


def _stands(held: Held) -> bool:
    """The order read after the work still has its units allocated."""
    allocated = {x.line_id: x.units(Bucket.ALLOCATED) for x in held.order.lines}
    return all(units <= allocated.get(line, 0) for line, units in held.units().items())
