"""Routing by trying everything, and a feasibility checker: written apart from the solvers.

Shares only the model's plain data and the promised instant (which has tests of its own) with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations, product
from math import ceil
from typing import Any

from dom.model.geo import distance_km
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location
from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, DemandLine, Supply
from dom.sourcing.promise import delivers_by

COLLECTED = (Method.PICKUP, Method.CURBSIDE)
Allocation = dict[str, dict[LocationId, int]]
Score = tuple[int, int, int]


class Oracle:
    """Everything about one small instance, worked out the slow way."""

    def __init__(
        self,
        demand: Demand,
        supply: Supply,
        locations: Mapping[LocationId, Location],
        rules: RuleSet,
        now: datetime,
    ) -> None:
        self.demand, self.supply, self.rules, self.now = demand, supply, rules, now
        self.locations = locations
        self.open = {key for key, place in locations.items() if self._is_open(place)}
        self._prices: dict[Any, tuple[int, int]] = {}

    def best(self) -> Score | None:
        """(money with penalties, parcels, metres) of the best plan; None: nothing allocated."""
        splits = self.rules.fences.max_splits
        cases = [(splits, True)] if self.rules.fences.ship_complete else []
        if not cases:
            cases = [(None, False)] if splits is None else [(splits, True), (splits - 1, False)]
        for allowed, complete in cases:
            most = None if allowed is None else allowed + 1
            found = self._staged(most, complete)
            if found is not None:
                return found
        return None

    def usable(self, line: DemandLine) -> list[LocationId]:
        """Locations that may send the line."""
        floor = max(1, self.rules.fences.min_routing_stock)
        stock = self.supply.available.get(line.sku, {})
        allowed = self.open - line.excluded
        return sorted(key for key in allowed if stock.get(key, 0) >= floor)

    def parcel(self, key: LocationId, grams: int, units: int) -> tuple[int, int]:
        """Price in minor units without penalties, and metres."""
        if (key, grams, units) not in self._prices:
            self._prices[key, grams, units] = self._parcel(key, grams, units)
        return self._prices[key, grams, units]

    def _parcel(self, key: LocationId, grams: int, units: int) -> tuple[int, int]:
        place, rules, demand = self.locations[key], self.rules, self.demand
        km = distance_km(place.coordinates, demand.destination.coordinates)
        metres = None if km is None else round(km * 1000)
        country = demand.destination.country_code
        abroad = bool(country) and country != place.country_code
        zone = len(rules.rate_card.edges_km)
        if metres is not None and not abroad:
            zone = sum(1 for edge in rules.rate_card.edges_km if metres > edge * 1000)
        far = 20_016_000 if metres is None else metres
        money = rules.weights.handling[place.type].parcel
        money += rules.weights.handling[place.type].unit * units
        transit = 0
        if demand.method is Method.SHIP:
            money += _tariff(rules, grams, zone) + (rules.rate_card.cross_border if abroad else 0)
            transit = rules.service.transit_days[zone]
            transit += rules.service.cross_border_days if abroad else 0
        if demand.method is Method.SAME_DAY:
            money += rules.rate_card.same_day + rules.rate_card.same_day_per_km * far // 1000
        if demand.method not in COLLECTED:
            carbon = round(grams * (far * 101.63 / 1e9 + rules.last_mile_km * 631.3 / 1e6))
            money += (carbon * rules.weights.co2e_tonne + 500_000) // 1_000_000
        cutoff = rules.service.cutoffs.get(place.type, rules.service.cutoff)
        service = rules.service
        until = delivers_by(self.now, place.timezone, cutoff, transit, demand.method, service)
        money += rules.weights.day * max(0, ceil((until - self.now).total_seconds() / 86400))
        return money, far

    def score(self, allocation: Allocation) -> Score:
        """Of units by line by location."""
        weights = self.rules.weights
        lines = {line.line_id: line for line in self.demand.lines}
        parcels: dict[LocationId, list[int]] = {}
        placed = 0
        for line_id, by_place in allocation.items():
            for key, units in by_place.items():
                parcel = parcels.setdefault(key, [0, 0])
                parcel[0] += units * lines[line_id].grams
                parcel[1] += units
                placed += units
        left = sum(line.quantity for line in self.demand.lines) - placed
        money, metres = left * weights.unallocated, 0
        for key, (grams, units) in parcels.items():
            price, way = self.parcel(key, grams, units)
            money, metres = money + price + weights.parcel, metres + way
        return money, len(parcels), metres

    def _is_open(self, place: Location) -> bool:
        demand, supply, fences = self.demand, self.supply, self.rules.fences
        key, country = place.location_id, demand.destination.country_code
        if not place.active or key in supply.closed or supply.capacity_left.get(key, 1) <= 0:
            return False
        if Capability(demand.method.value) not in place.capabilities:
            return False
        if demand.method in COLLECTED or demand.fixed_location:
            return key == demand.fixed_location
        reached = fences.ships_to.get(place.country_code)
        if country and reached is not None and country not in {*reached, place.country_code}:
            return False
        km = distance_km(place.coordinates, demand.destination.coordinates)
        near = km is not None and round(km * 1000) <= fences.same_day_km * 1000
        return demand.method is not Method.SAME_DAY or near

    def _staged(self, most: int | None, complete: bool) -> Score | None:
        """Lines stay whole, unless no location has them whole or SKUs they share lose by it."""
        split = {n for n, line in enumerate(self.demand.lines) if not self._whole(line)}
        first = self._search(split, most, complete)
        short = self._short_skus(first[1] if first else {})
        if not short:
            return first[0] if first else None
        split |= {n for n, line in enumerate(self.demand.lines) if line.sku in short}
        second = self._search(split, most, complete)
        return min((found[0] for found in (first, second) if found), default=None)

    def _whole(self, line: DemandLine) -> bool:
        stock = self.supply.available.get(line.sku, {})
        return any(stock[key] >= line.quantity for key in self.usable(line))

    def _short_skus(self, allocation: Allocation) -> set[Sku]:
        """SKUs of several lines that lose more units than free splitting would."""
        found: set[Sku] = set()
        for sku in {line.sku for line in self.demand.lines}:
            lines = [line for line in self.demand.lines if line.sku == sku]
            placed = sum(sum(allocation.get(line.line_id, {}).values()) for line in lines)
            if len(lines) > 1 and placed < self._most_units(lines):
                found.add(sku)
        return found

    def _most_units(self, lines: list[DemandLine]) -> int:
        """Hall's theorem over all subsets of the lines."""
        wanted, stock = sum(line.quantity for line in lines), self.supply.available
        short = 0
        for size in range(1, len(lines) + 1):
            for subset in combinations(lines, size):
                places = {key for line in subset for key in self.usable(line)}
                there = sum(stock[subset[0].sku][key] for key in places)
                short = max(short, sum(line.quantity for line in subset) - there)
        return wanted - short

    def _search(
        self, split: set[int], most: int | None, complete: bool
    ) -> tuple[Score, Allocation] | None:
        lines = self.demand.lines
        choices = [list(self._ways(line, n in split)) for n, line in enumerate(lines)]
        wanted = sum(line.quantity for line in lines)
        best: tuple[Score, Allocation] | None = None
        for combination in product(*choices):
            allocation = {line.line_id: way for line, way in zip(lines, combination, strict=True)}
            if not self._in_stock(allocation):
                continue
            placed = sum(sum(way.values()) for way in combination)
            used = {key for way in combination for key in way}
            if (complete and placed < wanted) or (most is not None and len(used) > most):
                continue
            score = self.score(allocation)
            if best is None or score < best[0]:
                best = score, allocation
        return best

    def _ways(self, line: DemandLine, split: bool) -> Iterator[dict[LocationId, int]]:
        stock, places = self.supply.available.get(line.sku, {}), self.usable(line)
        if not split:
            yield {}
            yield from ({key: line.quantity} for key in places if stock[key] >= line.quantity)
            return
        for units in product(*(range(min(stock[key], line.quantity) + 1) for key in places)):
            if sum(units) <= line.quantity:
                yield {key: n for key, n in zip(places, units, strict=True) if n}

    def _in_stock(self, allocation: Allocation) -> bool:
        taken: dict[tuple[Sku, LocationId], int] = {}
        for line in self.demand.lines:
            for key, units in allocation[line.line_id].items():
                taken[line.sku, key] = taken.get((line.sku, key), 0) + units
        return all(self.supply.available[sku][key] >= n for (sku, key), n in taken.items())


