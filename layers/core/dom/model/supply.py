"""What is on its way to a location: from another of ours (a transfer) or bought from a supplier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from dom.errors import IllegalTransition
from dom.model.ids import LocationId, Sku, digest

SupplyId = NewType("SupplyId", str)
# Requests that are remembered; a repeat of an older one is refused by its movements.
REMEMBERED = 400
# Of DynamoDB's 400 KB: what is still told of an order has room.
MOST_BYTES = 350_000
# Lines of one transaction: a position, its movement and a new SKU's document each, and the order.
TOGETHER = 30


class SupplyKind(StrEnum):
    """Where it comes from."""

    TRANSFER = "transfer"
    PURCHASE = "purchase"


class SupplyStatus(StrEnum):
    """How far it is. RECEIVED: some of it came, and more may come."""

    REQUESTED = "requested"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_S = SupplyStatus
OPEN = frozenset({_S.REQUESTED, _S.SHIPPED, _S.RECEIVED})
# What comes after its end came all the same, and is counted; its status stays.
EDGES: Mapping[SupplyStatus, frozenset[SupplyStatus]] = {
    _S.REQUESTED: frozenset({_S.SHIPPED, _S.RECEIVED, _S.CLOSED, _S.CANCELLED}),
    _S.SHIPPED: frozenset({_S.SHIPPED, _S.RECEIVED, _S.CLOSED}),
    _S.RECEIVED: frozenset({_S.RECEIVED, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.CLOSED}),
    _S.CANCELLED: frozenset({_S.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class SupplyLine:
    """Units of a SKU. `damaged` are among the `received`; `shipped` is of transfers."""

    sku: Sku
    ordered: int
    shipped: int = 0
    received: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Units too many (`over`; `unexpected` where none were asked for) or missing (`short`)."""

    sku: Sku
    kind: str
    units: int


@dataclass(frozen=True, slots=True)
class SupplyOrder:
    """A TransferOrder or a PurchaseOrder to `location_id`. `version` guards every write.

    `from_location` is of transfers, `supplier` of purchases. `reference` is the caller's own
    number: with both ends it makes the id. `requests` are the request ids already served.
    """

    id: SupplyId
    kind: SupplyKind
    location_id: LocationId
    reference: str
    lines: tuple[SupplyLine, ...]
    created_at: datetime
    created_by: str
    from_location: LocationId | None = None
    supplier: str = ""
    expected_on: date | None = None
    status: SupplyStatus = SupplyStatus.REQUESTED
    ended_at: datetime | None = None
    requests: tuple[str, ...] = ()
    version: int = 0

    @property
    def places(self) -> frozenset[LocationId]:
        """The locations that see it."""
        origin = {self.from_location} if self.from_location else set()
        return frozenset({self.location_id, *origin})

    @property
    def listed(self) -> bool:
        """Whether its locations are still to do something for it."""
        return self.status in OPEN

    @property
    def due(self) -> Mapping[Sku, int]:
        """Units by SKU that should come: of a transfer those that left, else what was ordered."""
        left = self.kind is SupplyKind.TRANSFER
        return {line.sku: line.shipped if left else line.ordered for line in self.lines}

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Where what came is not what should have come; shorts only once it is over."""
        return tuple(found for line in self.lines if (found := self._discrepancy(line)))

    def _discrepancy(self, line: SupplyLine) -> Discrepancy | None:
        more = line.received - self.due[line.sku]
        if more > 0:
            return Discrepancy(line.sku, "over" if line.ordered else "unexpected", more)
        if more < 0 and not self.listed:
            return Discrepancy(line.sku, "short", -more)
        return None

    def to(self, status: SupplyStatus) -> SupplyOrder:
        """The order in that status; IllegalTransition: no such edge."""
        if status not in EDGES[self.status]:
            raise IllegalTransition(f"{self.kind.value} order", self.id, self.status, status)
        return replace(self, status=status)

    def line(self, sku: Sku) -> SupplyLine:
        """The line of a SKU; an empty one if nobody asked for it."""
        return next((one for one in self.lines if one.sku == sku), SupplyLine(sku, 0))

    def with_lines(self, changed: Iterable[SupplyLine]) -> SupplyOrder:
        """The order with these lines in place of those of their SKUs, new ones at the end."""
        new = {one.sku: one for one in changed}
        kept = tuple(new.pop(one.sku, one) for one in self.lines)
        return replace(self, lines=(*kept, *new.values()))

    @property
    def bytes(self) -> int:
        """About how large the order is, stored."""
        lines = sum(len(line.sku.encode()) + 120 for line in self.lines)
        return lines + sum(len(request.encode()) + 10 for request in self.requests)

    def served(self, request: str) -> SupplyOrder:
        """The order that remembers a request."""
        return replace(self, requests=(*self.requests, request)[-REMEMBERED:])


# What ids of each kind begin with.
PREFIXES: Mapping[SupplyKind, str] = {SupplyKind.TRANSFER: "tr_", SupplyKind.PURCHASE: "po_"}


def supply_id(kind: SupplyKind, origin: str, location_id: str, reference: str) -> SupplyId:
    """A function of both ends and the caller's number: who asks again means the same order."""
    return SupplyId(PREFIXES[kind] + digest(kind.value, origin, location_id, reference))


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a SKU that leave or come; `damaged` of those that come cannot be sold."""

    sku: Sku
    quantity: int
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody says has happened, under a name of their own."""

    id: str
    units: tuple[Units, ...]
    actor: str
    said: str = ""

    def parts(self) -> Iterator[tuple[str, tuple[Units, ...]]]:
        """Each part with a name that says of which request and content it is, and where it is."""
        whole = digest(*(f"{one.sku}|{one.quantity}|{one.damaged}" for one in self.units))
        for start in range(0, len(self.units), TOGETHER):
            part = self.units[start : start + TOGETHER]
            yield f"{self.id}:{self.said or whole}:{digest(part[0].sku)}", part
