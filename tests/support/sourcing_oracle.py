"""Routing by trying everything, and a feasibility checker: written apart from the solvers.

Shares only the model's plain data and the promised instant (which has tests of its own) with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import combinations, product
from math import ceil, exp, factorial, prod
from typing import Any
from zoneinfo import ZoneInfo

from dom.model.geo import distance_km
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.model.rules import Dropship, Pass, RuleSet
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, DemandLine, Supply
from dom.sourcing.promise import DaysOff, collectable_by, delivers_by
from support import sourcing_rules

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
        self.weights, self.fences = sourcing_rules.effective(rules, demand, now)
        self.here = {
            key: sourcing_rules.at(rules, demand, now, place) for key, place in locations.items()
        }
        self.lines = {line.line_id: line for line in demand.lines}
        self.attempt = Pass("")
        self._prices: dict[Any, tuple[int, int]] = {}
        self.start(self.attempt)

    def start(self, attempt: Pass) -> None:
        """Look at one pass."""
        self.attempt = attempt
        self.open = {key for key, place in self.locations.items() if self._is_open(place)}

    def best(self) -> Score | None:
        """(money with penalties, parcels, metres) of the best plan; None: nothing allocated."""
        for attempt in self.rules.passes or (Pass(""),):
            self.start(attempt)
            found = self._best_of_pass()
            if found is not None and found[1] == 0:
                return found[0]
        return found[0] if found else None

    def _best_of_pass(self) -> tuple[Score, int] | None:
        """And the units it leaves over."""
        splits = [s for s in (self.fences.max_splits, self.attempt.max_splits) if s is not None]
        most = min(splits, default=None)
        cases = [(most, True)] if self.fences.ship_complete else []
        if not cases:
            cases = [(None, False)] if most is None else [(most, True), (most - 1, False)]
        for allowed, complete in cases:
            found = self._staged(None if allowed is None else allowed + 1, complete)
            if found is not None:
                placed = sum(sum(way.values()) for way in found[1].values())
                return found[0], sum(line.quantity for line in self.demand.lines) - placed
        return None

    def usable(self, line: DemandLine) -> list[LocationId]:
        """Locations that may send the line."""
        able = self._usable(line)
        if line.keep_together:
            able = [key for key in able if self._has_all(key, line.keep_together)]
        rule, own = self.fences.dropship, [key for key in able if not self._is_supplier(key)]
        stock = self.supply.available.get(line.sku, {})
        wanted = sum(one.quantity for one in self.demand.lines if one.sku == line.sku)
        enough = sum(stock[key] for key in own) >= wanted
        if rule is Dropship.NEVER or (rule is Dropship.LAST and enough):
            return own
        return able

    def _usable(self, line: DemandLine) -> list[LocationId]:
        stock = self.supply.available.get(line.sku, {})
        found = []
        for key in sorted(self.open - line.excluded):
            local = self.here[key].min_stock
            floor = self.fences.min_routing_stock if local is None else local
            handles = line.needs <= self.locations[key].handles
            able = self._works(key, {line.line_id: 1})
            if stock.get(key, 0) >= max(1, floor) and handles and able:
                found.append(key)
        return found

    def _works(self, key: LocationId, contents: Mapping[str, int]) -> bool:
        """Whether the location has the effort left for a parcel with these units by line."""
        left = self.supply.effort_left.get(key)
        return left is None or self.effort(key, contents) <= left

    def effort(self, key: LocationId, contents: Mapping[str, int]) -> int:
        """Effort units: once for the order, for each line, and for each unit."""
        rate = self.locations[key].efforts.get(self.demand.method)
        order, line, unit = (rate.order, rate.line, rate.unit) if rate else (0, 0, 1)
        total = order if contents else 0
        for line_id, units in contents.items():
            product = self.supply.products.get(self.lines[line_id].sku)
            total += line + units * (unit + (product.effort if product else 0))
        return total

    def _has_all(self, key: LocationId, name: str) -> bool:
        kept = [line for line in self.demand.lines if line.keep_together == name]
        wanted: dict[Sku, int] = {}
        for line in kept:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
        there = self.supply.available
        enough = all(there.get(sku, {}).get(key, 0) >= n for sku, n in wanted.items())
        return enough and all(key in self._usable(line) for line in kept)

    def _is_supplier(self, key: LocationId) -> bool:
        return self.locations[key].type is LocationType.SUPPLIER

    def parcel(self, key: LocationId, contents: Mapping[str, int]) -> tuple[int, int]:
        """Price in minor units without penalties, and metres."""
        known = key, tuple(sorted(contents.items()))
        if known not in self._prices:
            self._prices[known] = self._parcel(key, contents)
        return self._prices[known]

    def _parcel(self, key: LocationId, contents: Mapping[str, int]) -> tuple[int, int]:
        place, rules, here = self.locations[key], self.rules, self.here[key]
        grams = sum(self.lines[n].grams * units for n, units in contents.items())
        cm3 = sum(self.lines[n].volume_cm3 * units for n, units in contents.items())
        units = sum(contents.values())
        far, zone, abroad = self._way(place)
        method = self._method(key)
        labor = self.weights.handling[place.type]
        money = labor.parcel + labor.unit * units + here.parcel + here.unit * units
        if method in (Method.SHIP, Method.SHIP_TO_STORE):
            divisor = rules.rate_card.divisor
            billed = grams if divisor is None else max(grams, ceil(Fraction(cm3 * 1000, divisor)))
            money += _tariff(rules, billed, zone) + (rules.rate_card.cross_border if abroad else 0)
        if method is Method.SAME_DAY:
            money += rules.rate_card.same_day + rules.rate_card.same_day_per_km * far // 1000
        if method not in COLLECTED:
            carbon = round(grams * (far * 101.63 / 1e9 + rules.last_mile_km * 631.3 / 1e6))
            money += (carbon * self.weights.co2e_tonne + 500_000) // 1_000_000
        waits = (self._until(place) - self.now).total_seconds() / 86400
        money += self.weights.day * max(0, ceil(waits))
        return money + self._slot(place) + self._goods(key, contents), far

    def _method(self, key: LocationId) -> Method:
        method = self.demand.method
        at_store = method is Method.SHIP_TO_STORE and key == self.demand.fixed_location
        return Method.PICKUP if at_store else method

    def _goal(self) -> tuple[Any, str]:
        """Coordinates and country that goods are sent to."""
        if self.demand.method is Method.SHIP_TO_STORE and self.demand.fixed_location:
            store = self.locations[self.demand.fixed_location]
            return store.coordinates, store.country_code
        return self.demand.destination.coordinates, self.demand.destination.country_code

    def _way(self, place: Location) -> tuple[int, int, bool]:
        """Metres, zone, and whether a border is crossed."""
        at, country = self._goal()
        km = distance_km(place.coordinates, at)
        metres = None if km is None else round(km * 1000)
        edges = self.rules.rate_card.edges_km
        abroad = bool(country) and country != place.country_code
        zone = len(edges)
        if metres is not None and not abroad:
            zone = sum(1 for edge in edges if metres > edge * 1000)
        return 20_016_000 if metres is None else metres, zone, abroad

    def _until(self, place: Location) -> datetime:
        service, method = self.rules.service, self._method(place.location_id)
        _, zone, abroad = self._way(place)
        transit = 0
        if method in (Method.SHIP, Method.SHIP_TO_STORE):
            transit = service.transit_days[zone] + (service.cross_border_days if abroad else 0)
        cutoff = service.cutoffs.get(place.type, service.cutoff)
        off = DaysOff(place.closed_weekdays, place.closed_dates)
        until = delivers_by(self.now, place.timezone, cutoff, transit, method, service, off)
        if method is not Method.SHIP_TO_STORE:
            return until
        store = self.locations[self.demand.fixed_location]  # type: ignore[index]
        off = DaysOff(store.closed_weekdays, store.closed_dates)
        return collectable_by(until, store.timezone, off, service)

    def _slot(self, place: Location) -> int:
        """The weight for each slot used before its time; effort in slots of one unit's work."""
        rate = place.efforts.get(Method.SHIP)
        one = max(1, rate.order + rate.line + rate.unit if rate else 1)
        capacity_left, effort_left = self.supply.capacity_left, self.supply.effort_left
        over = [Fraction(0)]
        for most, left, size in (
            (place.daily_capacity, capacity_left.get(place.location_id), 1),
            (place.daily_effort, effort_left.get(place.location_id), one),
        ):
            if most is not None and left is not None:
                over.append((most - left - most * self._share_of_day(place)) / size)
        return int(self.weights.capacity * max(over))

    def _share_of_day(self, place: Location) -> Fraction:
        zone, service = ZoneInfo(place.timezone), self.rules.service
        today = self.now.astimezone(zone).date()
        begins = datetime.combine(today, time(0), zone).timestamp()
        cutoff = service.cutoffs.get(place.type, service.cutoff)
        ends = datetime.combine(today, cutoff, zone).timestamp()
        return min(Fraction(1), Fraction(int(self.now.timestamp() - begins), int(ends - begins)))

    def _goods(self, key: LocationId, contents: Mapping[str, int]) -> int:
        """The chance of a rejection, what units are worth later, and credits for slow stock."""
        kept = credit = 0
        risks: dict[Sku, Fraction] = {}
        for line_id, units in contents.items():
            line = self.lines[line_id]
            product = self.supply.products.get(line.sku)
            if product is None:
                continue
            risks[line.sku] = Fraction(product.rejects.get(key, 0), 100)
            stock = self.supply.available[line.sku]
            each = product.daily_demand / sum(1 for n in stock.values() if n > 0)
            kept += units * self._worth(line, each * self.weights.replenish_days, stock[key])
            if stock[key] > each * 7 * self.weights.slow_weeks:
                credit += units * (product.markdown * self.weights.markdown // 100)
        risk = ceil(self.weights.reject * (1 - prod(1 - risk for risk in risks.values())))
        return risk + kept - min(credit, self.weights.markdown_cap)

    def _worth(self, line: DemandLine, expected: float, units: int) -> int:
        if not expected:
            return 0
        divisor, grams = self.rules.rate_card.divisor, line.grams
        if divisor is not None:
            grams = max(grams, ceil(Fraction(line.volume_cm3 * 1000, divisor)))
        last = len(self.rules.rate_card.edges_km)
        longer = _tariff(self.rules, grams, last) - _tariff(self.rules, grams, 0)
        below = sum(exp(-expected) * expected**k / factorial(k) for k in range(units))
        return round(longer * self.weights.last_unit * (1 - below) / 100)

    def score(self, allocation: Allocation) -> Score:
        """Of units by line by location."""
        parcels = _parcels(allocation)
        placed = sum(sum(contents.values()) for contents in parcels.values())
        left = sum(line.quantity for line in self.demand.lines) - placed
        money, metres = left * self.weights.unallocated, 0
        for key, contents in parcels.items():
            price, way = self.parcel(key, contents)
            money, metres = money + price + self.weights.parcel, metres + way
        return money, len(parcels), metres

    def _is_open(self, place: Location) -> bool:
        demand, supply, fences = self.demand, self.supply, self.fences
        key, here = place.location_id, self.here[place.location_id]
        if not place.active or key in supply.closed or supply.capacity_left.get(key, 1) <= 0:
            return False
        if here.out or key in fences.excluded:
            return False
        if fences.groups and place.groups.isdisjoint(fences.groups):
            return False
        if demand.method is Method.SHIP_TO_STORE and not self._collectable():
            return False
        if not self._can(place):
            return False
        fixed = demand.fixed_location and demand.method is not Method.SHIP_TO_STORE
        if (fixed or demand.method in COLLECTED) and key != demand.fixed_location:
            return False
        return self._reaches(place) and self._in_time(place)

    def _collectable(self) -> bool:
        store = self.locations.get(self.demand.fixed_location or LocationId(""))
        return bool(store and store.active and Capability.PICKUP in store.capabilities)

    def _can(self, place: Location) -> bool:
        method = self.demand.method
        if method is Method.SHIP_TO_STORE:
            at_store = place.location_id == self.demand.fixed_location
            return at_store or Capability.SHIP in place.capabilities
        return Capability(method.value) in place.capabilities

    def _reaches(self, place: Location) -> bool:
        if self._method(place.location_id) in COLLECTED:
            return True
        fences, here = self.fences, self.here[place.location_id]
        at, country = self._goal()
        reached = fences.ships_to.get(place.country_code)
        if country and reached is not None and country not in {*reached, place.country_code}:
            return False
        limit = fences.radius_km if here.radius_km is None else here.radius_km
        if self.demand.method is Method.SAME_DAY:
            limit = fences.same_day_km
        km = distance_km(place.coordinates, at)
        return limit is None or (km is not None and round(km * 1000) <= limit * 1000)

    def _in_time(self, place: Location) -> bool:
        late, by = self.attempt.days_late, self.demand.promised_by
        return late is None or by is None or self._until(place) <= by + timedelta(days=late)

    def _staged(self, most: int | None, complete: bool) -> tuple[Score, Allocation] | None:
        """Lines stay whole, unless no location has them whole or SKUs they share lose by it."""
        split = {n for n, line in enumerate(self.demand.lines) if not self._whole(line)}
        first = self._search(split, most, complete)
        short = self._short_skus(first[1] if first else {})
        if not short:
            return first
        lines = enumerate(self.demand.lines)
        split |= {n for n, line in lines if line.sku in short and not line.keep_together}
        second = self._search(split, most, complete)
        return min((x for x in (first, second) if x), key=lambda x: x[0], default=None)

    def _whole(self, line: DemandLine) -> bool:
        stock = self.supply.available.get(line.sku, {})
        if line.keep_together:
            return True
        whole = {line.line_id: line.quantity}
        able = self.usable(line)
        return any(stock[key] >= line.quantity and self._works(key, whole) for key in able)

    def _short_skus(self, allocation: Allocation) -> set[Sku]:
        """SKUs that lose more units than free splitting would: of several lines, or for effort."""
        found: set[Sku] = set()
        everything = {line.line_id: line.quantity for line in self.demand.lines}
        tired = not all(self._works(key, everything) for key in self.locations)
        for sku in {line.sku for line in self.demand.lines}:
            lines = [line for line in self.demand.lines if line.sku == sku]
            placed = sum(sum(allocation.get(line.line_id, {}).values()) for line in lines)
            if (tired or len(lines) > 1) and placed < self._most_units(lines):
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
            if not all(self._works(*parcel) for parcel in _parcels(allocation).items()):
                continue
            placed = sum(sum(way.values()) for way in combination)
            used = {key for way in combination for key in way}
            if (complete and placed < wanted) or (most is not None and len(used) > most):
                continue
            if not self.together(allocation) or not self.worth_sending(allocation):
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

    def together(self, allocation: Allocation) -> bool:
        """Whether goods that travel together do, all of them or none."""
        names = {line.keep_together for line in self.demand.lines if line.keep_together}
        for name in names:
            kept = [line for line in self.demand.lines if line.keep_together == name]
            ways = [allocation.get(line.line_id, {}) for line in kept]
            places = {key for way in ways for key in way}
            short = any(
                sum(way.values()) < line.quantity for way, line in zip(ways, kept, strict=True)
            )
            if len(places) > 1 or (places and short):
                return False
        return True

    def worth_sending(self, allocation: Allocation) -> bool:
        """Whether no shipment beside others, and no leftover beside one, is worth too little."""
        values = [
            sum(self.lines[n].value_minor * units for n, units in contents.items())
            for contents in _parcels(allocation).values()
        ]
        placed = {n: sum(way.values()) for n, way in allocation.items()}
        over = [(line, line.quantity - placed.get(n, 0)) for n, line in self.lines.items()]
        if any(units for _, units in over):
            values.append(sum(line.value_minor * units for line, units in over))
        return len(values) == 1 or all(value >= self.fences.split_value for value in values)

    def _in_stock(self, allocation: Allocation) -> bool:
        taken: dict[tuple[Sku, LocationId], int] = {}
        for line in self.demand.lines:
            for key, units in allocation[line.line_id].items():
                taken[line.sku, key] = taken.get((line.sku, key), 0) + units
        return all(self.supply.available[sku][key] >= n for (sku, key), n in taken.items())


def _parcels(allocation: Allocation) -> dict[LocationId, dict[str, int]]:
    """Units by line by location, the other way round."""
    found: dict[LocationId, dict[str, int]] = {}
    for line_id, way in allocation.items():
        for key, units in way.items():
            if units:
                found.setdefault(key, {})[line_id] = units
    return found


def _tariff(rules: RuleSet, grams: int, zone: int) -> int:
    card, price, left = rules.rate_card, 0, max(1, grams)
    while left > 0:
        box = min(left, card.breaks_grams[-1])
        row = next(i for i, heaviest in enumerate(card.breaks_grams) if box <= heaviest)
        price, left = price + card.prices[row][zone], left - box
    return price


def plan_score(plan: Plan, oracle: Oracle) -> Score:
    """The plan's own figures as the oracle counts: money with penalties, parcels, metres."""
    left = sum(plan.unallocated.values()) * oracle.weights.unallocated
    parcels = len(plan.assignments)
    ways = [a.distance_km for a in plan.assignments]
    metres = sum(20_016_000 if km is None else round(km * 1000) for km in ways)
    return plan.cost + left + parcels * oracle.weights.parcel, parcels, metres


def faults(plan: Plan, demand: Demand, supply: Supply, oracle: Oracle) -> list[str]:
    """What is wrong with a plan: units that do not add up, stock or fences that do not hold."""
    named = (one for one in oracle.rules.passes if one.name == plan.pass_name)
    oracle.start(next(named, Pass("")))
    lines = {line.line_id: line for line in demand.lines}
    rows = [(a.location_id, row) for a in plan.assignments for row in a.lines]
    found = [f"{at}: {row}" for at, row in rows if row[2] <= 0 or row[1] != lines[row[0]].sku]
    usable = {line_id: set(oracle.usable(line)) for line_id, line in lines.items()}
    barred = [(at, row[0]) for at, row in rows if at not in usable[row[0]]]
    found += [f"{line_id} may not come from {at}" for at, line_id in barred]
    for assignment in plan.assignments:
        for sku, units in assignment.units().items():
            if units > supply.units(sku, assignment.location_id):
                found.append(f"{assignment.location_id} does not have {units} of {sku}")
        left = supply.effort_left.get(assignment.location_id)
        effort = oracle.effort(assignment.location_id, {n: q for n, _, q in assignment.lines})
        if left is not None and (effort > left or assignment.effort != effort):
            found.append(f"{assignment.location_id} has no effort for {effort}")
    if len({a.location_id for a in plan.assignments}) < len(plan.assignments):
        found.append("a location appears twice")
    for line_id, line in lines.items():
        placed = sum(row[2] for _, row in rows if row[0] == line_id)
        if placed + plan.unallocated.get(line_id, 0) != line.quantity:
            found.append(f"{line_id} does not add up")
    return found + _faults_of_the_whole(plan, rows, oracle)


def _faults_of_the_whole(
    plan: Plan, rows: list[tuple[LocationId, tuple[str, Sku, int]]], oracle: Oracle
) -> list[str]:
    """Limits of the plan: shipments, ship complete, kept together, worth sending."""
    allocation: Allocation = {}
    for at, (line_id, _, units) in rows:
        allocation.setdefault(line_id, {})[at] = units
    splits = [oracle.fences.max_splits, oracle.attempt.max_splits]
    most = min((s + 1 for s in splits if s is not None), default=None)
    left = any(plan.unallocated.values())
    shipments = len(plan.assignments) + left
    checks = {
        "too many shipments": not rows or most is None or shipments <= most,
        "not complete": not (oracle.fences.ship_complete and left and rows),
        "torn apart": oracle.together(allocation),
        "worth too little": oracle.worth_sending(allocation),
    }
    found = [fault for fault, holds in checks.items() if not holds]
    for one in plan.assignments:
        contents = {line_id: units for line_id, _, units in one.lines}
        if oracle.parcel(one.location_id, contents)[0] != one.cost:
            found.append(f"{one.location_id} does not cost {one.cost}")
        if one.cost != sum(one.terms.values()):
            found.append(f"the terms of {one.location_id} do not add up")
    return found
