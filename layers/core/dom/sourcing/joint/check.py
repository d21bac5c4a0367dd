"""What is wrong with a plan, by the rules alone: knows nothing of how it was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dom.model.ids import Sku
from dom.sourcing.joint.case import Case
from dom.sourcing.scene import Contents


def faults(case: Case, contents: Contents) -> list[str]:
    """Reasons for which the case must not change to that plan; none: it may.

    A limit of splits does not hold against a plan that has as many parcels as the present one.
    """
    return list(dict.fromkeys(_faults(case, contents)))


def _faults(case: Case, contents: Contents) -> Iterator[str]:
    yield from _units(case, contents)
    yield from _fences(case, contents)
    yield from _stock(case, contents)
    yield from _effort(case, contents)
    yield from _splits(case, contents)
    yield from _together(case, contents)


def _units(case: Case, contents: Contents) -> Iterator[str]:
    for number, line in enumerate(case.scene.lines):
        if sum(parcel.get(number, 0) for parcel in contents.values()) != line.quantity:
            yield "not all units"


def _fences(case: Case, contents: Contents) -> Iterator[str]:
    """Where a line was before it may stay, whatever the rules say by now."""
    for place, number in _sent(contents):
        stays = not case.homeless and case.present.get(place, {}).get(number)
        if stays:
            continue
        if not case.scene.allowed_for[number] >> place & 1:
            yield "fence"


def _stock(case: Case, contents: Contents) -> Iterator[str]:
    scene = case.scene
    for place, parcel in contents.items():
        units: Counter[Sku] = Counter()
        for number, quantity in parcel.items():
            units[scene.lines[number].sku] += quantity
        location = scene.network.locations[place].location_id
        if any(scene.supply.units(sku, location) < n for sku, n in units.items()):
            yield "stock"


def _effort(case: Case, contents: Contents) -> Iterator[str]:
    """By the rates and products themselves, of what was left with what the case holds now."""
    scene = case.scene
    products, left = scene.supply.products, scene.supply.effort_left
    for place, parcel in contents.items():
        location = scene.network.locations[place]
        if location.location_id not in left or parcel == case.present.get(place):
            continue
        skus = {n: scene.lines[n].sku for n in parcel}
        extra = {n: products[sku].effort if sku in products else 0 for n, sku in skus.items()}
        rate = location.effort_rate(scene.demand.method)
        if rate.of((units, extra[n]) for n, units in parcel.items()) > left[location.location_id]:
            yield "effort"


def _splits(case: Case, contents: Contents) -> Iterator[str]:
    fences, before = case.scene.rules.fences, len(case.present)
    if fences.max_splits is not None and len(contents) > max(before, fences.max_splits + 1):
        yield "splits"
    if len(contents) > 1 and fences.split_value:
        lines = case.scene.lines
        for parcel in contents.values():
            value = sum(lines[n].value_minor * units for n, units in parcel.items())
            if value < fences.split_value:
                yield "split value"


def _together(case: Case, contents: Contents) -> Iterator[str]:
    places: dict[str, set[int]] = {}
    for place, number in _sent(contents):
        name = case.scene.lines[number].keep_together
        places.setdefault(name, set()).add(place)
    if any(name and len(found) > 1 for name, found in places.items()):
        yield "keep together"


def _sent(contents: Contents) -> Iterator[tuple[int, int]]:
    return (
        (place, n) for place, parcel in contents.items() for n, units in parcel.items() if units
    )
