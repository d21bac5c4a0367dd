"""Why a plan, why not a location, and what would have had to be different: asked after the fact.

Answered from a moment that was played again, by the functions that decide: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.ids import LocationId
from dom.model.reasons import CHOSEN, FENCED, NO_STOCK, NOT_BEST, Alternative, WhatIf, Why
from dom.sourcing import wording
from dom.sourcing.candidates import look
from dom.sourcing.plan import Plan
from dom.sourcing.replay import Moment
from dom.sourcing.rivals import difference, runner_up
from dom.sourcing.scene import Scene
from dom.sourcing.solve import decide, scene_of
from dom.sourcing.why_case import Case
from dom.sourcing.why_changes import changes
from dom.sourcing.why_not import fences_at, including, takes_part, without_fences

# A joint plan need not be the best for each.
TOGETHER = "Alone it would have been chosen: this order was planned together with others."


def why(at: Moment, made: Plan | None = None) -> Why:
    """Why this plan: the one that is best for this demand, or that was `made`."""
    plan = made or decide(*at)
    second = runner_up(at.demand, plan, at.supply, at.book)
    if second is None:
        return Why(plan.why, CHOSEN)
    without, rival = second
    name, other = _name(at, without), _against(plan, rival)
    text = f"{plan.why}. Without {name} the best plan {_told(other, at)}."
    return Why(text, CHOSEN, other)


def why_not(at: Moment, location_id: LocationId, made: Plan | None = None) -> Why:
    """Why not this location; KeyError if the network did not know it. The same if it was chosen."""
    plan = made or decide(*at, bare=True)
    scene = scene_of(plan, *at)
    place = scene.network.index[location_id]
    if takes_part(plan, location_id):
        return why(at, made)
    fences = fences_at(scene, place)
    free = without_fences(at, place, list(fences)) if fences else at
    with_it = including(free, location_id)
    case = Case(at, location_id, plan, with_it, tuple(fences))
    together = made is not None and case.chosen_at(at)
    found = [] if together else changes(case)
    alone, all_units = (
        look(scene_of(plan, *free), place),
        sum(line.quantity for line in scene.lines),
    )
    other = _against(plan, with_it) if with_it else None
    sentences = [_standing(scene, place, fences, alone.units)]
    sentences += _outcome(at, other, fences, found, alone.units)
    sentences += [TOGETHER] if together else []
    return Why(
        " ".join(sentences),
        FENCED if fences else NOT_BEST if alone.units else NO_STOCK,
        other,
        fences,
        (alone.lines, len(scene.lines)),
        (alone.units, all_units),
        tuple(found),
    )


def _against(plan: Plan, rival: Plan) -> Alternative:
    return Alternative(
        tuple(one.location_id for one in rival.assignments),
        rival.cost,
        rival.cost - plan.cost,
        difference(plan, rival),
        len(rival.assignments) - len(plan.assignments),
        sum(rival.unallocated.values()) - sum(plan.unallocated.values()),
        "" if rival.pass_name == plan.pass_name else rival.pass_name,
    )


def _standing(scene: Scene, place: int, fences: Mapping[str, list[str]], units: int) -> str:
    name = scene.network.locations[place].name or scene.network.locations[place].location_id
    if fences:
        return f"{name} {'; '.join(_fence(reason, skus) for reason, skus in fences.items())}."
    all_units = sum(line.quantity for line in scene.lines)
    if not units:
        return f"{name} had none of the items."
    if units < all_units:
        return f"{name} had {units} of {wording.units(all_units)}."
    return f"{name} could have sent everything."


def _fence(reason: str, skus: list[str]) -> str:
    return f"may not send {wording.listed(skus)}: {reason}" if skus else f"was out: {reason}"


def _outcome(
    at: Moment,
    other: Alternative | None,
    fences: Mapping[str, list[str]],
    found: list[WhatIf],
    units: int,
) -> list[str]:
    lifted = any(one.parameter in {"fence", "capacity"} for one in found)
    sentences = []
    if other is not None and not lifted:
        even = "Even without that, the" if fences else "The"
        sentences.append(f"{even} best plan with it {_told(other, at)}.")
    if other is None and units and not fences:
        sentences.append("A line is not split while one location has all of it.")
    told = [one.text for one in found]
    if told:
        sentences.append(f"It would have been chosen {'; or '.join(told)}.")
    return sentences


def _told(other: Alternative, at: Moment) -> str:
    """`costs $3.10 more (shipping +$2.40, time +$0.70), in 1 parcel more`."""
    currency = at.demand.currency
    parts = [_cost(other, currency)]
    if other.parcels:
        parts.append(f"in {_more(other.parcels, 'parcel')}")
    if other.unallocated:
        parts.append(f"with {_more(other.unallocated, 'unit')} left over")
    if other.pass_name:
        parts.append(f"and comes only in the pass “{other.pass_name}”")
    return ", ".join(parts)


def _cost(other: Alternative, currency: str) -> str:
    if not other.extra:
        return "costs the same" + ("" if other.parcels or other.unallocated else ", but is farther")
    terms = [f"{name} {wording.signed(m, currency)}" for name, m in other.terms.items()]
    more = "more" if other.extra > 0 else "less"
    return f"costs {wording.amount(abs(other.extra), currency)} {more} ({', '.join(terms)})"


def _more(count: int, what: str) -> str:
    number = abs(count)
    return f"{number} {what}{'' if number == 1 else 's'} {'more' if count > 0 else 'fewer'}"


def _name(at: Moment, location_id: LocationId) -> str:
    location = at.book.network.locations[at.book.network.index[location_id]]
    return location.name or location.location_id
