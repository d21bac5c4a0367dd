"""A location with work of one SKU: what nobody picks yet may go elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.location_state import LocationState, state_of
from dom.model.work_machine import BUCKET_OF
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
MUG, RENO = Sku("MUG"), LocationId("RENO")
MOVABLE = {S.ASSIGNED, S.RELEASED, S.ACCEPTED}


@dataclass(frozen=True)
class Page:
    works: list[FulfillmentOrder]
    next: str | None = None


@dataclass
class Shelf:
    """A location with works of mugs, the first one the oldest; pages of one work each."""

    ledger: FakeLedger = field(default_factory=FakeLedger)

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO"))
        self.ledger.stock("MUG", "RENO", 0)

    def add(self, status: S, *units: int, **facts: object) -> str:
        number = len(self.ledger.works)
        order_id, name = OrderId(f"ord_{number}"), FulfillmentOrderId(f"ord_{number}-1")
        lines = tuple(FulfillmentLine(str(n), MUG, one) for n, one in enumerate(units, 1))
        bucket = BUCKET_OF[status]
        bought = [line(x.line_id, "MUG", x.quantity, buckets={bucket: x.quantity}) for x in lines]
        self.ledger.orders[order_id] = order(order_id, *bought)
        made = work(status=status, lines=lines)
        at = NOW + timedelta(minutes=number)
        made = replace(made, id=name, order_id=order_id, created_at=at, **facts)  # type: ignore[arg-type]
        self.ledger.works[name] = made
        self._move(sum(units), sum(units))
        return name

    def lose(self, units: int) -> None:
        self._move(-units, 0)

    def _move(self, on_hand: int, reserved: int) -> None:
        key, was = next(iter(self.ledger.positions.items()))
        self.ledger.positions[key] = replace(
            was, on_hand=was.on_hand + on_hand, reserved=was.reserved + reserved
        )

    @property
    def short(self) -> int:
        (position,) = self.ledger.positions.values()
        return position.short

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, frozen(NOW))

    def find(self, location_id: LocationId, status: S | None, cursor: str | None) -> Page:
        names = sorted(n for n, x in self.ledger.works.items() if x.status is status)
        at = int(cursor or 0)
        following = str(at + 1) if at + 1 < len(names) else None
        return Page([self.ledger.works[n] for n in names[at : at + 1]], following)

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        return {one: state_of(self.ledger.states.get(one), NOW) for one in location_ids}

    def held(self, names: Iterable[str]) -> list[int]:
        works = (self.ledger.works[name] for name in names)
        return [sum(x.quantity for x in w.lines) if w.status in BUCKET_OF else 0 for w in works]
