"""Local search on a feasible plan: merge, swap and close parcels, move goods, while it pays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from dom.model.ids import Sku
from dom.sourcing import bits
from dom.sourcing.draft import Draft
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.shift import shift_units

ROUNDS = 4
TRIALS = 4
ALL_TRIALS = 200  # shared out over lines and pairs of parcels: what a trial costs grows with them


def improve(draft: Draft) -> None:
    """Repeat all moves until none helps, at most ROUNDS times; never worse than before."""
    for _ in range(ROUNDS):
        changed = [step(draft) for step in (_merge, _close, _swap, _move, shift_units)]
        if not any(changed):
            return


def _able(scene: Scene, parcel: Mapping[int, int]) -> int:
    """Locations, none of which is in use, that could send a whole parcel."""
    units: dict[Sku, int] = {}
    places = scene.allowed
    for number, quantity in parcel.items():
        sku = scene.lines[number].sku
        units[sku] = units.get(sku, 0) + quantity
        places &= scene.able(number, quantity)
        if not places:
            return 0
    for sku, quantity in units.items():
        places &= scene.supply.at_least(scene.network, sku, quantity)
    return places & ~scene.too_much(parcel.items())


def _replace(draft: Draft, old: tuple[int, ...]) -> bool:
    """Put the contents of parcels into the one best parcel, if that is cheaper."""
    scene, together = draft.scene, dict[int, int]()
    for place in old:
        for number, units in draft.contents[place].items():
            together[number] = together.get(number, 0) + units
    used = sum(1 << place for place in draft.contents if place not in old)
    able = _able(scene, together) & ~used
    if not able:
        return False
    score, target = scene.cheapest(able, *scene.load(together.items()))
    if score >= sum(scene.contents_score(place, draft.contents[place]) for place in old):
        return False
    for place in old:
        draft.remove(place)
    for number, units in together.items():
        draft.put(number, target, units)
    return True


def _merge(draft: Draft) -> bool:
    pairs = combinations(sorted(draft.contents), 2)
    return sum(_replace(draft, pair) for pair in pairs if _open(draft, pair)) > 0


def _swap(draft: Draft) -> bool:
    return sum(_exchange(draft, place) for place in sorted(draft.contents)) > 0


def _exchange(draft: Draft, place: int) -> bool:
    """Try other locations in a location's stead: they need only have what the rest have not."""
    if place not in draft.contents:
        return False
    scene, parcel = draft.scene, draft.contents[place]
    others = draft.opened & ~(1 << place)
    needed = {n: u for n, u in parcel.items() if not scene.able(n, u) & others}
    able = _able(scene, needed or parcel) & ~draft.opened
    if not able:
        return False
    cheapest = scene.cheapest(able, *scene.load(needed.items()))[1]
    before = {p: dict(held) for p, held in draft.contents.items()}
    trials = dict.fromkeys((cheapest, *scene.view.nearest_few(able, _trials(draft))))
    return any(_stand_in(draft, before, place, other) for other in trials)


def _trials(draft: Draft) -> int:
    return min(TRIALS, ALL_TRIALS // max(len(draft.missing), len(draft.contents) ** 2 // 4))


def _stand_in(draft: Draft, before: Contents, place: int, other: int) -> bool:
    """Move what a location sends to another one, or to the rest where the other has it not."""
    for number, units in draft.remove(place).items():
        able = draft.scene.able(number, units) & draft.opened
        for target in (other, *bits.members(able)):
            if draft.room(number, target) >= units:
                draft.put(number, target, units)
                break
    if _trials(draft) > 1:
        _move(draft)
    if _complete(draft, before) and _cheaper(draft, before):
        return True
    _restore(draft, before)
    return False


def _complete(draft: Draft, before: Contents) -> bool:
    """Whether as many units are placed as before."""
    return draft.scene.left_over(draft.contents) <= draft.scene.left_over(before)


def _open(draft: Draft, places: tuple[int, ...]) -> bool:
    return all(place in draft.contents for place in places)


def _close(draft: Draft) -> bool:
    """Spread a parcel over the others, smallest parcels first."""
    by_size = sorted(draft.contents, key=lambda place: (len(draft.contents[place]), place))
    return sum(_spread(draft, place) for place in by_size) > 0


def _spread(draft: Draft, place: int) -> bool:
    scene, others = draft.scene, draft.opened & ~(1 << place)
    if not all(scene.able(n, units) & others for n, units in draft.contents[place].items()):
        return False
    before = {p: dict(parcel) for p, parcel in draft.contents.items()}
    parcel = draft.remove(place)
    for number in parcel:
        for other in bits.members(scene.able(number, draft.missing[number]) & others):
            if draft.room(number, other) >= draft.missing[number]:
                draft.put(number, other, draft.missing[number])
                break
    if not any(draft.missing[n] for n in parcel) and _cheaper(draft, before):
        return True
    _restore(draft, before)
    return False


def _move(draft: Draft) -> bool:
    """Move single lines between the parcels there are."""
    moved = False
    for place in sorted(draft.contents):
        for number in sorted(draft.contents.get(place, {})):
            moved |= _move_line(draft, place, number)
    return moved


def _move_line(draft: Draft, place: int, number: int) -> bool:
    scene, parcel = draft.scene, draft.contents[place]
    units = parcel[number]
    others = scene.able(number, units) & draft.opened & ~(1 << place)
    if not others:
        return False
    rest = {n: u for n, u in parcel.items() if n != number}
    saved = scene.contents_score(place, parcel)
    saved -= scene.contents_score(place, rest) if rest else 0
    best, target = saved, place
    for other in bits.members(others):
        if draft.room(number, other) >= units:
            held = draft.contents[other]
            with_it = {**held, number: held.get(number, 0) + units}
            added = scene.contents_score(other, with_it) - scene.contents_score(other, held)
            best, target = min((best, target), (added, other))
    if target == place or best >= saved:
        return False
    draft.remove(place)
    for n, u in rest.items():
        draft.put(n, place, u)
    draft.put(number, target, units)
    return True


def _cheaper(draft: Draft, before: Contents) -> bool:
    return draft.scene.total(draft.contents) < draft.scene.total(before)


def _restore(draft: Draft, before: Contents) -> None:
    for place in list(draft.contents):
        draft.remove(place)
    for place, parcel in before.items():
        for number, units in parcel.items():
            draft.put(number, place, units)
