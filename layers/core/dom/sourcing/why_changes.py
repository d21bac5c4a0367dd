"""The smallest change, of one thing at a time, that would have chosen a location.

Each is found by arithmetic or trial, then made, and the demand solved again: what did not choose
the location is not told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dom.model.ids import LocationId, Sku
from dom.model.order import Method
from dom.model.overlay import Change, Rule
from dom.model.reasons import WhatIf
from dom.model.rules import RuleSet
from dom.model.scope import Where
from dom.sourcing import wording
from dom.sourcing.plan import Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.relocate import moved_to
from dom.sourcing.replay import Moment
from dom.sourcing.rivals import difference
from dom.sourcing.scene import Scene
from dom.sourcing.solve import decide
from dom.sourcing.why_not import effort, takes_part, without_fences

# As many SKUs are named; of more that are missing their units are counted.
MOST_NAMED = 3
CAPACITY = "no capacity left today"


@dataclass(frozen=True, slots=True)
class Case:
    """A location that was not chosen: when, where, the plan taken and the best plan with it."""

    at: Moment
    location_id: LocationId
    plan: Plan
    with_it: Plan | None
    fences: tuple[str, ...]

    @property
    def scene(self) -> Scene:
        """The demand in its world."""
        return Scene(*self.at)

    @property
    def place(self) -> int:
        """The location's number."""
        return self.at.book.network.index[self.location_id]

    def chosen_at(self, moment: Moment) -> bool:
        """Whether it would take part then."""
        return takes_part(decide(*moment, bare=True), self.location_id)

    def chosen_under(self, rules: RuleSet) -> bool:
        """Whether it would take part under those rules."""
        book = self.at.book
        return self.chosen_at(self.at._replace(book=PriceBook(book.network, rules, book.now)))

    def money(self, minor: int) -> str:
        """An amount in the order's currency."""
        return wording.amount(minor, self.at.demand.currency)


def changes(case: Case) -> list[WhatIf]:
    """Every change that was found and verified; at most one of each parameter."""
    kinds = (_fence, _stock, _price, _weights, _distance, _splits, _complete)
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


def _stock(case: Case) -> Iterator[WhatIf]:
    """Fewest units of one SKU, else all units that are missing."""
    missing = _missing(case)
    singles = sorted(missing.items(), key=lambda one: (one[1], one[0]))[: effort(case.scene)]
    tries = [dict([one]) for one in singles] + ([missing] if len(missing) > 1 else [])
    for more in tries:
        if _with_stock(case, more):
            least = _least(case, *next(iter(more.items()))) if len(more) == 1 else more
            yield WhatIf("stock", f"with {_units(least)} more in stock", {}, dict(least))
            return


def _units(more: dict[Sku, int]) -> str:
    if len(more) > MOST_NAMED:
        return f"{wording.units(sum(more.values()))} of {len(more)} SKUs"
    return " and ".join(f"{wording.units(n)} of {sku}" for sku, n in more.items())


def _missing(case: Case) -> dict[Sku, int]:
    wanted: dict[Sku, int] = {}
    for line in case.scene.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    supply = case.at.supply
    short = {sku: n - supply.units(sku, case.location_id) for sku, n in wanted.items()}
    return {sku: n for sku, n in short.items() if n > 0}


def _least(case: Case, sku: Sku, enough: int) -> dict[Sku, int]:
    """The fewest units that do it, by halving: each step is solved."""
    low, high = 0, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _with_stock(case, {sku: middle}) else (middle, high)
    return {sku: high}


def _with_stock(case: Case, more: dict[Sku, int]) -> bool:
    """Whether it takes part with so many units more; the supply is as before afterwards."""
    supply, at = case.at.supply, case.location_id
    before = {sku: supply.available.get(sku, {}).get(at, 0) for sku in more}
    try:
        for sku, units in more.items():
            supply.overlay(sku, at, max(0, before[sku]) + units)
        return case.chosen_at(case.at)
    finally:
        for sku, units in before.items():
            supply.overlay(sku, at, units)


def _price(case: Case) -> Iterator[WhatIf]:
    """The discount on its parcel that bridges the difference; never more than the parcel costs."""
    if case.with_it is None or not _alike(case.plan, case.with_it):
        return
    own = sum(one.cost for one in case.with_it.assignments if one.location_id == case.location_id)
    bridge = case.with_it.cost - case.plan.cost
    for discount in (bridge, bridge + 1):
        if 0 < discount <= own and case.chosen_under(_discounted(case, discount)):
            text = f"if its parcel were {case.money(discount)} cheaper"
            yield WhatIf("price", text, own, own - discount)
            return


def _alike(plan: Plan, other: Plan) -> bool:
    """As many parcels, as many units left over: money decides between them."""
    left = sum(plan.unallocated.values()) == sum(other.unallocated.values())
    return left and len(plan.assignments) == len(other.assignments)


def _discounted(case: Case, discount: int) -> RuleSet:
    where = Where(locations=frozenset({case.location_id}))
    rule = Rule("what if", Change(parcel=-discount), where=where)
    rules = case.at.book.rules
    return replace(rules, rules=(*rules.rules, rule))


def _weights(case: Case) -> Iterator[WhatIf]:
    """The price of a day, or of a parcel, at which the two plans change places."""
    other, weights = case.with_it, case.scene.rules.weights
    if other is None or sum(case.plan.unallocated.values()) != sum(other.unallocated.values()):
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
