"""Parcels of a shipment: what of them each of its members has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dom.errors import InvalidInput
from dom.model.box import Box
from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.ids import FulfillmentOrderId
from dom.model.parts import split


def parcels_of(
    boxes: Sequence[Box], works: Sequence[FulfillmentOrder]
) -> dict[FulfillmentOrderId, tuple[Parcel, ...]]:
    """By work, the parcels that it travels in. What several share has one name with all of them.

    InvalidInput names a parcel with what is not in the shipment, or work that is in none of them.
    """
    known = {work.id for work in works}
    for number, box in enumerate(boxes):
        for name in box.contents:
            if name not in known:
                raise InvalidInput(f"parcels.{number}.lines", f"{name} is not shipped with them")
    found = {work.id: tuple(_parcels(work, boxes, works)) for work in works}
    if boxes and (lost := next((name for name, its in found.items() if not its), None)):
        raise InvalidInput("parcels", f"nothing of {lost} is in any of them")
    return found


def _parcels(
    work: FulfillmentOrder, boxes: Sequence[Box], works: Sequence[FulfillmentOrder]
) -> Iterator[Parcel]:
    for number, box in enumerate(boxes):
        if not box.holds_of(work):
            continue
        units = box.contents.get(work.id, {})
        try:
            split(work, units or None)
        except InvalidInput as wrong:
            raise InvalidInput(f"parcels.{number}.{wrong.field}", wrong.reason) from wrong
        several = sum(map(box.holds_of, works)) > 1
        name = f"{work.together.id}-p{number + 1}" if several and work.together else None
        yield replace(box.parcel, units=units, shared=name)
