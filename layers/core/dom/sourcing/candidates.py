"""The locations that were looked at, and how each would have done: kept with the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dom.model.ids import Sku
from dom.sourcing import bits
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.score import money_of

SHOWN = 10
SHOWN_OUT = 3


class Candidate(NamedTuple):
    """What one location alone would do: whole lines, units, and cost in minor units.

    `reason` is empty for an eligible location. `sent`: its units by line number.
    """

    place: int
    metres: int | None
    lines: int
    units: int
    cost: int
    reason: str
    sent: Mapping[int, int]

    @property
    def order(self) -> tuple[bool, int, int, int, bool, int, int]:
        """Best first: eligible, most lines, most units, cheapest, nearest, rank."""
        far = self.metres or 0
        out = bool(self.reason)
        return out, -self.lines, -self.units, self.cost, self.metres is None, far, self.place


def candidates(scene: Scene, contents: Contents) -> list[Candidate]:
    """The chosen locations, then the best others, then the nearest that have stock but are out."""
    has_some = stocked(scene)
    able = scene.everybody_able
    reachable = 0
    for number in range(len(scene.lines)):
        reachable |= scene.able(number, 1)
    places = set(contents) | _pool(scene, able, reachable)
    found = sorted((look(scene, place) for place in places), key=lambda c: c.order)
    chosen = [candidate for candidate in found if candidate.place in contents]
    others = [candidate for candidate in found if candidate.place not in contents]
    barred = has_some & ~reachable
    out = scene.view.nearest_few(barred, SHOWN_OUT) if barred else []
    shown = chosen + others[: max(1, SHOWN - len(chosen) - len(out))]
    return (shown + [look(scene, place) for place in out])[: max(SHOWN, len(chosen))]


def look(scene: Scene, place: int) -> Candidate:
    """How a location would do alone."""
    sent, used = dict[int, int](), dict[Sku, int]()
    for number, line in enumerate(scene.lines):
        room = scene.units_at(number, place) - used.get(line.sku, 0)
        room = min(room, scene.effort_room(number, place, sent))
        if room > 0:
            sent[number] = min(room, line.quantity)
            used[line.sku] = used.get(line.sku, 0) + sent[number]
    whole = sum(units == scene.lines[n].quantity for n, units in sent.items())
    metres, units = scene.view.metres(place), sum(sent.values())
    if not sent:
        return Candidate(place, metres, 0, 0, 0, reason_out(scene, place), sent)
    cost = money_of(scene.contents_score(place, sent)) - scene.rules.weights.parcel
    return Candidate(place, metres, whole, units, cost, "", sent)


def reason_out(scene: Scene, place: int) -> str:
    """Why a location with stock may not send anything: the first fence in its way."""
    for reason, blocked in scene.fenced.items():
        if blocked >> place & 1:
            return reason
    location = scene.network.locations[place].location_id
    for number, line in enumerate(scene.lines):
        if scene.supply.units(line.sku, location):
            for reason, blocked in scene.fenced_line(number).items():
                if blocked >> place & 1:
                    return reason
    return "no stock"


def _pool(scene: Scene, able: int, reachable: int) -> set[int]:
    """The two best of each price group among those with everything, then by lines covered."""
    pool: set[int] = set()
    for group in scene.groups:
        if able & group.members:
            pool.update(scene.view.nearest_few(able & group.members, 2))
    slices = bits.tally(scene.able(n, line.quantity) for n, line in enumerate(scene.lines))
    rest = reachable
    while rest and len(pool) < SHOWN:
        _, best = bits.most(slices, rest)
        pool.update(scene.view.nearest_few(best, SHOWN))
        rest &= ~best
    return pool


def stocked(scene: Scene) -> int:
    """Locations with a unit of any line's SKU, whether or not they may send it."""
    places = 0
    for line in scene.lines:
        places |= scene.supply.at_least(scene.network, line.sku, 1)
    return places


def as_record(scene: Scene, candidate: Candidate, contents: Contents) -> dict[str, object]:
    """Plain data for the decision record."""
    standing = "chosen" if candidate.place in contents else _standing(scene, candidate)
    return {
        "location_id": scene.network.locations[candidate.place].location_id,
        "distance_km": None if candidate.metres is None else candidate.metres / 1000,
        "lines_covered": candidate.lines,
        "units": candidate.units,
        "cost": candidate.cost,
        "eligible": not candidate.reason,
        "reason": candidate.reason or standing,
    }


def _standing(scene: Scene, candidate: Candidate) -> str:
    if candidate.lines == len(scene.lines):
        return "has everything, but costs more or is farther"
    everything = ((n, line.quantity) for n, line in enumerate(scene.lines))
    if scene.too_much(everything) >> candidate.place & 1:
        return f"has effort left for {candidate.lines} of {len(scene.lines)} items"
    return f"has {candidate.lines} of {len(scene.lines)} items"