def _tariff(rules: RuleSet, grams: int, zone: int) -> int:
    card, price, left = rules.rate_card, 0, max(1, grams)
    while left > 0:
        box = min(left, card.breaks_grams[-1])
        row = next(i for i, heaviest in enumerate(card.breaks_grams) if box <= heaviest)
        price, left = price + card.prices[row][zone], left - box
    return price


def plan_score(plan: Plan, demand: Demand, rules: RuleSet) -> Score:
    """The plan's own figures as the oracle counts: money with penalties, parcels, metres."""
    left = sum(plan.unallocated.values()) * rules.weights.unallocated
    parcels = len(plan.assignments)
    ways = [a.distance_km for a in plan.assignments]
    metres = sum(20_016_000 if km is None else round(km * 1000) for km in ways)
    return plan.cost + left + parcels * rules.weights.parcel, parcels, metres


def faults(plan: Plan, demand: Demand, supply: Supply, oracle: Oracle) -> list[str]:
    """What is wrong with a plan: units that do not add up, stock or fences that do not hold."""
    lines = {line.line_id: line for line in demand.lines}
    rows = [(a.location_id, row) for a in plan.assignments for row in a.lines]
    found = [f"{at}: {row}" for at, row in rows if row[2] <= 0 or row[1] != lines[row[0]].sku]
    barred = [(at, row[0]) for at, row in rows if at not in oracle.usable(lines[row[0]])]
    found += [f"{line_id} may not come from {at}" for at, line_id in barred]
    for assignment in plan.assignments:
        for sku, units in assignment.units().items():
            if units > supply.units(sku, assignment.location_id):
                found.append(f"{assignment.location_id} does not have {units} of {sku}")
    if len({a.location_id for a in plan.assignments}) < len(plan.assignments):
        found.append("a location appears twice")
    for line_id, line in lines.items():
        placed = sum(row[2] for _, row in rows if row[0] == line_id)
        if placed + plan.unallocated.get(line_id, 0) != line.quantity:
            found.append(f"{line_id} does not add up")
    return found
