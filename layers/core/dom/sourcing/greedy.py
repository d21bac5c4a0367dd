"""A good plan for many lines: the location that completes most lines first, then single units."""

from __future__ import annotations

from dom.sourcing import bits
from dom.sourcing.draft import Draft
from dom.sourcing.scene import Scene


def most_lines_first(scene: Scene, opening: int | None, limit: int) -> Draft:
    """Greedy set cover, at most `limit` locations; `opening` is tried first if given."""
    draft = Draft(scene)
    able = {n: scene.able(n, line.quantity) for n, line in enumerate(scene.lines)}
    if opening is not None:
        draft.fill(opening, [n for n, places in able.items() if places >> opening & 1])
    while len(draft.contents) < limit:
        lines = [n for n, places in able.items() if places and draft.missing[n]]
        if not lines:
            break
        place = busiest(scene, draft, able, lines)
        takers = [n for n in lines if able[n] >> place & 1]
        draft.fill(place, takers)
        for number in takers:
            # What it could not send after all (lines that share a SKU) it is not asked again.
            able[number] &= ~(1 << place)
    split_units(draft, limit)
    return draft


def busiest(scene: Scene, draft: Draft, able: dict[int, int], lines: list[int]) -> int:
    """The location that can complete most of the lines; the cheapest of those."""
    _, places = bits.most(bits.tally(able[n] for n in lines), scene.network.everywhere)
    return scene.cheapest(places, *draft.load(lines))[1]


def openings(scene: Scene, count: int) -> list[int | None]:
    """Where the greedy may start: nowhere in particular, the nearest, the nearest all-rounders."""
    slices = bits.tally(scene.able(n, line.quantity) for n, line in enumerate(scene.lines))
    anything = 0
    for digits in slices:
        anything |= digits
    rich = (sum(slices[-1:]) | bits.most(slices, scene.network.everywhere)[1]) & anything
    near = scene.view.nearest_few(anything, count - count // 2)
    return list(dict.fromkeys([None, *near, *scene.view.nearest_few(rich, count // 2)]))


def split_units(draft: Draft, limit: int) -> None:
    """Complete the missing lines unit by unit: open locations first, then the fullest, nearest."""
    for number in sorted(draft.missing):
        for place in _holders(draft, number):
            units = min(draft.missing[number], draft.room(number, place))
            if units and (place in draft.contents or len(draft.contents) < limit):
                draft.put(number, place, units)
            if not draft.missing[number]:
                break


def _holders(draft: Draft, number: int) -> list[int]:
    if not draft.missing[number]:
        return []
    holders = list(bits.members(draft.scene.able(number, 1)))
    view, missing = draft.scene.view, draft.missing[number]

    def rank(place: int) -> tuple[bool, int, int, int]:
        metres = view.metres(place)
        room = min(missing, draft.room(number, place))
        return place not in draft.contents, -room, 1 << 60 if metres is None else metres, place

    return sorted(holders, key=rank)
