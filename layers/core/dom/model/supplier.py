"""Suppliers that ship to our customers: how they are asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Transport(StrEnum):
    """How a supplier gets its purchase orders."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    FILE = "file"
    X12 = "x12"


@dataclass(frozen=True, slots=True)
class Supplier:
    """The supplier behind the location of that `id`, which ships what routing gives it.

    `address`: the URL of a webhook, a mail address, or the partner (`dom.model.partner`) that gets
    X12; a file needs none, for it lies under the location's name. By X12 a location of any type may
    be told. It has `accept_seconds` from the release to acknowledge, and then `ship_seconds` to
    ship, unless it names an ETA; None: as long as every location has.
    """

    id: str
    transport: Transport
    address: str = ""
    accept_seconds: int | None = None
    ship_seconds: int | None = None
    version: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """Of work that a supplier ships: what it was asked at `asked_at`, on which terms.

    The terms are those of its release, whatever is said of the supplier later. `ship_by` is until
    when it is to leave, once that is acknowledged. `told`: the number of the last entry of the
    work's history that the supplier was told of.
    """

    asked_at: datetime
    accept_seconds: int
    ship_seconds: int
    ship_by: datetime | None = None
    told: int = 0

    @property
    def accept_within(self) -> timedelta:
        """From the release."""
        return timedelta(seconds=self.accept_seconds)

    @property
    def ship_within(self) -> timedelta:
        """From the acknowledgement."""
        return timedelta(seconds=self.ship_seconds)


def terms_of(
    supplier: Supplier, asked_at: datetime, accept_within: timedelta, ship_within: timedelta
) -> SupplierTerms:
    """Its terms from now on; the service levels are of locations that say nothing else."""

    def seconds(own: int | None, usual: timedelta) -> int:
        return int(usual.total_seconds()) if own is None else own

    accept = seconds(supplier.accept_seconds, accept_within)
    return SupplierTerms(asked_at, accept, seconds(supplier.ship_seconds, ship_within))
