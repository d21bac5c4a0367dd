"""945, warehouse shipping advice: what of a 940 left, in which parcels; the rest is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dom.model.depositor import work_number
from dom.model.partner import Partner
from dom.model.told import ParcelTold, ShipmentTold, UnitsTold, WorkNamed
from dom.partners.commands import Command
from dom.partners.items import place_of, sku_of, units_of
from dom.partners.loops import Loop, first, loops
from dom.x12.segments import Segment

# What follows is on back order, or in another shipment: this one alone does not say what is short.
_REST_FOLLOWS = frozenset({"BP", "SS", "IN", "NN"})
# Of references (N9): a tracking number, a carrier's.
_TRACKING = ("2I", "CN")


def ship_advice(header: Segment, body: Sequence[Segment], partner: Partner) -> tuple[Command, ...]:
    """What the set says. X12Error names what cannot be understood: then none of it counts.

    Lots of one SKU stand in loops of their own, and add up.
    """
    head, found = loops(body, "LX")
    begin = first(head, "W06")
    if begin is None:
        raise header.wrong(0, "the set has no W06")
    place = place_of(head, partner)
    named = WorkNamed(work_number(begin.needed(2)), frozenset({place}) if place else partner.places)
    if not found:
        # Some leave LX out, too.
        head, found = loops(body, "W12")
    lines = [_line(segment, partner) for loop in found for segment in _items(loop)]
    if not lines:
        raise begin.wrong(0, "it says nothing of what was shipped (no W12)")
    carrier = _carrier(body)
    boxes = [*_whole_parcels(head, carrier), *_own_parcels(found, carrier, partner)]
    parcels = tuple(boxes) or ((ParcelTold(carrier=carrier),) if carrier else ())
    return (ShipmentTold(named, tuple(lines), parcels, True, partner.short_reason),)


def _items(loop: Loop) -> Iterator[Segment]:
    return (segment for segment in loop if segment.id == "W12")


def _line(segment: Segment, partner: Partner) -> UnitsTold:
    sku = sku_of(segment, [*_names(segment)], partner)
    if segment.get(1) in _REST_FOLLOWS:
        raise segment.wrong(1, f"{segment.get(1)}: the rest follows, and nobody says when")
    # Nothing was shipped where nothing is said, if it is said that something is missing.
    empty = not segment.get(3) and segment.get(4)
    units = 0 if empty else units_of(segment, 3, 5, sku, partner)
    if units < 0:
        raise segment.wrong(3, "fewer than no units cannot leave")
    return UnitsTold(units, sku=sku, where=f"W12 (segment {segment.position})")


def _names(segment: Segment) -> Iterator[tuple[str, str]]:
    """The item's names: a case code, then three pairs of qualifier and name."""
    for qualifier, name in ((7, 8), (17, 18), (21, 22)):
        if segment.get(qualifier) and segment.get(name):
            yield segment.get(qualifier), segment.get(name)
    if segment.get(6):
        yield "UA", segment.get(6)


def _carrier(body: Sequence[Segment]) -> str:
    way = first(body, "W27")
    return way.get(2) or way.get(3) if way else ""


def _whole_parcels(head: Loop, carrier: str) -> Iterator[ParcelTold]:
    """Numbers of the whole shipment: what is in which nobody says."""
    return (ParcelTold(number, carrier) for number in _numbers(head))


def _own_parcels(found: list[Loop], carrier: str, partner: Partner) -> Iterator[ParcelTold]:
    """Numbers of loops: of one alone it is known what it holds."""
    held: dict[str, tuple[UnitsTold, ...]] = {}
    for loop in found:
        numbers = _numbers(loop)
        lines = tuple(_line(segment, partner) for segment in _items(loop))
        for number in numbers:
            more = lines if len(numbers) == 1 else ()
            held[number] = (*held.get(number, ()), *(one for one in more if one.quantity))
    return (ParcelTold(number, carrier, units) for number, units in held.items())


def _numbers(segments: Loop) -> list[str]:
    told: list[str] = []
    for segment in segments:
        if segment.id == "N9" and segment.get(1) in _TRACKING:
            told.append(segment.get(2))
        if segment.id == "MAN":
            told += [name for kind, name in _marks(segment) if kind == "CP"]
    return list(dict.fromkeys(one for one in told if one))


def _marks(segment: Segment) -> Iterator[tuple[str, str]]:
    """Marks on packages: kind and text, then another kind and text behind a range's end."""
    yield segment.get(1), segment.get(2)
    yield segment.get(4), segment.get(5)
