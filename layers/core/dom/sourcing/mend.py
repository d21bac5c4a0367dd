"""A draft made to keep what local search does not look at: goods that travel together, and goods
that are worth too little to be sent, or left over, on their own."""

from __future__ import annotations

from collections import Counter

from dom.sourcing.draft import Draft
from dom.sourcing.task import Limits


def mend(draft: Draft, limits: Limits) -> None:
    """Gather what must be one parcel, else leave it over; then drop what is worth too little."""
    for numbers in _bundles(draft):
        _gather(draft, numbers, limits)
    if limits.value:
        _drop_small(draft, limits.value)


def _bundles(draft: Draft) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for number, line in enumerate(draft.scene.lines):
        if line.keep_together:
            found.setdefault(line.keep_together, []).append(number)
    return list(found.values())


def _gather(draft: Draft, numbers: list[int], limits: Limits) -> None:
    """All of them to one of the locations in use, or to nowhere."""
    homes = [place for place in sorted(draft.contents) if _whole_at(draft, place, numbers)]
    if homes:
        return
    for number in numbers:
        _withdraw(draft, number)
    for place in sorted(draft.contents):
        if _fits(draft, place, numbers):
            for number in numbers:
                draft.put(number, place, draft.missing[number])
            return
    if limits.parcels is None or len(draft.contents) < limits.parcels:
        _open_one(draft, numbers)


def _open_one(draft: Draft, numbers: list[int]) -> None:
    """A new location in the stead of none: only where all are allowed and there."""
    scene, able = draft.scene, draft.scene.allowed & ~draft.opened
    for number in numbers:
        able &= scene.able(number, draft.missing[number])
    if able:
        place = scene.cheapest(able, *draft.load(numbers))[1]
        if _fits(draft, place, numbers):
            for number in numbers:
                draft.put(number, place, draft.missing[number])


def _whole_at(draft: Draft, place: int, numbers: list[int]) -> bool:
    held = draft.contents[place]
    return all(held.get(n) == draft.scene.lines[n].quantity for n in numbers)


def _fits(draft: Draft, place: int, numbers: list[int]) -> bool:
    """Whether there is room for all of them at once: they may share a SKU, and share effort."""
    lines, held = draft.scene.lines, Counter(draft.contents.get(place, {}))
    held.update({n: draft.missing[n] for n in numbers})
    if draft.scene.too_much(held.items()) >> place & 1:
        return False
    return all(
        sum(draft.missing[m] for m in numbers if lines[m].sku == lines[n].sku)
        <= draft.room(n, place)
        for n in numbers
    )


def _withdraw(draft: Draft, number: int) -> None:
    for place in [place for place, held in draft.contents.items() if number in held]:
        rest = draft.remove(place)
        rest.pop(number)
        for other, units in rest.items():
            draft.put(other, place, units)


def _drop_small(draft: Draft, least: int) -> None:
    """Take out the parcel of least value until none, and not what is left over, is too small."""
    while draft.contents:
        values = {place: _value(draft, held) for place, held in draft.contents.items()}
        over = _value(draft, draft.missing)
        left = any(draft.missing.values())
        if len(values) + left == 1:
            return
        smallest = min(values, key=lambda place: (values[place], place))
        if values[smallest] >= least and (not left or over >= least):
            return
        draft.remove(smallest)


def _value(draft: Draft, held: dict[int, int]) -> int:
    lines = draft.scene.lines
    return sum(units * lines[number].value_minor for number, units in held.items())
