"""A person gives open work to another location: what they decided, written like any decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from dom.errors import Busy, CommitRefused, IllegalTransition, InvalidInput, NotFound, Outdated
from dom.model.commit import MAX_WRITES, CapacityChange, Commit
from dom.model.fulfillment import (
    REASSIGNED,
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    ended,
    noted,
    units_by_line,
)
from dom.model.ids import LocationId
from dom.model.order import Bucket, Method, Order
from dom.model.parts import freed, split_whole
from dom.model.promised import watched
from dom.model.work_machine import BUCKET_OF, UNPACKED
from dom.routing.ports import Routing
from dom.routing.replan.balance import stock_of
from dom.routing.replan.elsewhere import elsewhere

ATTEMPTS = 6
_CHOSEN = frozenset({Method.PICKUP, Method.CURBSIDE})


class Works(Protocol):
    """Consistent reads of FulfillmentOrders."""

    def fulfillment_order(self, fulfillment_order_id: str) -> FulfillmentOrder | None:
        """The FulfillmentOrder, or None."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of an order's, oldest first."""


@dataclass(frozen=True, slots=True)
class Reassignment:
    """Which work (`units` by line id; None: all of it) goes where; who says so, and why. Of a kit
    all goes.

    `version`: only if that is its. `force`: although the location is closed, or its day is full.
    A repeated `request_id` changes nothing.
    """

    fulfillment_order_id: str
    location_id: LocationId
    actor: str
    reason: str
    units: Mapping[str, int] | None = None
    version: int | None = None
    force: bool = False
    request_id: str = ""


def reassign(wanted: Reassignment, works: Works, ports: Routing) -> FulfillmentOrder:
    """The new work. What rules say of the location binds no person; what is there does.

    NotFound; Outdated; IllegalTransition: it is packed, over or merged with other work, or the
    location takes no work; OutOfStock; InvalidInput: a line, or a location that cannot be. Busy
    after too many conflicts.
    """
    for _ in range(ATTEMPTS):
        work, order = _read(wanted, works, ports)
        done = _done(wanted, order, works)
        if done:
            return done
        _check(wanted, work, order)
        held = BUCKET_OF[work.status]
        if any(order.line(x.line_id).units(held) < x.quantity for x in work.lines):
            continue  # read apart: one of them has changed meanwhile
        commit = _commit(wanted, work, order, ports)
        try:
            ports.ledger.commit(commit)
        except CommitRefused:
            continue
        return replace(commit.fulfillment_orders[1], version=1)
    raise Busy(f"fulfillment order {wanted.fulfillment_order_id} keeps changing")


def _read(wanted: Reassignment, works: Works, ports: Routing) -> tuple[FulfillmentOrder, Order]:
    work = works.fulfillment_order(wanted.fulfillment_order_id)
    order = ports.orders.load(work.order_id) if work else None
    if work is None or order is None:
        raise NotFound("fulfillment order", wanted.fulfillment_order_id)
    return work, order


def _done(wanted: Reassignment, order: Order, works: Works) -> FulfillmentOrder | None:
    """The work that the same request began."""
    found = works.fulfillment_orders(order.order_id) if wanted.request_id else []
    return next((x for x in found if x.by_hand and wanted.request_id in x.requests), None)


def _check(wanted: Reassignment, work: FulfillmentOrder, order: Order) -> None:
    if wanted.version not in (None, work.version):
        raise Outdated("fulfillment order", work.id, wanted.version or 0, work.version)
    if work.status not in UNPACKED:
        raise IllegalTransition("fulfillment order", work.id, work.status, REASSIGNED)
    if work.together:
        raise IllegalTransition("fulfillment order", work.id, "merged with others", REASSIGNED)
    if work.settling or order.open_plan or order.withdraw or order.recall:
        raise Busy(f"{work.id} is being changed")
    if work.method in _CHOSEN:
        raise InvalidInput("location_id", "the customer chose where to collect it")
    if work.location_id == wanted.location_id:
        raise InvalidInput("location_id", "it has this work already")


def _commit(wanted: Reassignment, work: FulfillmentOrder, order: Order, ports: Routing) -> Commit:
    now, (moved, kept) = ports.clock(), split_whole(work, wanted.units, order)
    decision, new, state = elsewhere(wanted, work, order, moved, ports)
    new = replace(new, requests=(wanted.request_id,) if wanted.request_id else ())
    old = _without(work, moved, kept, new, wanted, ports)
    before = BUCKET_OF[work.status]
    lines = [order.line(x.line_id).moved(before, Bucket.ALLOCATED, x.quantity) for x in moved]
    order = replace(
        order.with_lines(lines),
        fulfillment_orders=order.fulfillment_orders + 1,
        decisions=order.decisions + 1,
    )
    order = watched(order, [new], now)
    taken = CapacityChange(
        new.location_id,
        new.capacity_day,  # type: ignore[arg-type]
        1,
        state.daily_capacity,
        effort=new.effort,
        daily_effort=state.daily_effort,
        forced=wanted.force,
    )
    commit = Commit(
        f"{work.id}:reassign:{work.version}",
        now,
        wanted.actor,
        orders=(order,),
        fulfillment_orders=(old, new),
        stock=stock_of([replace(work, lines=moved)], [new]),
        capacity=(taken, *freed(work, old, over=not kept)),
        decisions=(decision,),
    )
    if commit.writes > MAX_WRITES:
        raise InvalidInput("lines", "too many for one transaction: name some of them")
    return commit


def _without(
    work: FulfillmentOrder,
    moved: tuple[FulfillmentLine, ...],
    kept: tuple[FulfillmentLine, ...],
    new: FulfillmentOrder,
    wanted: Reassignment,
    ports: Routing,
) -> FulfillmentOrder:
    """The work as it stays, or at its end."""
    facts: dict[str, object] = {
        "units": units_by_line(moved),
        "reason": REASSIGNED,
        "replaced_by": [new.id],
    }
    work = noted(work, ports.clock(), "FulfillmentOrderCancelled", wanted.actor, **facts)
    if kept:
        return replace(work, lines=kept)
    return replace(ended(work, FulfillmentStatus.CANCELLED), cancel_reason=REASSIGNED)
