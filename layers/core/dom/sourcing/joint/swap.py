"""A case that goes from its present plan to another: what of it changes, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dom.model.ids import LocationId
from dom.sourcing import wording
from dom.sourcing.assignment import offer
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.fare import money
from dom.sourcing.plan import Assignment
from dom.sourcing.scene import Contents


@dataclass(frozen=True)
class Swap:
    """The plan that a case has, and the one that takes its place, both priced at the same moment.

    `alone`: a lower bound of the new plan's cost, were no other demand there.
    """

    case: Case
    contents: Contents
    alone: int

    @cached_property
    def gone(self) -> list[int]:
        """Locations whose parcel ends: it becomes another, or its place is closed."""
        return [place for place in self.case.present if not self.keeps(place)]

    @cached_property
    def begun(self) -> list[int]:
        """Locations with a new parcel, the nearest first."""
        view = self.case.scene.view
        return view.by_distance([place for place in self.contents if not self.keeps(place)])

    @cached_property
    def before(self) -> tuple[Assignment, ...]:
        """The parcels that end."""
        return tuple(offer(self.case.scene, p, self.case.present[p]) for p in self.gone)

    @cached_property
    def after(self) -> tuple[Assignment, ...]:
        """The parcels that take their place."""
        return tuple(offer(self.case.scene, p, self.contents[p]) for p in self.begun)

    @property
    def saved(self) -> int:
        """Minor units, in the terms of the rules; negative where it makes room for others."""
        return sum(one.cost for one in self.before) - sum(one.cost for one in self.after)

    @property
    def why(self) -> str:
        """The reason, for people in operations."""
        places = wording.listed(sorted(self.names(self.gone)))
        if self.case.homeless:
            return f"re-planned: {places} is closed"
        money = wording.amount(abs(self.saved), self.case.scene.demand.currency)
        if self.saved > 0:
            return f"re-planned: {money} less than from {places}"
        return f"re-planned: makes room at {places} for others that save more than its {money}"

    def names(self, places: list[int]) -> list[LocationId]:
        """The locations' ids."""
        return [self.case.scene.network.locations[place].location_id for place in places]

    def keeps(self, place: int) -> bool:
        """Whether that parcel stays with its work."""
        old, new = self.case.present.get(place, {}), self.contents.get(place, {})
        return dict(old) == dict(new) and not _is_closed(self.case, place)


def cost_of(case: Case, contents: Contents) -> int:
    """Of all its parcels, in the terms of the rules, without penalties for being parcels."""
    return sum(money(case.scene, place, parcel) for place, parcel in contents.items())


def _is_closed(case: Case, place: int) -> bool:
    network, supply = case.scene.network, case.scene.supply
    return bool((network.inactive | supply.closed_bits(network)) >> place & 1)
