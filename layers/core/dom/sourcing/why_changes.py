"""The smallest change, of one thing at a time, that would have chosen a location.

Each is found by arithmetic or trial, then made, and the demand solved again: what did not choose
the location is not told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from dom.model.order import Method
from dom.model.reasons import WhatIf
from dom.sourcing import wording
from dom.sourcing.relocate import moved_to
from dom.sourcing.why_case import Case
from dom.sourcing.why_not import without_fences
from dom.sourcing.why_prices import cheaper, other_weights
from dom.sourcing.why_stock import more_stock

CAPACITY = "no capacity left today"


def changes(case: Case) -> list[WhatIf]:
    """Every change that was found and verified; at most one of each parameter."""
    kinds = (_fence, more_stock, cheaper, other_weights, _distance, _splits, _complete)
    return [one for kind in kinds for one in kind(case)]


def _fence(case: Case) -> Iterator[WhatIf]:
    reasons = list(case.fences)
    if not reasons or not case.chosen_at(without_fences(case.at, case.place, reasons)):
        return
    if reasons == [CAPACITY]:
        yield WhatIf("capacity", "with one more slot of capacity that day", 0, 1)
    else:
        text = f"if it were not for: {wording.listed(reasons)}"
        yield WhatIf("fence", text, reasons, [])


def _distance(case: Case) -> Iterator[WhatIf]:
    """The farthest zone, nearer than its own, in which it would take part: by halving, since it
    never becomes dearer by being nearer."""
    scene, card = case.scene, case.scene.rules.rate_card
    metres = scene.view.metres(case.place)
    if metres is None or case.fences or scene.demand.method is not Method.SHIP:
        return
    edges = [km for km in card.edges_km if km * 1000 < metres]
    inside = bisect_left(edges, True, key=lambda km: not _chosen_within(case, km))
    if inside:
        km, far = edges[inside - 1], wording.distance(metres)
        yield WhatIf("distance", f"if it were within {km:,} km instead of {far}", metres / 1000, km)


def _chosen_within(case: Case, km: int) -> bool:
    nearer = moved_to(case.at, case.place, km)
    return nearer is not None and case.chosen_at(nearer)


def _splits(case: Case) -> Iterator[WhatIf]:
    """One split more than the whole demand is allowed."""
    rules, most = case.at.book.rules, case.scene.rules.fences.max_splits
    if most is None:
        return
    if case.chosen_under(replace(rules, fences=replace(rules.fences, max_splits=most + 1))):
        yield WhatIf("splits", f"if {most + 1} splits were allowed", most, most + 1)


def _complete(case: Case) -> Iterator[WhatIf]:
    """No need for the whole demand to go at once."""
    rules = case.at.book.rules
    if not case.scene.rules.fences.ship_complete:
        return
    if case.chosen_under(replace(rules, fences=replace(rules.fences, ship_complete=False))):
        yield WhatIf("ship_complete", "if orders need not ship complete", True, False)
