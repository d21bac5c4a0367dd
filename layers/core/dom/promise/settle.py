"""Extend, commit and release a reservation: each edge at most once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from dom.errors import Busy, CommitRefused, NotFound
from dom.model.commit import Commit
from dom.model.reservation import (
    Reservation,
    ReservationChange,
    ReservationId,
    ReservationStatus,
    released,
)
from dom.promise.ports import Holding

ATTEMPTS = 8
Step = Callable[[Reservation, datetime], Reservation]
Sees = Callable[[Reservation], bool]


def extend(ttl: timedelta | None) -> Step:
    """Hold it for that long from now (None: for as long as it was made for)."""
    return lambda found, now: found.extended(ttl or timedelta(seconds=found.ttl_seconds), now)


def commit(found: Reservation, now: datetime) -> Reservation:
    """Keep the units without an end: only a release gives them back."""
    return found.moved(ReservationStatus.COMMITTED, now)


def release(found: Reservation, now: datetime) -> Reservation:
    """Give the units back."""
    return found.moved(ReservationStatus.RELEASED, now)


def step_named(action: str, seconds: int | None) -> Step:
    """The step of that name; NotFound if there is none. `seconds` are for extending."""
    steps = {
        "extend": extend(None if seconds is None else timedelta(seconds=seconds)),
        "commit": commit,
        "release": release,
    }
    if action not in steps:
        raise NotFound("action", action[:80])
    return steps[action]


def settle(name: ReservationId, step: Step, actor: str, sees: Sees, ports: Holding) -> Reservation:
    """Take the step and return the reservation after it.

    NotFound: there is none that the caller may see; IllegalTransition: the state it is in has no
    such edge, such as the one it came by; Busy: others moved it eight times in a row.
    """
    for _ in range(ATTEMPTS):
        found = ports.reservations.load(name)
        if found is None or not sees(found):
            raise NotFound("reservation", name)
        now = ports.clock()
        change = ReservationChange(found, step(found, now))
        try:
            ports.ledger.commit(_fact(change, now, actor))
        except CommitRefused:
            continue
        return replace(change.after, version=found.version + 1)
    raise Busy(f"reservation {name} keeps moving")


def _fact(change: ReservationChange, now: datetime, actor: str) -> Commit:
    after = change.after
    gives_back = not after.status.keeps
    name = f"reservation-{after.id}-{change.version + 1}"
    stock = released([change]) if gives_back else ()
    return Commit(name, now, actor, stock=stock, reservations=(change,))
