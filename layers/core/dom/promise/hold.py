"""Hold units for a cart: exactly as many holds succeed as there are units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from dom.errors import Busy, CommitRefused, IdempotencyMismatch, NotFound, OutOfStock, Rejected
from dom.model.commit import MAX_WRITES, Commit
from dom.model.ids import LocationId, Sku, digest
from dom.model.reservation import (
    Hold,
    Reservation,
    ReservationChange,
    ReservationId,
    ReservationStatus,
    reservation_id,
)
from dom.model.stock import Cause, StockChange
from dom.promise.placing import place
from dom.promise.ports import Holding
from dom.promise.shelf import Shelf

# A hot position moves all the time; each attempt is one transaction that was refused by the truth.
ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Units to hold, by SKU; `location_id` None: wherever they are. `key`: of the caller, or ""."""

    units: Mapping[Sku, int]
    ttl: timedelta
    owner: str
    channel: str = ""
    location_id: LocationId | None = None
    key: str = ""

    @property
    def digest(self) -> str:
        """The same for the same wish, whatever the order of its lines."""
        lines = (f"{len(sku)}:{sku}={units}" for sku, units in sorted(self.units.items()))
        ttl = str(int(self.ttl.total_seconds()))
        return digest(self.channel, self.location_id or "", ttl, *lines)


def hold(request: HoldRequest, ports: Holding) -> Reservation:
    """Reserve the units until the time is over; all of them or none.

    A repeat with the same key answers what it made. IdempotencyMismatch: the key made something
    else; NotFound: no such location; OutOfStock: not there, expired holds released first; Busy:
    others won twelve times in a row.
    """
    name = reservation_id(request.owner, request.key or ports.new_id())
    known = ports.reservations.load(name) if request.key else None
    return _same(known, request) if known else _hold(name, request, ports)


def _hold(name: ReservationId, request: HoldRequest, ports: Holding) -> Reservation:
    shelf = Shelf(request.units, request.channel, request.location_id, ports)
    if request.location_id and request.location_id not in shelf.known:
        raise NotFound("location", request.location_id)
    for _ in range(ATTEMPTS):
        short = shelf.short(request.units)
        holds = None if short else place(request.units, shelf.kits, shelf.free)
        if holds is None:
            if not shelf.look_closer():
                # Kits that compete for a component may all be there, and not together.
                lacking = tuple((sku, n) for sku, n in request.units.items() if sku in shelf.kits)
                raise OutOfStock(shelf.short(request.units) or lacking)
            continue
        try:
            return _commit(_reservation(name, holds, request, ports), ports)
        except CommitRefused as refused:
            if any(conflict.kind == "reservation" for conflict in refused.conflicts):
                return _same(ports.reservations.load(name), request)
            shelf.learn(refused)
    raise Busy("the stock that is wanted keeps moving")


def _same(known: Reservation | None, request: HoldRequest) -> Reservation:
    if known is None:
        raise Busy("the reservation is being made")
    if known.request != request.digest:
        raise IdempotencyMismatch(f"the idempotency key {request.key} was used for another payload")
    return known


def _reservation(
    name: ReservationId, holds: tuple[Hold, ...], request: HoldRequest, ports: Holding
) -> Reservation:
    now = ports.clock()
    return Reservation(
        name,
        holds,
        ReservationStatus.HELD,
        now + request.ttl,
        now,
        int(request.ttl.total_seconds()),
        request.channel,
        request.owner,
        request.digest,
    )


def _commit(reservation: Reservation, ports: Holding) -> Reservation:
    reference = {"reservation_id": reservation.id}
    stock = tuple(
        StockChange(
            one.sku,
            one.location_id,
            Cause.ALLOCATION,
            reserved=one.quantity,
            takes_available=True,
            references=({**reference, "quantity": one.quantity},),
        )
        for one in reservation.holds
    )
    change = ReservationChange(None, reservation)
    name, at = f"hold-{reservation.id}", reservation.created_at
    commit = Commit(name, at, reservation.owner, stock=stock, reservations=(change,))
    if commit.writes > MAX_WRITES:
        raise Rejected(f"{len(stock)} positions are more than one reservation can hold")
    ports.ledger.commit(commit)
    return replace(reservation, version=1)
