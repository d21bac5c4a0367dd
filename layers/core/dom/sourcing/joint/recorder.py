"""What is put on record of each demand that a joint plan moves.

Of one demand it is what any decision says: priced, explained and compared alone, in the supply that
all others leave, wherever the plan has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from dom.sourcing.assignment import offer
from dom.sourcing.candidates import as_record, candidates
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.made import Made
from dom.sourcing.joint.swap import Swap
from dom.sourcing.plan import ALLOCATED, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.record import Recorded, beside
from dom.sourcing.replay import Moment
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.solve import Weighed
from dom.sourcing.supply import Supply


class Recorder:
    """`supply`: with what all cases hold given back; it is the recorder's own from now on."""

    def __init__(self, made: Made, supply: Supply) -> None:
        self._made = made
        self._supply = supply
        self._asked: int | None = None
        for n in range(len(made.cases)):
            self._lay(n, -1)

    def moment(self, n: int) -> Moment:
        """The case alone: what the others have is not there. Good until the next one is asked."""
        if self._asked is not None:
            self._lay(self._asked, -1)
        self._lay(n, 1)
        self._asked = n
        case = self._made.cases[n]
        return Moment(
            case.scene.demand, self._supply, _book(case, self._made.contents(n), self._supply)
        )

    def record(self, n: int) -> Recorded:
        """Its plan, and what the decision says beside it."""
        started = perf_counter()
        at = self.moment(n)
        return beside(_weighed(self._made, n, at), *at, started)

    def _lay(self, n: int, sign: int) -> None:
        """Give the case's goods, slots and effort back, or (-1) take them; a lack stays one."""
        supply, scene = self._supply, self._made.cases[n].scene
        for place, parcel in self._made.contents(n).items():
            at = scene.network.locations[place].location_id
            for number, units in parcel.items():
                sku = scene.lines[number].sku
                there = supply.available.get(sku, {}).get(at, 0)
                supply.overlay(sku, at, there + sign * units)
            if scene.effort and at in supply.effort_left:
                left = supply.effort_left[at] + sign * scene.effort.of(place, parcel.items())
                supply.overlay_effort(at, left)
            if at in supply.capacity_left:
                left = supply.capacity_left[at] + sign
                supply.overlay_capacity(at, left, at not in supply.closed)


def bare(swap: Swap) -> Recorded:
    """Its new parcels, and nothing said of them."""
    demand = swap.case.scene.demand
    names = demand.order_id, demand.ship_group_id
    cost = sum(one.cost for one in swap.after)
    plan = Plan(*names, swap.after, {}, cost, cost, 0.0, ALLOCATED, swap.why)
    return Recorded(plan, (), None, {}, 0.0)


def _weighed(made: Made, n: int, at: Moment) -> Weighed:
    """All its parcels, those that stay as well; the bound is of the joint search."""
    swap = made.swap(n)
    scene = _in_its_pass(at, swap.contents)
    contents = {p: swap.contents[p] for p in scene.view.by_distance(swap.contents)}
    parts = tuple(offer(scene, place, parcel) for place, parcel in contents.items())
    cost = sum(one.cost for one in parts)
    bound = min(cost, swap.alone)
    looked_at = candidates(scene, contents)
    plan = Plan(
        scene.demand.order_id,
        scene.demand.ship_group_id,
        tuple(replace(one, why=swap.why) for one in parts),
        {},
        cost,
        bound,
        round((cost - bound) / cost, 6) if cost > 0 else 0.0,
        ALLOCATED,
        f"{swap.why}; all orders planned together are within {made.gap:.1%} of the best",
        tuple(as_record(scene, one, contents) for one in looked_at),
        scene.attempt.name,
    )
    return Weighed(plan, scene, looked_at)


def _book(case: Case, contents: Contents, supply: Supply) -> PriceBook:
    """The prices, with no fence where it goes, nor where it was: there it might have stayed."""
    book, lifted = case.scene.book, dict[str, int]()
    alone = Scene(case.scene.demand, supply, book)
    stays = [] if case.homeless else list(_fences(case.scene, case.present))
    for reason, bit in (*stays, *_fences(alone, contents)):
        lifted[reason] = lifted.get(reason, 0) | bit
    return PriceBook(book.network, book.rules, book.now, lifted) if lifted else book


def _fences(scene: Scene, contents: Contents) -> Iterator[tuple[str, int]]:
    """Reasons for which these parcels might not be, each with the bit of its location."""
    for place, parcel in contents.items():
        for fences in (scene.fenced, *map(scene.fenced_line, parcel)):
            yield from ((why, 1 << place) for why, out in fences.items() if out >> place & 1)


def _in_its_pass(at: Moment, contents: Contents) -> Scene:
    """The demand in the first pass that allows the plan; in none if there is none."""
    scenes = (Scene(*at, attempt) for attempt in at.book.rules.passes)
    return next((scene for scene in scenes if _allows(scene, contents)), Scene(*at))


def _allows(scene: Scene, contents: Contents) -> bool:
    most = scene.max_shipments
    sent = ((place, number) for place, parcel in contents.items() for number in parcel)
    few = most is None or len(contents) <= most
    return few and all(scene.allowed_for[number] >> place & 1 for place, number in sent)
