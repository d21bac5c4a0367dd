"""Orders too large for the exact search: many greedy starts, local search, an honest bound."""

from __future__ import annotations

from dom.sourcing import bits
from dom.sourcing.cover import Limits
from dom.sourcing.draft import Draft
from dom.sourcing.exact import Found
from dom.sourcing.floor import most_credit
from dom.sourcing.greedy import most_lines_first, openings
from dom.sourcing.improve import improve
from dom.sourcing.mend import mend
from dom.sourcing.pieces import unavoidable
from dom.sourcing.scene import Scene
from dom.sourcing.score import MONEY_SHIFT, money_of

# Greedy starts, shared out over the lines (what one costs grows with them), and how many of the
# best go through local search. Counts, not clocks: the same input gives the same plan.
STARTS = 600
FEWEST_STARTS = 3
IMPROVED = 3


def search(scene: Scene, limits: Limits) -> Found:
    """The best plan found within the limits (contents None if none), and a lower bound."""
    limit = scene.network.size if limits.parcels is None else limits.parcels
    drafts = sorted(_starts(scene, limit), key=lambda draft: scene.total(draft.contents))
    for draft in drafts[:IMPROVED]:
        improve(draft)
    for draft in drafts:
        mend(draft, limits)
    fit = [d.contents for d in drafts if limits.may_lose or not any(d.missing.values())]
    return Found(min(fit, key=scene.total, default=None), lower_bound(scene))


def _starts(scene: Scene, limit: int) -> list[Draft]:
    count = FEWEST_STARTS + STARTS // max(1, len(scene.lines))
    first = openings(scene, count) if limit else [None]
    return [most_lines_first(scene, opening, limit) for opening in first]


def lower_bound(scene: Scene) -> int:
    """No plan scores less: leftovers that no splitting avoids, parcels by the best coverage, and
    for each parcel what its cheapest line would cost alone (prices never fall with contents,
    but for credits: all that could be had is taken off)."""
    leftovers = scene.loss(sum(unavoidable(scene).values()))
    able = [scene.able(n, 1) for n in range(len(scene.lines))]
    alone = [_alone(scene, n, places) for n, places in enumerate(able) if places]
    if not alone:
        return leftovers
    credit = most_credit(scene) if scene.least.earns else 0
    most, _ = bits.most(bits.tally(able), scene.network.everywhere)
    parcels = -(-len(alone) // most)
    money = max(alone) + (parcels - 1) * min(alone) - credit
    return leftovers + (money << MONEY_SHIFT)


def _alone(scene: Scene, number: int, places: int) -> int:
    """Money, penalty included, for one unit of a line sent alone from the best place."""
    return money_of(scene.cheapest(places, *scene.load([(number, 1)]))[0])
