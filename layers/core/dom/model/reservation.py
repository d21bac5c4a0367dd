"""Cart reservations: soft holds on concrete positions that end by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from dom.errors import IllegalTransition
from dom.model.ids import LocationId, OrderId, Sku, digest
from dom.model.stock import Cause, StockChange

ReservationId = NewType("ReservationId", str)
# What `reservation_id` makes.
RESERVATION = r"res_[a-z2-7]{20}"


class ReservationStatus(StrEnum):
    """States of a reservation. HELD and COMMITTED keep the units reserved, the others do not."""

    HELD = "held"
    COMMITTED = "committed"
    CONSUMED = "consumed"
    EXPIRED = "expired"
    RELEASED = "released"

    @property
    def keeps(self) -> bool:
        """Whether the units are still reserved."""
        return self in {ReservationStatus.HELD, ReservationStatus.COMMITTED}


_S = ReservationStatus
EDGES: Mapping[ReservationStatus, frozenset[ReservationStatus]] = {
    _S.HELD: frozenset({_S.COMMITTED, _S.CONSUMED, _S.EXPIRED, _S.RELEASED}),
    _S.COMMITTED: frozenset({_S.CONSUMED, _S.RELEASED}),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """Units reserved at one position."""

    sku: Sku
    location_id: LocationId
    quantity: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units held for somebody until `expires_at` (while HELD). One hold for each position.

    `request` is the digest of what was asked for, `owner` the token that asked; `order_id` is of
    the order that took it (CONSUMED).
    """

    id: ReservationId
    holds: tuple[Hold, ...]
    status: ReservationStatus
    expires_at: datetime
    created_at: datetime
    ttl_seconds: int
    channel: str = ""
    owner: str = ""
    request: str = ""
    order_id: OrderId | None = None
    version: int = 0

    def status_at(self, now: datetime) -> ReservationStatus:
        """The status that counts: time ends a hold, whether or not anybody has written it down."""
        over = self.status is _S.HELD and self.expires_at <= now
        return _S.EXPIRED if over else self.status

    def moved(self, to: ReservationStatus, now: datetime) -> Reservation:
        """The reservation after that edge; IllegalTransition where there is none."""
        found = self.status if to is _S.EXPIRED else self.status_at(now)
        early = to is _S.EXPIRED and self.expires_at > now
        if early or to not in EDGES.get(found, frozenset()):
            raise IllegalTransition("reservation", self.id, found.value, to.value)
        return replace(self, status=to)

    def extended(self, ttl: timedelta, now: datetime) -> Reservation:
        """Held for that long from now, never shorter than before; IllegalTransition if not HELD."""
        found = self.status_at(now)
        if found is not _S.HELD:
            raise IllegalTransition("reservation", self.id, found.value, "extended")
        return replace(self, expires_at=max(self.expires_at, now + ttl))

    @property
    def listings(self) -> frozenset[tuple[datetime, Sku | None]]:
        """Under what a HELD one is listed by its expiry: its SKUs, and None for the sweep."""
        if self.status is not _S.HELD:
            return frozenset()
        skus: set[Sku | None] = {hold.sku for hold in self.holds}
        return frozenset((self.expires_at, sku) for sku in skus | {None})


@dataclass(frozen=True, slots=True)
class ReservationChange:
    """A reservation made (`before` None) or moved, with its listings, in a commit.

    `before` carries the version it was read with; the ledger stores `after` with version + 1.
    """

    before: Reservation | None
    after: Reservation

    @property
    def version(self) -> int:
        """The version that must be stored; 0: it must not exist."""
        return self.before.version if self.before else 0

    @property
    def delisted(self) -> frozenset[tuple[datetime, Sku | None]]:
        """Listings that end."""
        return (self.before.listings if self.before else frozenset()) - self.after.listings

    @property
    def listed(self) -> frozenset[tuple[datetime, Sku | None]]:
        """Listings that begin."""
        return self.after.listings - (self.before.listings if self.before else frozenset())

    @property
    def writes(self) -> int:
        """Items it takes."""
        return 1 + len(self.delisted) + len(self.listed)


def released(changes: Iterable[ReservationChange]) -> tuple[StockChange, ...]:
    """Their units given back, summed by position."""
    units: dict[tuple[Sku, LocationId], int] = {}
    names: dict[tuple[Sku, LocationId], list[dict[str, object]]] = {}
    for change in changes:
        for hold in change.after.holds:
            key = (hold.sku, hold.location_id)
            units[key] = units.get(key, 0) + hold.quantity
            reference = {"reservation_id": change.after.id, "quantity": hold.quantity}
            names.setdefault(key, []).append(reference)
    return tuple(
        StockChange(*key, Cause.RELEASE, reserved=-quantity, references=tuple(names[key]))
        for key, quantity in sorted(units.items())
    )


def reservation_id(owner: str, key: str) -> ReservationId:
    """The id of what a caller asked for under a key: a repeat finds it without an index."""
    return ReservationId("res_" + digest(owner, key))
