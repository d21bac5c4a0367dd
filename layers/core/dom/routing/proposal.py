"""A plan turned into what would be written: work for locations, the decision, the order after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dom.model.choice import asked_again
from dom.model.commit import CapacityChange
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import (
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    noted,
)
from dom.model.history import append
from dom.model.ids import FulfillmentOrderId, LocationId, Sku, fulfillment_order_id
from dom.model.location import Location
from dom.model.location_state import LocationState
from dom.model.money import Money
from dom.model.order import UNASSIGNED, Bucket, Order, OrderLine, ShipGroup
from dom.model.preorder import preordered
from dom.model.promised import NOTICE_OF_HOURS, watched
from dom.model.rules import Service
from dom.routing.demand import open_units
from dom.routing.evidence import Kept
from dom.routing.patience import given_up, waiting_since
from dom.routing.pieces import by_line, line_of
from dom.routing.ports import Routing
from dom.routing.preorders import NOBODY, Early
from dom.sourcing.network import Network
from dom.sourcing.plan import Assignment, Plan
from dom.sourcing.promise import DaysOff, cutoff_for, leaves_by
from dom.sourcing.record import Recorded, facts
from dom.sourcing.release import release_at
from dom.sourcing.waiting import Wait, recipient_of, wait, wait_of

ACTOR = "routing"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One order's part of a commit: the order `before` (as read) and after, both of that version.

    `assignments` are what it took from the shared supply.
    """

    before: Order
    order: Order
    works: tuple[FulfillmentOrder, ...] = ()
    decisions: tuple[RoutingDecision, ...] = ()
    assignments: tuple[Assignment, ...] = ()

    def positions(self) -> dict[tuple[Sku, LocationId], int]:
        """Units it takes from each position: two lines of one SKU are one."""
        total: dict[tuple[Sku, LocationId], int] = {}
        for work in self.works:
            for line in work.lines:
                key = (line.sku, work.location_id)
                total[key] = total.get(key, 0) + line.quantity
        return total


def propose(
    order: Order,
    plans: Sequence[Recorded],
    network: Network,
    now: datetime,
    ports: Routing,
    kept: Kept,
    early: Early = NOBODY,
) -> Proposal | None:
    """What the plans make of the order; None if they change nothing but the time to look again.

    `early`: what of it waits for the day of its release.
    """
    works: list[FulfillmentOrder] = []
    decisions: list[RoutingDecision] = []
    for number, one in enumerate(plans, order.decisions + 1):
        decision = decision_of(order, one, number, ports.rules.version, now, kept)
        made = works_of(order, one.plan, len(works), decision, network, ports, early)
        decisions.append(_naming(decision, made))
        works += made
    after = after_routing(order, works, now, ports.look_again_after, early)
    after = asked_again(after, now, ports.choose_within, ACTOR)
    after = given_up(after, now, ports.give_up_after)
    after = replace(after, due_at=after.due_at or early.wakes_at)
    same = (after.lines, after.hold_reason) == (order.lines, order.hold_reason)
    if not works and same and not early.moves(order, after):
        return None
    after = replace(after, decisions=order.decisions + len(decisions))
    taken = tuple(part for one in plans for part in one.plan.assignments)
    return Proposal(order, after, tuple(works), tuple(decisions), taken)


def after_routing(
    order: Order,
    works: Sequence[FulfillmentOrder],
    now: datetime,
    look_again: timedelta,
    early: Early = NOBODY,
) -> Order:
    """The order with the works' units allocated, the rest backordered, or preordered where its day
    has not come, and the history of it all.
    """
    ids = [work.id for work in works]
    units: Counter[str] = Counter()
    for work in works:
        units.update({line.line_id: line.quantity for line in work.lines})
    lines = tuple(_allocate(line, units[line.line_id], early.bucket(line)) for line in order.lines)
    short, ahead = (_waiting(lines, one) for one in (Bucket.BACKORDERED, Bucket.PREORDERED))
    history = order.history
    if ids:
        history = append(history, now, "OrderAllocated", ACTOR, fulfillment_orders=ids)
    if short and lines != order.lines:
        history = append(history, now, "OrderBackordered", ACTOR, units=short)
    if ahead and ahead != preordered(order):
        days = {name: early.days[name].isoformat() for name in ahead if name in early.days}
        history = append(history, now, "OrderPreordered", ACTOR, units=ahead, releases_on=days)
    after = replace(
        order,
        lines=lines,
        history=history,
        fulfillment_orders=order.fulfillment_orders + len(ids),
        due_at=now + look_again if short else early.wakes_at,
    )
    after = replace(after, waits_since=waiting_since(order, after, now))
    return watched(after, works, now)


def capacity_of(
    works: Iterable[FulfillmentOrder], states: dict[str, LocationState]
) -> tuple[CapacityChange, ...]:
    """One slot for each work, and its effort, summed by location and its local day."""
    slots: dict[LocationId, int] = {}
    effort: Counter[LocationId] = Counter()
    days = {}
    for work in works:
        slots[work.location_id] = slots.get(work.location_id, 0) + 1
        effort[work.location_id] += work.effort
        days[work.location_id] = work.capacity_day
    return tuple(
        CapacityChange(
            place,
            days[place],  # type: ignore[arg-type]
            n,
            states[place].daily_capacity,
            effort=effort[place],
            daily_effort=states[place].daily_effort,
        )
        for place, n in slots.items()
    )


