"""What a rule is for: kinds of demand (`When`) and kinds of location (`Where`)."""

from __future__ import annotations

from dataclasses import dataclass

from dom.model.ids import LocationId
from dom.model.location import Location, LocationType
from dom.model.order import Method


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may ask of a demand. `value_minor`: its goods, in the order's currency."""

    channel: str = ""
    method: Method = Method.SHIP
    country: str = ""
    tier: str = ""
    categories: frozenset[str] = frozenset()
    value_minor: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """Demands that a rule is for: all that is given must hold, an empty set means any.

    `categories`: one of the lines has one of them. `least_value` up to, but not including,
    `below_value` (minor units).
    """

    channels: frozenset[str] = frozenset()
    methods: frozenset[Method] = frozenset()
    countries: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    least_value: int = 0
    below_value: int | None = None

    def holds(self, case: Case) -> bool:
        """Whether the demand is of that kind."""
        return (
            (not self.channels or case.channel in self.channels)
            and (not self.methods or case.method in self.methods)
            and (not self.countries or case.country in self.countries)
            and (not self.tiers or case.tier in self.tiers)
            and (not self.categories or bool(case.categories & self.categories))
            and self.least_value <= case.value_minor
            and (self.below_value is None or case.value_minor < self.below_value)
        )


@dataclass(frozen=True, slots=True)
class Where:
    """Locations that a rule is for: all that is given must hold, an empty set means any."""

    locations: frozenset[LocationId] = frozenset()
    groups: frozenset[str] = frozenset()
    types: frozenset[LocationType] = frozenset()
    countries: frozenset[str] = frozenset()

    def holds(self, location: Location) -> bool:
        """Whether the location is of that kind."""
        return (
            (not self.locations or location.location_id in self.locations)
            and (not self.groups or bool(location.groups & self.groups))
            and (not self.types or location.type in self.types)
            and (not self.countries or location.country_code in self.countries)
        )
