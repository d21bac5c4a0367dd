"""Give back what expired holds keep: each giving back beside the taking of `dom.promise.hold`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dom.errors import CommitRefused
from dom.model.commit import MAX_WRITES, Commit
from dom.model.ids import digest
from dom.model.reservation import Reservation, ReservationChange, ReservationStatus, released
from dom.promise.ports import Holding

ACTOR = "promise"


def expire(due: Sequence[Reservation], ports: Holding) -> int:
    """Expire these, as many in one transaction as fit; returns how many were.

    One that somebody moved meanwhile is left to its mover. What is refused together is tried one
    by one.
    """
    now = ports.clock()
    return sum(_expire(group, now, ports) for group in _groups(due, now))


def sweep(ports: Holding) -> tuple[int, int]:
    """Expire what is due; returns how many reservations were, and how many of them failed."""
    due = ports.reservations.due(ports.clock())
    done = expire(due, ports)
    return len(due), len(due) - done


def _expire(group: Sequence[Reservation], now: datetime, ports: Holding) -> int:
    try:
        ports.ledger.commit(_commit(group, now))
    except CommitRefused:
        if len(group) == 1:
            return 0
        return sum(_expire([one], now, ports) for one in group)
    return len(group)


def _groups(due: Iterable[Reservation], now: datetime) -> Iterator[list[Reservation]]:
    group: list[Reservation] = []
    for one in due:
        if group and _commit([*group, one], now).writes > MAX_WRITES:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _commit(group: Sequence[Reservation], now: datetime) -> Commit:
    moved = tuple(ReservationChange(r, r.moved(ReservationStatus.EXPIRED, now)) for r in group)
    name = digest(*(f"{one.id}:{one.version}" for one in group))
    return Commit(f"expire-{name}", now, ACTOR, stock=released(moved), reservations=moved)
