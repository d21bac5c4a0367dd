"""Prices of one moment, shared by all demands of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from dom.model.geo import Destination
from dom.model.location import Location
from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing.grouping import groups
from dom.sourcing.network import LocationClass, Network
from dom.sourcing.pacing import Pacing
from dom.sourcing.pricing import Group, Journey
from dom.sourcing.problem import Demand
from dom.sourcing.ruling import Rulebook, Ruling
from dom.sourcing.supply import Supply


class Prices(NamedTuple):
    """Price groups, and the least that any of them asks for a parcel and a unit beside tariffs.

    `earns`: some parcel may earn money, so that neither is a lower bound.
    """

    groups: tuple[Group, ...]
    parcel: int
    unit: int
    earns: bool


class PriceBook:
    """A network under a rule set at an instant. Keeps what it has worked out, for the next demand.

    `holding` names the rules that hold for a kind of demand (`Rulebook.holding`).

    `lifted`: fences, by their reason, that do not count for these locations: for asking what if.
    """

    def __init__(
        self,
        network: Network,
        rules: RuleSet,
        now: datetime,
        lifted: Mapping[str, int] | None = None,
    ) -> None:
        self.network = network
        self.rules = rules
        self.now = now
        self.lifted = lifted or {}
        self._rulebook = Rulebook(network, rules, now)
        self._prices: dict[object, Prices] = {}
        self._arrivals: dict[object, tuple[datetime, ...]] = {}
        self._pacing: Pacing | None = None

    def holding(self, demand: Demand) -> tuple[int, ...]:
        """The rules that hold for the demand."""
        return self._rulebook.holding(demand.case) if self._rulebook else ()

    def ruling(self, holding: tuple[int, ...]) -> Ruling:
        """Weights and fences under those rules."""
        return self._rulebook.ruling(holding)

    def journey(self, demand: Demand) -> Journey:
        """How the demand's goods travel: to the customer, or to the store where they collect."""
        country = demand.destination.country_code.upper()
        place = self.network.index.get(demand.fixed_location) if demand.fixed_location else None
        if demand.method is not Method.SHIP_TO_STORE or place is None:
            return Journey(demand.method, country)
        store = self.network.locations[place]
        return Journey(demand.method, store.country_code.upper(), store, 1 << place)

    def prices(self, holding: tuple[int, ...], way: Journey) -> Prices:
        """Price groups of a way under those rules."""
        key = holding, way[:2], way.store_bit
        if key not in self._prices:
            ruling = self._rulebook.ruling(holding)
            self._prices[key] = _prices(ruling, groups(self.network, ruling, self.now, way))
        return self._prices[key]

    def arrivals(self, one: LocationClass, way: Journey) -> tuple[datetime, ...]:
        """By zone: when the customer has what a location of that class sends."""
        key = one.members, way[:2], way.store_bit
        if key not in self._arrivals:
            kept = self.network.arrivals(self.rules.service)
            self._arrivals[key] = kept.by_zone(one, self.now, way)
        return self._arrivals[key]

    def pressed(self, supply: Supply) -> dict[int, tuple[int, int]]:
        """Locations whose slots are used up faster than their day (`Pacing`)."""
        if self._pacing is None or self._pacing.supply is not supply:
            self._pacing = Pacing(self.network, self.rules.service, self.now, supply)
        return self._pacing.pressed()


def destination_of(store: Location) -> Destination:
    """A store as the place that goods are sent to."""
    return Destination(
        store.country_code, store.postal_code, store.province_code, store.city, store.coordinates
    )


def _prices(ruling: Ruling, found: tuple[Group, ...]) -> Prices:
    weights = ruling.rules.weights
    parcels = [g.handling.parcel + weights.day * min(g.days) + g.local.parcel for g in found]
    units = [g.handling.unit + g.local.unit for g in found]
    earns = weights.markdown > 0 or any(min(g.local[:2]) < 0 for g in found)
    return Prices(found, weights.parcel + min(parcels, default=0), min(units, default=0), earns)
