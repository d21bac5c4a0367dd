"""The cart's reservation that an order names: its units become the order's, none twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from dom.intake.ports import Carts
from dom.model.commit import MAX_WRITES, Commit
from dom.model.demand import uncounted
from dom.model.facts import Facts
from dom.model.reservation import ReservationChange, ReservationStatus, released

ACTOR = "intake"


def taken(facts: Facts, carts: Carts, now: datetime) -> ReservationChange | None:
    """What becomes of the reservation that the order names; None: it names none, or it is over."""
    name = facts.snapshot.reservation_id if facts.snapshot else ""
    found = carts.load(name) if name else None
    if found is None or not found.status_at(now).keeps:
        return None
    after = found.moved(ReservationStatus.CONSUMED, now)
    return ReservationChange(found, replace(after, order_id=facts.order_id))


def with_units_of(
    change: ReservationChange | None, order: Commit | None, now: datetime
) -> Iterator[Commit]:
    """The commit of the order (None: it stands already) that gives the reservation's units back
    (None: there are none).

    In one transaction the order counts as much demand as the hold kept, so that nobody can buy in
    between. A cart too large for that is given back right after its order is counted: for a moment
    its units are kept twice, never by nobody.
    """
    if change is None:
        yield from (order,) if order else ()
        return
    given = Commit(
        f"take-{change.after.id}", now, ACTOR, stock=released([change]), reservations=(change,)
    )
    if order is None:
        yield given
        return
    both = replace(order, stock=given.stock, reservations=given.reservations)
    counters = sum(len(uncounted(one)) for one in order.orders)
    yield from (both,) if both.writes + counters <= MAX_WRITES else (order, given)
