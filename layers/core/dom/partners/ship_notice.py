"""856, advance ship notice: goods of a purchase are on their way to a location."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from dom.model.ids import LocationId, Sku
from dom.model.partner import Partner
from dom.partners.commands import ArrivalTold, Command
from dom.partners.items import place_needed, sku_of, units_of
from dom.partners.loops import Loop, first, loops
from dom.x12.segments import Segment

# What the notice is for (BSN01): announcing, calling off.
_ANNOUNCES, _CALLS_OFF = frozenset({"00", "14", "06"}), frozenset({"01"})
# Which day is meant (DTM01): delivery that is expected, promised, or asked for.
_DELIVERY = ("017", "371", "069", "002", "063")


def ship_notice(header: Segment, body: Sequence[Segment], partner: Partner) -> tuple[Command, ...]:
    """One arrival for each purchase that it names. X12Error names what cannot be understood."""
    head, found = loops(body, "HL")
    begin = first(head, "BSN")
    if begin is None:
        raise header.wrong(0, "the set has no BSN")
    if begin.get(1) not in _ANNOUNCES | _CALLS_OFF:
        raise begin.wrong(1, f"{begin.get(1)[:20]}: what was announced is not changed by notice")
    again, called_off = begin.needed(2), begin.get(1) in _CALLS_OFF
    place, day = _place(header, body, partner), _day(body)
    units: dict[str, dict[Sku, int]] = {}
    for number, sku, quantity in _items(found, again, partner):
        of = units.setdefault(number, {})
        of[sku] = of.get(sku, 0) + quantity
    if not units:
        raise begin.wrong(0, "it names no item (no LIN with SN1)")
    return tuple(
        ArrivalTold(number, again, place, of, day, called_off) for number, of in units.items()
    )


def _items(found: Sequence[Loop], again: str, partner: Partner) -> Iterator[tuple[str, Sku, int]]:
    """Purchase, SKU and units of each item; the purchase is that of the order level above it."""
    number = again
    for loop in found:
        order = first(loop, "PRF")
        number = order.needed(1) if order else number
        item, count = first(loop, "LIN"), first(loop, "SN1")
        if item is None and count is None:
            continue
        if item is None or count is None:
            raise loop[0].wrong(0, "an item needs both LIN and SN1")
        sku = sku_of(item, item.pairs(2), partner)
        units = units_of(count, 2, 3, sku, partner)
        if units <= 0:
            raise count.wrong(2, "of nothing no arrival is told")
        yield number, sku, units


def _place(header: Segment, body: Sequence[Segment], partner: Partner) -> LocationId:
    to = first(body, "N1", "ST")
    named = partner.locations.get(to.get(4)) if to and to.get(4) else None
    if to and to.get(4) and partner.locations and named is None:
        told = to.get(4)[:60]
        raise to.wrong(4, f"the partner is not known to have the location {told}")
    return place_needed(to or header, named, partner)


def _day(body: Sequence[Segment]) -> date | None:
    told = {one.get(1): one for one in body if one.id == "DTM"}
    return next((told[name].day(2) for name in _DELIVERY if name in told), None)
