"""Parcels of work as they are told: at once, or one after the other, each maybe more than once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dom.fulfillment.told.which import units_meant
from dom.model.fulfillment import FulfillmentOrder, Parcel, parcel_key, units_by_line
from dom.model.told import ParcelTold


def parcels_told(work: FulfillmentOrder, told: Iterable[ParcelTold]) -> tuple[Parcel, ...]:
    """The parcels of a whole shipment. InvalidInput: they hold more than the work has."""
    left = units_by_line(work.lines)
    return tuple(
        Parcel(one.tracking_number, one.carrier, units=units_meant(work, one.units, left))
        for one in told
        if one.tracking_number or one.carrier or one.units
    )


def joined(work: FulfillmentOrder, told: Iterable[ParcelTold]) -> tuple[Parcel, ...]:
    """The work's parcels with those that are told now.

    What is told of a parcel that is known already is the same parcel: of a line it holds the more
    units that anybody told. InvalidInput: together they hold more than the work has.
    """
    known = {parcel.key: parcel for parcel in work.parcels}
    for one in told:
        units = units_meant(work, one.units)
        key = parcel_key(one.tracking_number)
        found = known.get(key, Parcel(one.tracking_number, one.carrier))
        most = {line: max(n, found.units.get(line, 0)) for line, n in units.items()}
        known[key] = replace(
            found, units={**found.units, **most}, carrier=found.carrier or one.carrier
        )
    parcels = tuple(known.values())
    _check_room(work, parcels, told)
    return parcels


def _check_room(
    work: FulfillmentOrder, parcels: tuple[Parcel, ...], told: Iterable[ParcelTold]
) -> None:
    held, boxed = units_by_line(work.lines), boxed_units(parcels)
    over = {line: n for line, n in boxed.items() if n > held.get(line, 0)}
    for one in (unit for parcel in told for unit in parcel.units):
        for line, units in over.items():
            if one.line_id in {"", line}:
                more = units - held.get(line, 0)
                raise one.wrong(f"with other parcels that is {more} more than {work.id} has")


def boxed_units(parcels: Iterable[Parcel]) -> dict[str, int]:
    """Units by line id that parcels say they hold."""
    total: dict[str, int] = {}
    for parcel in parcels:
        for line, units in parcel.units.items():
            total[line] = total.get(line, 0) + units
    return total


def is_boxed(work: FulfillmentOrder, parcels: Iterable[Parcel]) -> bool:
    """Whether parcels hold all that the work has."""
    boxed = boxed_units(parcels)
    return {line: n for line, n in boxed.items() if n} == units_by_line(work.lines)
