"""A packed parcel gets its carrier's label."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dom.errors import IllegalTransition, InvalidInput, NotFound, Rejected
from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor, Labels
from dom.fulfillment.shipment import shipment_of
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, noted
from dom.model.order import Order
from dom.model.work_machine import way

S = FulfillmentStatus


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """For which parcel, counted from 1, of how many grams (0: as the packer said)."""

    number: int = 1
    grams: int = 0


def label_parcel(
    fulfillment_order_id: str,
    request: LabelRequest,
    actor: str,
    allowed_locations: frozenset[str] | None,
    floor: Floor,
    labels: Labels,
) -> FulfillmentOrder:
    """Buy the label of one parcel of packed work, once; the work with the parcel's number, which
    other work in the parcel gets as well.

    `allowed_locations` None: any. NotFound also for another location's work; IllegalTransition: it
    is not packed, or not sent; InvalidInput: no such parcel, or nobody knows its weight; Rejected:
    the carrier refuses it; Busy: not now, ask again.
    """

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if allowed_locations is not None and work.location_id not in allowed_locations:
            raise NotFound("fulfillment order", fulfillment_order_id)
        parcel = _parcel(work, request)
        if parcel.label:
            return None
        if work.status is not S.PACKED or S.SHIPPED not in way(work):
            raise IllegalTransition("fulfillment order", work.id, work.status, "labelled")
        grams = request.grams or parcel.weight_grams
        if not grams:
            raise InvalidInput("weight_grams", "nobody has weighed the parcel")
        others = _sharing(work, parcel, floor)
        made = labels.label(work, order, request.number, grams)
        change = _labelled(work, made, parcel, request.number, actor, floor)
        return replace(change, others=tuple(_with_label(one, made, parcel) for one in others))

    return change_work(fulfillment_order_id, decide, floor)


def _sharing(work: FulfillmentOrder, parcel: Parcel, floor: Floor) -> tuple[FulfillmentOrder, ...]:
    """Other work in the parcel. Rejected: some of it goes elsewhere by now."""
    if parcel.shared is None:
        return ()
    found = shipment_of(work.id, floor)
    inside = [x for x in found.others if any(p.shared == parcel.shared for p in x.parcels)]
    if strange := next((one for one in inside if not found.keeps(one)), None):
        raise Rejected(f"{strange.id}, which is in it, goes to another address by now")
    return tuple(inside)


def _with_label(work: FulfillmentOrder, made: Parcel, packed: Parcel) -> FulfillmentOrder:
    """It has the one label as well, which is paid for once."""
    parcels = tuple(
        replace(made, units=p.units, shared=p.shared, label_cost=None)
        if p.shared == packed.shared
        else p
        for p in work.parcels
    )
    return replace(work, parcels=parcels)


def _parcel(work: FulfillmentOrder, request: LabelRequest) -> Parcel:
    """The parcel as it is known; one that nobody told of yet is the next."""
    known = len(work.parcels)
    if not 1 <= request.number <= known + 1:
        raise InvalidInput("parcel", f"the parcels before it come first: {known} are known")
    return work.parcels[request.number - 1] if request.number <= known else Parcel()


def _labelled(
    work: FulfillmentOrder, made: Parcel, packed: Parcel, number: int, actor: str, floor: Floor
) -> Change:
    made, cost = replace(made, units=packed.units, shared=packed.shared), made.label_cost
    parcels = (*work.parcels[: number - 1], made, *work.parcels[number:])
    told = {"cost": cost.amount, "currency": cost.currency} if cost else {}
    facts = {"parcel": number, "carrier": made.carrier, "tracking_number": made.tracking_number}
    now = floor.clock()
    work = noted(work, now, "ParcelLabelled", actor, **facts, **told)
    return Change(f"labelled_{number}", now, actor, replace(work, parcels=parcels))
