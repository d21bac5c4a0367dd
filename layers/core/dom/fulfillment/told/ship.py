"""A warehouse says what left: what of the work stayed behind is refused, the rest is shipped.

Each step is a request under a name made of what said so: a repeat finds it done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dom.errors import IllegalTransition, InvalidInput
from dom.fulfillment.actions import admitted, change_work, perform, remembered
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.deeds import DEEDS, ActionRequest
from dom.fulfillment.give_up import confirm_cancel, refuse_cancel, reject
from dom.fulfillment.ports import Floor
from dom.fulfillment.told.boxes import is_boxed, joined, parcels_told
from dom.fulfillment.told.which import units_meant, work_meant
from dom.model.fulfillment import (
    FulfillmentOrder,
    FulfillmentStatus,
    Parcel,
    parcel_key,
    units_by_line,
)
from dom.model.order import Order
from dom.model.told import ShipmentTold
from dom.model.work_machine import OPEN, UNPACKED, check_edge, way

S = FulfillmentStatus
_OVER = frozenset({S.REJECTED, S.CANCELLED})
Behind = Mapping[str, int]
Step = Callable[[FulfillmentOrder, Order, Behind], Change | None]


@dataclass(frozen=True, slots=True)
class _Teller:
    """What was told, by whom, under which name."""

    told: ShipmentTold
    request_id: str
    actor: str
    floor: Floor

    @property
    def places(self) -> frozenset[str]:
        """Where it may act."""
        return frozenset(self.told.work.locations)

    def step(self, work_id: str, name: str, take: Step) -> FulfillmentOrder:
        """Take a step for what stays behind, once."""
        request = ActionRequest(f"{self.request_id}:{name}")

        def decide(work: FulfillmentOrder, order: Order) -> Change | None:
            over = f"{self.request_id}:ship" in work.requests
            if over or not admitted(work, request, self.places):
                return None
            behind = _behind(work, self.told)
            change = take(work, order, behind) if behind else None
            if change is None:
                return None
            return replace(change, work=remembered(change.work, request.request_id))

        return change_work(work_id, decide, self.floor)

    def stop(self, work: FulfillmentOrder, order: Order, behind: Behind) -> Change | None:
        """The location was asked to stop units: it did, if all of them stayed behind."""
        if work.status is not S.CANCEL_REQUESTED:
            return None
        held = units_by_line(work.lines).items()
        asked = {line: min(order.withdraw.get(line, 0), n) for line, n in held}
        did = all(behind.get(line, 0) >= units for line, units in asked.items())
        answer = confirm_cancel if did else refuse_cancel
        return answer(work, order, self.floor, self.actor)

    def short(self, work: FulfillmentOrder, order: Order, behind: Behind) -> Change | None:
        """What stays behind is refused: it is routed again, elsewhere."""
        if work.status in _OVER:
            return None
        reason, actor = self.told.reason, self.actor
        return reject(work, order, reason, behind, self.floor, actor, torn=True)


def _behind(work: FulfillmentOrder, told: ShipmentTold) -> dict[str, int]:
    gone, held = units_meant(work, told.units), units_by_line(work.lines)
    return {line: n - gone.get(line, 0) for line, n in held.items() if n > gone.get(line, 0)}


def ship_told(told: ShipmentTold, request_id: str, actor: str, floor: Floor) -> FulfillmentOrder:
    """Carry it out; the work as it is then. Under the same `request_id` it is done once.

    NotFound: these locations have no such work. InvalidInput names what said more than can be.
    IllegalTransition names the state found. Busy: not now.
    """
    if not told.units:
        raise InvalidInput("lines", "it names none")
    numbers = {parcel_key(one.tracking_number) for one in told.parcels} if not told.whole else set()
    name = work_meant(told.work, told.units, floor, numbers)
    if not told.whole:
        return change_work(name, lambda work, order: _part(work, order, told, floor, actor), floor)
    teller = _Teller(told, request_id, actor, floor)
    teller.step(name, "stop", teller.stop)
    work = teller.step(name, "short", teller.short)
    if work.status in _OVER and f"{request_id}:ship" not in work.requests:
        _check_nothing_left(work, told)
        return work
    request = ActionRequest(f"{request_id}:ship", parcels=_parcels(work, told))
    return perform("ship", name, request, actor, teller.places, floor)


def _check_nothing_left(work: FulfillmentOrder, told: ShipmentTold) -> None:
    """What is over cannot have left: whoever says so has shipped what was taken back."""
    if any(one.quantity for one in told.units):
        raise IllegalTransition("fulfillment order", work.id, work.status, S.SHIPPED)


def _parcels(work: FulfillmentOrder, told: ShipmentTold) -> tuple[Parcel, ...]:
    """Of a repeat nobody asks what is in them."""
    return parcels_told(work, told.parcels) if work.status in OPEN else ()


def _part(
    work: FulfillmentOrder, order: Order, told: ShipmentTold, floor: Floor, actor: str
) -> Change | None:
    """Some parcels, of which more may follow: it has left once they hold all of it."""
    admitted(work, ActionRequest(), frozenset(told.work.locations))
    parcels = joined(work, told.parcels)
    if parcels == work.parcels:
        return None
    return boxed(work, order, parcels, floor, actor)


def boxed(
    work: FulfillmentOrder, order: Order, parcels: tuple[Parcel, ...], floor: Floor, actor: str
) -> Change:
    """The work with these parcels: shipped if they hold all of it, else packed, and waiting."""
    request = ActionRequest(parcels=parcels)
    if is_boxed(work, parcels):
        return DEEDS["ship"](work, order, request, floor, actor)
    if work.status not in UNPACKED:
        check_edge(work, S.SHIPPED)
        return Change("boxed", floor.clock(), actor, replace(work, parcels=parcels))
    steps = way(work)
    for target in steps[steps.index(work.status) + 1 : steps.index(S.PACKED)]:
        change = advance(work, order, target, floor, actor)
        work, order = change.work, change.order or order
    packed = DEEDS["pack"](work, order, request, floor, actor)
    return replace(packed, order=packed.order or order)
