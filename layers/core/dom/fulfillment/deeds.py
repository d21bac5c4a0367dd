"""What each floor action does to a FulfillmentOrder and its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dom.errors import IllegalTransition, InvalidInput
from dom.fulfillment.accept import accept
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.give_up import confirm_cancel, refuse_cancel, reject, take_back
from dom.fulfillment.hand_over import arrive, collect, proof_of
from dom.fulfillment.ports import Floor
from dom.fulfillment.together import regrouped
from dom.fulfillment.undelivered import Settlement, settle
from dom.model.fulfillment import (
    FulfillmentOrder,
    FulfillmentStatus,
    Parcel,
    RejectReason,
    units_by_line,
)
from dom.model.order import Order
from dom.model.parts import split, split_whole
from dom.model.work_machine import OPEN, UNPACKED, check_edge

S = FulfillmentStatus


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """Body of a floor action. A repeated `request_id` changes nothing and answers the same.

    `lines`: units by line id, for a partial reject, a short pick, or a customer who takes a part.
    `expected_version`: refuse if somebody else was there first. `code` or `identity_checked`: how
    a customer who collects is known. `bay`, `vehicle`: where one who arrived is found. `restock`:
    what did not reach the customer is back in stock. `eta`: the day or the time at which accepted
    work is to leave.
    """

    request_id: str = ""
    lines: Mapping[str, int] | None = None
    parcels: tuple[Parcel, ...] = ()
    reason: RejectReason | None = None
    expected_version: int | None = None
    code: str = ""
    identity_checked: bool = False
    bay: str = ""
    vehicle: str = ""
    restock: bool = False
    eta: date | datetime | None = None


Deed = Callable[[FulfillmentOrder, Order, ActionRequest, Floor, str], Change]


def _step(target: FulfillmentStatus) -> Deed:
    def deed(
        work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
    ) -> Change:
        _check_whole(work, request)
        return advance(work, order, target, floor, actor)

    return deed


def _accept(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    _check_whole(work, request)
    return accept(work, order, request.eta, floor, actor)


def _pick(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    """All of it, or what was found: the rest is rejected in the same transaction."""
    check_edge(work, S.PICKING)
    _, missing = split(work, request.lines)
    if not missing:
        return advance(work, order, S.PICKING, floor, actor)
    reason = request.reason or RejectReason.MISMATCH
    short = reject(work, order, reason, units_by_line(missing), floor, actor)
    if short.work.status is S.REJECTED:
        return short  # what was found goes nowhere without the rest of its kit
    found = advance(short.work, short.order or order, S.PICKING, floor, actor)
    return replace(found, name="short_picked", stock=short.stock)


def _reject(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    reason = request.reason or RejectReason.NO_VARIANCE
    return reject(work, order, reason, request.lines, floor, actor)


def _arrive(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    return arrive(work, request.bay, request.vehicle, floor, actor)


def _collect(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    check_edge(work, S.COLLECTED)
    proof = proof_of(work, request.code, request.identity_checked)
    return collect(work, order, request.lines, proof, floor, actor)


def _cancel(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    """The customer does not want it, or a part (of a kit all): cancelled unless it is packed or has
    left.
    """
    if work.status is S.CANCEL_REQUESTED:
        return confirm_cancel(work, order, floor, actor)
    if work.status not in OPEN:
        # What was shipped and failed is settled: its goods are in nobody's stock.
        raise IllegalTransition("fulfillment order", work.id, work.status, S.CANCELLED)
    check_edge(work, S.CANCELLED)
    taken, _ = split_whole(work, request.lines, order)
    return take_back(work, order, units_by_line(taken), floor, actor)


def _settle(again: bool) -> Deed:
    def deed(
        work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
    ) -> Change:
        how = Settlement(again, request.lines, request.restock)
        return settle(work, order, how, floor, actor)

    return deed


def _boxed(target: FulfillmentStatus) -> Deed:
    """A step at which parcels are told; those told later replace those told before."""

    def deed(
        work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
    ) -> Change:
        _check_whole(work, request)
        _check_parcels(work, request)
        return advance(_alone(work), order, target, floor, actor, request.parcels)

    return deed


def _alone(work: FulfillmentOrder) -> FulfillmentOrder:
    """Whoever boxes one member of a shipment takes it out, unless it is in a box with others."""
    if work.together and work.status not in UNPACKED:
        raise InvalidInput("together", f"it is packed with {', '.join(work.companions)}")
    return replace(work, together=None)


def _split_off(
    work: FulfillmentOrder, order: Order, request: ActionRequest, floor: Floor, actor: str
) -> Change:
    """It leaves by itself, and is not merged again."""
    if not work.together or work.status not in UNPACKED:
        raise IllegalTransition("fulfillment order", work.id, work.status, "split")
    now = floor.clock()
    work = replace(regrouped(work, (), now, actor), recipient=None)
    return Change("split", now, actor, work)


def _check_parcels(work: FulfillmentOrder, request: ActionRequest) -> None:
    for number, parcel in enumerate(request.parcels):
        try:
            split(work, parcel.units or None)
        except InvalidInput as wrong:
            raise InvalidInput(f"parcels.{number}.{wrong.field}", wrong.reason) from wrong


def _check_whole(work: FulfillmentOrder, request: ActionRequest) -> None:
    """Naming units is no way to do a part of what can only be done as a whole."""
    _, rest = split(work, request.lines)
    if rest:
        raise InvalidInput("lines", "only pick, collect and reject take a part of the units")


DEEDS: Mapping[str, Deed] = {
    "accept": _accept,
    "pick": _pick,
    "pack": _boxed(S.PACKED),
    "ship": _boxed(S.SHIPPED),
    "deliver": _step(S.DELIVERED),
    "ready": _step(S.READY_FOR_PICKUP),
    "arrive": _arrive,
    "collect": _collect,
    "reject": _reject,
    "reship": _settle(again=True),
    "write-off": _settle(again=False),
    "cancel": _cancel,
    "split": _split_off,
    "confirm-cancel": lambda work, order, _, floor, actor: confirm_cancel(
        work, order, floor, actor
    ),
    "refuse-cancel": lambda work, order, _, floor, actor: refuse_cancel(work, order, floor, actor),
}
