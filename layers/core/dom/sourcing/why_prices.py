"""The discount, or the worth of a day or a parcel, that would have chosen a location."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dom.model.overlay import Change, Rule
from dom.model.reasons import WhatIf
from dom.model.rules import RuleSet
from dom.model.scope import Where
from dom.sourcing.plan import Plan
from dom.sourcing.rivals import difference
from dom.sourcing.why_case import Case


def cheaper(case: Case) -> Iterator[WhatIf]:
    """The discount on its parcel that bridges the difference; never more than the parcel costs."""
    other = case.with_it
    if other is None or not _as_much(case.plan, other):
        return
    own = sum(one.cost for one in other.assignments if one.location_id == case.location_id)
    parcels = len(other.assignments) - len(case.plan.assignments)
    bridge = other.cost - case.plan.cost + case.scene.rules.weights.parcel * parcels
    for discount in (bridge, bridge + 1):
        if 0 < discount <= own and case.chosen_under(_discounted(case, discount)):
            text = f"if its parcel were {case.money(discount)} cheaper"
            yield WhatIf("price", text, own, own - discount)
            return


def _as_much(plan: Plan, other: Plan) -> bool:
    """Whether both leave as many units over: then money decides between them."""
    return sum(plan.unallocated.values()) == sum(other.unallocated.values())


def _discounted(case: Case, discount: int) -> RuleSet:
    where = Where(locations=frozenset({case.location_id}))
    rule = Rule("what if", Change(parcel=-discount), where=where)
    rules = case.at.book.rules
    return replace(rules, rules=(*rules.rules, rule))


def other_weights(case: Case) -> Iterator[WhatIf]:
    """The price of a day, or of a parcel, at which the two plans change places."""
    other, weights = case.with_it, case.scene.rules.weights
    if other is None or not _as_much(case.plan, other):
        return
    cost, time = other.cost - case.plan.cost, difference(case.plan, other).get("time", 0)
    parcels = len(other.assignments) - len(case.plan.assignments)
    # Where the number of parcels differs, its penalty is what decides, not the days.
    days = time // weights.day if weights.day and not parcels else 0
    rest = cost - time
    labels: tuple[tuple[str, str, int, int], ...] = (
        ("day", "a day of waiting were worth", days, rest),
        ("parcel", "the penalty of a parcel were", parcels, cost),
    )
    for name, label, slope, others in labels:
        for worth in _turning(slope, others):
            changed = replace(case.at.book.rules.weights, **{name: worth})  # type: ignore[arg-type]
            if worth >= 0 and case.chosen_under(replace(case.at.book.rules, weights=changed)):
                before = getattr(weights, name)
                text = f"if {label} {case.money(worth)} instead of {case.money(before)}"
                yield WhatIf(name, text, before, worth)
                break


def _turning(slope: int, others: int) -> tuple[int, ...]:
    """Whole weights w nearest to where `others + slope * w` becomes zero or less, nearest first."""
    if not slope:
        return ()
    exact = -others // slope
    return (exact, exact + 1) if slope < 0 else (exact, exact - 1)
