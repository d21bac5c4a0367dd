"""Items, units and places in X12, as a partner names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dom.errors import InvalidInput
from dom.model import names
from dom.model.ids import LocationId, Sku
from dom.model.partner import CASES, EACH, Partner
from dom.x12.segments import Segment

# Who a warehouse is in N1: the warehouse itself, or where goods are shipped from.
_WAREHOUSE = ("WH", "SF")


def sku_of(segment: Segment, pairs: Iterable[tuple[str, str]], partner: Partner) -> Sku:
    """The SKU of an item by its qualified names: one that the partner's list has, else by the first
    of its qualifiers. X12Error: it has no name that counts.
    """
    found = dict(pairs)
    known = [partner.skus[name] for name in found.values() if name in partner.skus]
    names_told = [found[one] for one in partner.qualifiers if one in found]
    if known:
        return known[0]
    if not names_told:
        told = ", ".join(found) or "none"
        raise segment.wrong(0, f"no name of the item that counts (there are: {told[:60]})")
    try:
        return names.sku(names_told[0])
    except InvalidInput as wrong:
        raise segment.wrong(0, wrong.reason) from None


def units_of(segment: Segment, number: int, measure: int, sku: Sku, partner: Partner) -> int:
    """The quantity of an element in units of ours. X12Error: of another measure, or in cases of a
    SKU whose case pack nobody told.
    """
    told, quantity = segment.first(measure).upper(), segment.whole(number)
    if told in EACH or not quantity:
        return quantity
    if told not in CASES:
        raise segment.wrong(measure, f"{told[:20]} is no unit of measure that we know")
    pack = partner.case_packs.get(sku)
    if pack is None:
        raise segment.wrong(measure, f"nobody told how many units a case of {sku} holds")
    return quantity * pack


def place_of(segments: Sequence[Segment], partner: Partner) -> LocationId | None:
    """The location that these segments name (N1 of a warehouse, or REF*ZZ); None: they name none.

    X12Error: the partner has no such location.
    """
    for segment in segments:
        named = segment.id == "N1" and segment.get(1) in _WAREHOUSE
        if named and (segment.get(4) or segment.get(2)):
            return _place(segment, 4 if segment.get(4) else 2, partner)
        if segment.id == "REF" and segment.get(1) == "ZZ" and segment.get(2):
            return _place(segment, 2, partner)
    return None


def _place(segment: Segment, number: int, partner: Partner) -> LocationId | None:
    told = segment.get(number)
    if told in partner.locations:
        return partner.locations[told]
    if told in partner.places:
        return LocationId(told)
    if partner.locations:
        raise segment.wrong(number, f"the partner is not known to have the location {told[:60]}")
    return None


def place_needed(segment: Segment, named: LocationId | None, partner: Partner) -> LocationId:
    """The location named, or the only one; X12Error at `segment`: it could be several."""
    if named:
        return named
    if len(partner.places) != 1:
        raise segment.wrong(0, "it names no location, and the partner has several")
    (only,) = partner.places
    return only
