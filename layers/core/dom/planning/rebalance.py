"""Which units should lie elsewhere: each where it is most likely to be asked for.

The k-th unit at a location is sold within the horizon with the chance that demand reaches k; a
customer who finds none loses us `worth`. So a unit is moved as long as that chance is higher there
than here by more than moving it costs. Chances fall with k: taking the best unit again and again is
exact as long as every unit costs the same to move. What a shipment costs is looked at only when all
that could travel together is known (`dom.planning.propose`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import ceil

from dom.forecast.counts import tails
from dom.model.expectation import Expected
from dom.model.geo import Coordinates, distance_km
from dom.model.ids import LocationId, Sku
from dom.model.rebalancing import Move, RebalancingTerms, Slow
from dom.planning.learn import forecast_of

NOWHERE = float("inf")


@dataclass(frozen=True, slots=True)
class Spot:
    """A location of a SKU: `units` that are there or coming, of which `spare` may leave now.

    `takes`: whether it may be sent any.
    """

    place: LocationId
    units: int
    spare: int
    takes: bool
    demand: Expected
    where: Coordinates | None = None


class _Chances:
    """The chance that each unit at a spot is asked for within the horizon, computed as needed."""

    def __init__(self, spot: Spot, horizon: int) -> None:
        known = forecast_of(spot.demand)
        self._more = tails(known.velocity * horizon, known.variance_over(horizon))
        self._found: list[float] = []

    def of(self, unit: int) -> float:
        """Of the unit of that number; the first is 1."""
        while len(self._found) < unit:
            self._found.append(next(self._more))
        return self._found[unit - 1] if unit > 0 else 1.0


@dataclass(slots=True)
class _Total:
    """Units that leave a spot (negative) or come to it, and what that is worth there."""

    units: int = 0
    worth: float = 0.0


def moves(
    sku: Sku, spots: Sequence[Spot], terms: RebalancingTerms, worth: float
) -> tuple[Move, ...]:
    """The moves of a SKU's units that gain most, without the cost of shipments.

    Never more than a spot's spare units; the same whatever the order of the spots.
    """
    by_place = {spot.place: spot for spot in sorted(spots, key=lambda one: one.place)}
    totals = _totals(by_place, terms, worth)
    pairs = _pairs(by_place, {name: one.units for name, one in totals.items() if one.units})
    return tuple(_move(sku, by_place, totals, pair, terms) for pair in pairs)


def slow(sku: Sku, spots: Sequence[Spot], network: Expected, cost: int, days: int) -> Slow | None:
    """What of the SKU's stock is left over after so many days of demand; None: nothing."""
    units = sum(max(0, spot.units) for spot in spots)
    excess = units - ceil(network.velocity * days)
    if excess <= 0:
        return None
    return Slow(sku, excess, _days(units, network), excess * cost)


def _totals(
    spots: Mapping[LocationId, Spot], terms: RebalancingTerms, worth: float
) -> dict[LocationId, _Total]:
    chances = {place: _Chances(spot, terms.horizon_days) for place, spot in spots.items()}
    totals = {place: _Total() for place in spots}
    wanting = [(-chances[x].of(max(0, one.units) + 1), x) for x, one in spots.items() if one.takes]
    giving = [(chances[x].of(one.units), x) for x, one in spots.items() if one.spare > 0]
    heapify(wanting)
    heapify(giving)
    while wanting and giving:
        (gain, to), (loss, origin) = wanting[0], giving[0]
        if worth * (-gain - loss) <= terms.cost_unit:
            return totals
        heappop(wanting)
        heappop(giving)
        _give(totals[to], 1, -gain * worth)
        _give(totals[origin], -1, -loss * worth)
        held = max(0, spots[to].units) + totals[to].units
        heappush(wanting, (-chances[to].of(held + 1), to))
        if spots[origin].spare + totals[origin].units > 0:
            left = spots[origin].units + totals[origin].units
            heappush(giving, (chances[origin].of(left), origin))
    return totals


def _give(total: _Total, units: int, worth: float) -> None:
    total.units += units
    total.worth += worth


def _pairs(
    spots: Mapping[LocationId, Spot], units: dict[LocationId, int]
) -> Iterator[tuple[LocationId, LocationId, int]]:
    """Who sends to whom: the nearest pair first, so that there are few and short ways."""
    ways = sorted(
        (_far(spots[origin], spots[to]), origin, to)
        for origin in units
        for to in units
        if units[origin] < 0 < units[to]
    )
    for _, origin, to in ways:
        number = min(-units[origin], units[to])
        if number > 0:
            units[origin] += number
            units[to] -= number
            yield origin, to, number


def _far(one: Spot, other: Spot) -> float:
    found = distance_km(one.where, other.where)
    return NOWHERE if found is None else found


def _move(
    sku: Sku,
    spots: Mapping[LocationId, Spot],
    totals: Mapping[LocationId, _Total],
    pair: tuple[LocationId, LocationId, int],
    terms: RebalancingTerms,
) -> Move:
    """A move with its share of what is gained and lost at its ends."""
    origin, to, units = pair
    gain = sum(units / abs(totals[end].units) * totals[end].worth for end in (origin, to))
    return Move(
        sku,
        origin,
        to,
        units,
        round(gain - units * terms.cost_unit),
        *_around(spots[origin], totals[origin].units),
        *_around(spots[to], totals[to].units),
    )


def _around(spot: Spot, change: int) -> tuple[float | None, float | None]:
    return _days(spot.units, spot.demand), _days(spot.units + change, spot.demand)


def _days(units: int, demand: Expected) -> float | None:
    return round(max(0, units) / demand.velocity, 1) if demand.velocity > 0 else None
