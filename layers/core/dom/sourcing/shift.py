"""Units of a line moved between the parcels that share it, while it pays."""

from __future__ import annotations

from dom.sourcing.draft import Draft


def shift_units(draft: Draft) -> bool:
    """Move as many units as there is room for from one parcel of a line to another, if cheaper."""
    moved = False
    for number in range(len(draft.scene.lines)):
        places = sorted(place for place, held in draft.contents.items() if number in held)
        for source in places:
            for target in places:
                moved |= source != target and _shift(draft, number, source, target)
    return moved


def _shift(draft: Draft, number: int, source: int, target: int) -> bool:
    units = min(
        draft.contents.get(source, {}).get(number, 0),
        draft.room(number, target) if target in draft.contents else 0,
    )
    if not units:
        return False
    after_source = _changed(draft, source, number, -units)
    after_target = _changed(draft, target, number, units)
    if _price(draft, source, after_source) + _price(draft, target, after_target) >= sum(
        _price(draft, place, draft.contents[place]) for place in (source, target)
    ):
        return False
    for place, parcel in ((source, after_source), (target, after_target)):
        draft.remove(place)
        for line, quantity in parcel.items():
            draft.put(line, place, quantity)
    return True


def _changed(draft: Draft, place: int, number: int, units: int) -> dict[int, int]:
    held = draft.contents[place]
    changed = {**held, number: held.get(number, 0) + units}
    return {line: quantity for line, quantity in changed.items() if quantity}


def _price(draft: Draft, place: int, parcel: dict[int, int]) -> int:
    return draft.scene.contents_score(place, parcel) if parcel else 0
