"""Destinations that nothing can serve, asked of the very fences that routing has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.order import Method
from dom.model.overlay import Rule
from dom.model.rules import RuleSet
from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, error, warning
from dom.sourcing.network import Network
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, DemandLine, Supply
from dom.sourcing.scene import Scene
from dom.sourcing.zip3 import areas

SHOWN = 12
_SKU = Sku("any")


def check(matter: Matter) -> Iterator[Finding]:
    """An error if no parcel can be sent anywhere, else a warning for what is left out."""
    active = [one for one in matter.locations if one.active]
    if not active:
        return
    asked = _Asked(matter, active)
    countries = sorted(asked.countries())
    # Where a radius counts, a country is too large to be a place; its areas are asked below.
    anywhere = [c for c in countries if not asked.served(Destination(c), without_radius=True)]
    if anywhere == countries:
        yield error("nothing_served", "fences", "no location may send anything to any country")
        return
    if anywhere:
        text = f"no location may send anything to {', '.join(anywhere)}"
        yield warning("country_not_served", "fences", text)
    if "US" in countries and "US" not in anywhere and asked.has_radius:
        lost = [zip3 for zip3 in areas() if not asked.served(Destination("US", f"{zip3}01"))]
        if lost:
            more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
            text = f"no location may send anything to ZIP areas {', '.join(lost[:SHOWN])}{more}"
            yield warning("area_not_served", "fences.radius_km", text)


class _Asked:
    """A network in which every location has everything: what keeps it out is a fence."""

    def __init__(self, matter: Matter, active: list[Location]) -> None:
        self.now = matter.now
        self.rules = matter.rules
        self.network = Network({one.location_id: one for one in active})
        stock: dict[LocationId, int] = {one.location_id: 10**6 for one in active}
        self.supply = Supply({_SKU: stock})
        wide = _without_radius(self.rules)
        self.has_radius = wide != self.rules
        self._book = PriceBook(self.network, self.rules, self.now)
        self._wide = PriceBook(self.network, wide, self.now)

    def countries(self) -> set[str]:
        """Those that locations are in, and those that they are said to reach."""
        reached = {to for countries in self.rules.fences.ships_to.values() for to in countries}
        return set(self.network.by_country) | reached

    def served(self, to: Destination, without_radius: bool = False) -> bool:
        """Whether any location may send a parcel there."""
        line = DemandLine("1", _SKU, 1, 500)
        demand = Demand("lint", "1", Method.SHIP, to, (line,), None, self.now)
        book = self._wide if without_radius else self._book
        return any(Scene(demand, self.supply, book).allowed_for)


def _without_radius(rules: RuleSet) -> RuleSet:
    return replace(
        rules,
        fences=replace(rules.fences, radius_km=None),
        rules=tuple(map(_unlimited, rules.rules)),
        overlays=tuple(replace(one, rule=_unlimited(one.rule)) for one in rules.overlays),
    )


def _unlimited(rule: Rule) -> Rule:
    fences = {name: v for name, v in rule.change.fences.items() if name != "radius_km"}
    return replace(rule, change=replace(rule.change, fences=fences, radius_km=None))