def _waiting(lines: Iterable[OrderLine], bucket: Bucket) -> dict[str, int]:
    return {line.line_id: line.units(bucket) for line in lines if line.units(bucket)}


def _allocate(line: OrderLine, units: int, rest: Bucket) -> OrderLine:
    """Units that found a place become allocated, pending ones first; the others wait together."""
    if not line.ship_group_id or not open_units(line):
        return line
    for bucket in UNASSIGNED:
        taken = min(units, line.units(bucket))
        line = line.moved(bucket, Bucket.ALLOCATED, taken)
        line = line.moved(bucket, rest, line.units(bucket))
        units -= taken
    return line


def decision_of(
    order: Order, made: Recorded, number: int, rules: str, now: datetime, kept: Kept
) -> RoutingDecision:
    """The decision as it is stored, but for the ids of the work that follows from it."""
    group = made.plan.ship_group_id
    return RoutingDecision(
        id=f"{order.order_id}-{group}-{number}",
        order_id=order.order_id,
        ship_group_id=group,
        at=now,
        rule_version=rules,
        order_version=order.version,
        evidence=kept.of(order.order_id, group),
        milliseconds=round(made.milliseconds, 3),
        **facts(made),  # type: ignore[arg-type]
    )


def _naming(decision: RoutingDecision, works: Sequence[FulfillmentOrder]) -> RoutingDecision:
    """The decision with the id of the work that each of its parcels became."""
    pairs = zip(works, decision.chosen, strict=True)
    named = tuple({"fulfillment_order_id": work.id, **parcel} for work, parcel in pairs)
    return replace(decision, chosen=named)


def works_of(
    order: Order,
    plan: Plan,
    before: int,
    decision: RoutingDecision,
    network: Network,
    ports: Routing,
    early: Early = NOBODY,
) -> list[FulfillmentOrder]:
    """One FulfillmentOrder for each assignment, numbered after those that the order already has.

    None waits for the rest of its order that is `early`: that is not missing, only later.
    """
    group = next(one for one in order.ship_groups if one.id == plan.ship_group_id)
    first = order.fulfillment_orders + before + 1
    ids = (fulfillment_order_id(order.order_id, first + n) for n in range(len(plan.assignments)))
    short = any(line_of(name, order) not in early.days for name in plan.unallocated)
    return [
        _work(order, group, one, name, decision, network, ports, short)
        for one, name in zip(plan.assignments, ids, strict=True)
    ]


def _work(
    order: Order,
    group: ShipGroup,
    one: Assignment,
    name: FulfillmentOrderId,
    decision: RoutingDecision,
    network: Network,
    ports: Routing,
    short: bool,
) -> FulfillmentOrder:
    location = network.locations[network.index[one.location_id]]
    now, service, promised = decision.at, ports.rules.service, group.promised_by
    late = promised is not None and promised < one.delivers_by
    late = late or order.priority > 0  # what was expedited waits for no wave, and no merge
    recipient = recipient_of(order, group, location, ports.rules.merging)
    waited = Wait(now, one.delivers_by)
    if recipient and not late and not decision.replaces:  # what is moved now has waited already
        most = wait_of(ports.rules.merging, short=short)
        waited = wait(location, service, now, one.delivers_by, promised, most)
    begins, delay = waited.until, ports.release_after
    due_at = release_at(location, group.method, service, begins, delay=delay, late=late)
    # An exchange is reserved at once and leaves when something comes back.
    due_at = max(due_at, order.ship_after or due_at)
    work = FulfillmentOrder(
        name,
        order.order_id,
        group.id,
        one.location_id,
        group.method,
        FulfillmentStatus.ASSIGNED,
        lines_of(one, order),
        Money(one.cash, order.currency),
        one.co2e_grams,
        one.distance_km,
        waited.delivers_by,
        _ships_by(waited, location, group, service),
        one.why,
        decision.id,
        created_at=now,
        due_at=due_at,
        capacity_day=location.local_date(now),
        effort_rate=one.effort_rate,
        priority=order.priority,
        to_location=one.to_location,
        boxes=one.boxes,
        recipient=recipient,
    )
    return noted(work, now, "FulfillmentOrderAssigned", decision.actor or ACTOR, why=work.why)


def lines_of(one: Assignment, order: Order) -> tuple[FulfillmentLine, ...]:
    """The units of an assignment: portions of one line that leave together are one line."""
    skus = {line_of(name, order): sku for name, sku, _ in one.lines}
    units = by_line({name: n for name, _, n in one.lines}, order)
    return tuple(
        FulfillmentLine(line_id, skus[line_id], n, one.extra.get(skus[line_id], 0))
        for line_id, n in units.items()
    )


def _ships_by(waited: Wait, location: Location, group: ShipGroup, service: Service) -> datetime:
    """The end of the day on which it must leave, or an hour before the customer comes for it."""
    cutoff = cutoff_for(service, location.type)
    off = DaysOff(location.closed_weekdays, location.closed_dates)
    ends = leaves_by(waited.until, location.timezone, cutoff, group.method, service, off)
    return min(ends, waited.delivers_by - NOTICE_OF_HOURS)
