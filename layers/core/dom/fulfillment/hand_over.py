"""At the counter or the kerb: the customer arrives, proves who they are, takes it or does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest

from dom.errors import InvalidInput
from dom.fulfillment import effects
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.units import advance_units
from dom.model.cancelled import cancel_noted
from dom.model.fulfillment import (
    FulfillmentOrder,
    FulfillmentStatus,
    Pickup,
    ended,
    noted,
    units_by_line,
)
from dom.model.order import Bucket, Order
from dom.model.parts import split
from dom.model.work_machine import check_edge

S = FulfillmentStatus
_LIES = Bucket.READY_FOR_PICKUP

# Whoever arrives in the last hour of the last day is still served.
_GRACE = timedelta(days=1)


def arrive(work: FulfillmentOrder, bay: str, vehicle: str, floor: Floor, actor: str) -> Change:
    """The customer is there. The event alerts the store; the vehicle is in the work only."""
    check_edge(work, S.ARRIVED)
    now, pickup = floor.clock(), _pickup(work)
    pickup = replace(pickup, arrived_at=now, bay=bay, vehicle=vehicle)
    due_at = max(pickup.until, now + _GRACE)
    work = replace(work, status=S.ARRIVED, pickup=pickup, due_at=due_at)
    work = noted(work, now, "CustomerArrived", actor, bay=bay)
    return Change("arrived", now, actor, work)


def collect(
    work: FulfillmentOrder,
    order: Order,
    units: Mapping[str, int] | None,
    proof: str,
    floor: Floor,
    actor: str,
) -> Change:
    """The customer takes all of it, or `units` by line id; what they decline is cancelled and back
    in stock. `proof` says how they were known.

    InvalidInput names a line that is not there or has fewer units.
    """
    check_edge(work, S.COLLECTED)
    now, pickup = floor.clock(), _pickup(work)
    taken, declined = split(work, units)
    order = advance_units(order, taken, _LIES, Bucket.COLLECTED)
    order = cancel_noted(order, units_by_line(declined), _LIES, "declined", now, actor)
    stock = effects.shipment(replace(work, lines=taken), declined)
    facts: dict[str, object] = {"proof": proof}
    if pickup.arrived_at:
        facts["waited_seconds"] = int((now - pickup.arrived_at).total_seconds())
    work = replace(ended(work, S.COLLECTED), lines=taken)
    work = noted(work, now, "FulfillmentOrderCollected", actor, **facts)
    return Change("collected", now, actor, work, order, stock)


def proof_of(work: FulfillmentOrder, code: str, identity_checked: bool) -> str:
    """How the customer is known: `code` or `identity`. InvalidInput if in neither way."""
    if code and compare_digest(code.encode(), _pickup(work).code.encode()):
        return "code"
    if identity_checked and not code:
        return "identity"
    why = "it is not the code of this pickup" if code else "or identity_checked: true is needed"
    raise InvalidInput("code", why)


def never_collected(work: FulfillmentOrder, order: Order, floor: Floor) -> Change:
    """The last day is over: the units are cancelled, not routed again, and back in stock."""
    check_edge(work, S.EXPIRED)
    now, actor, found = floor.clock(), "sweeper", work.status.value
    order = cancel_noted(order, units_by_line(work.lines), _LIES, "not_collected", now, actor)
    stock = effects.release(work, work.lines)
    work = noted(work, now, "FulfillmentOrderExpired", actor, found=found)
    return Change("expired", now, actor, ended(work, S.EXPIRED), order, stock)


def _pickup(work: FulfillmentOrder) -> Pickup:
    """Work that lies ready has one; it is made when it becomes ready."""
    if work.pickup is None:
        raise ValueError(f"{work.id} is {work.status} without a pickup")
    return work.pickup
