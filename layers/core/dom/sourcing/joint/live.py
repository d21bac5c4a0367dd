"""Live demands planned together: scenes to wishes and a market, and the plans back to contents.

What the joint search sees is a relaxation where it must be (prices by class, no limits of splits):
its bound stays a bound, and whoever takes its plans checks and prices them by the scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dom.sourcing.joint.asked import LOST, dearest, market_of, numbers_of, wish_of
from dom.sourcing.joint.batch import Batch, Polish, Polished, plan_together
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.fare import ClassBook, counted
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.offers import Offers
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.wish import Parcel, Piece, Plan, Wish
from dom.sourcing.scene import Contents
from dom.sourcing.supply import Supply

# The search looks at every set of lines.
MOST_LINES = 8


class Together(NamedTuple):
    """Contents in the order of the cases (None: no place found for it).

    `bound`: no plan of all cases that found a place, with `penalty` for each parcel, costs less
    than that (minor units). `alone`: the same for each case, were the others not there. `plain`:
    what the search found before the solver was asked.
    """

    contents: Sequence[Contents | None]
    bound: int
    penalty: int
    alone: list[int]
    plain: Sequence[Contents | None] = ()


def plan_live(cases: Sequence[Case], supply: Supply, polish: Polish | None = None) -> Together:
    """Plan them together; `supply` has what they hold now, which is where the search starts.

    `polish`: a solver that may know better.
    """
    if not cases:
        return Together([], 0, 0, [])
    book = ClassBook()
    classes = [book.of(case.scene) for case in cases]
    penalty = max(map(dearest, cases, classes))
    skus = numbers_of(cases)
    wishes = [wish_of(n, case, classes[n], penalty, skus) for n, case in enumerate(cases)]
    market = market_of(cases, supply, skus)
    start = _start(cases, wishes, market)
    placed = [n for n, plan in enumerate(start) if plan is not None]
    asked, begun = [wishes[n] for n in placed], [plan for plan in start if plan is not None]
    if not asked:
        return Together([None] * len(cases), 0, penalty, [0] * len(cases))
    plain: list[Plan] = []

    def ask(batch: Batch) -> Polished:
        plain.extend(batch.plans)
        return polish(batch) if polish else Polished(batch.plans, batch.bound, 0, False)

    joint = plan_together(asked, market, begun, polish=ask)
    alone = [Offers(wish, market).at_least({}, {}) for wish in wishes]
    both = (_by_case(plans, placed, len(cases)) for plans in (joint.plans, plain))
    contents, before = both
    return Together(contents, joint.bound, penalty, alone, before)


def _by_case(plans: Sequence[Plan], placed: Sequence[int], size: int) -> list[Contents | None]:
    found = dict(zip(placed, plans, strict=True))
    return [_contents(found[n]) if n in found else None for n in range(size)]


def _start(cases: Sequence[Case], wishes: Sequence[Wish], market: Market) -> list[Plan | None]:
    """The plans they have; then, against what is left, the best for those that cannot stay."""
    start: list[Plan | None] = [None] * len(cases)
    for n in sorted(range(len(cases)), key=lambda n: cases[n].homeless):
        case, wish = cases[n], wishes[n]
        plan = best_plan(wish, market) if case.homeless else _present(case, wish)
        if plan.cost < LOST:
            market.take(plan.parcels)
            start[n] = plan
    for taken in start:
        market.give_back(taken.parcels if taken else ())
    return start


def _present(case: Case, wish: Wish) -> Plan:
    parcels = []
    for place, held in case.present.items():
        pieces = tuple(_part(wish.pieces[n], units) for n, units in held.items())
        parcels.append(Parcel(place, 1, pieces))
    return as_plan(wish, tuple(parcels))


def _part(piece: Piece, units: int) -> Piece:
    return piece._replace(quantity=units, weight=counted(piece.line, units))


def _contents(plan: Plan) -> dict[int, dict[int, int]]:
    contents: dict[int, dict[int, int]] = {}
    for parcel in plan.parcels:
        held = contents.setdefault(parcel.place, {})
        for piece in parcel.pieces:
            held[piece.line] = held.get(piece.line, 0) + piece.quantity
    return {place: dict(sorted(held.items())) for place, held in sorted(contents.items())}
