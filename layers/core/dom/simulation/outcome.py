"""What a run comes to: totals, days, locations, and the blocks that comparisons are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dom.model.ids import LocationId
from dom.model.rules import RuleSet
from dom.simulation.batches import Batching
from dom.simulation.live import LiveSupply
from dom.simulation.replay import Replay
from dom.simulation.sums import Sums, total
from dom.simulation.tally import OrderTally
from dom.simulation.world import Situation

BLOCKS = 100


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """The orders that were placed on a day (UTC)."""

    day: date
    sums: Sums


@dataclass(frozen=True, slots=True)
class LocationUse:
    """A location's parcels, and of its days' capacity the mean and most that they took.

    The mean is over the days on which any location sent something; None: it has no bound.
    """

    location_id: LocationId
    parcels: int
    mean_use: float | None = None
    peak_use: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run of one variant.

    `days_p95`: 95 of 100 shipped orders have arrived by then. `blocks`: sums over as many runs of
    neighboring orders, which are the same orders in every variant of a situation. `locations`: the
    busiest first.
    """

    variant: str
    sums: Sums
    days_p95: float
    by_day: tuple[DayOutcome, ...]
    locations: tuple[LocationUse, ...]
    blocks: tuple[Sums, ...]
    locations_used: int = 0


def measure(
    variant: str, situation: Situation, rules: RuleSet, batching: Batching | None = None
) -> Outcome:
    """Run the situation under the rules and sum it up. Nothing outside is read or changed."""
    replay = Replay(situation, rules, batching)
    orders: dict[str, OrderTally] = {}
    for routed in replay:
        order = orders.setdefault(routed.demand.order_id, OrderTally.of(routed.demand))
        order.add(routed)
    tallies = list(orders.values())
    singles = [one.sums() for one in tallies]
    uses = tuple(_uses(replay.live))
    return Outcome(
        variant,
        total(singles),
        percentile([one.seconds / 86_400 for one in tallies if one.arrives], 95),
        tuple(_by_day(tallies, singles)),
        uses,
        tuple(total(block) for block in _blocks(singles)),
        len(uses),
    )


def percentile(values: Iterable[float], percent: int) -> float:
    """The least of the values that so many of a hundred do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else 0.0


def _by_day(tallies: Sequence[OrderTally], singles: Sequence[Sums]) -> Iterator[DayOutcome]:
    days: dict[date, list[Sums]] = {}
    for order, sums in zip(tallies, singles, strict=True):
        days.setdefault(order.day, []).append(sums)
    return (DayOutcome(day, total(days[day])) for day in sorted(days))


def _blocks(singles: Sequence[Sums]) -> Iterator[Sequence[Sums]]:
    size = max(1, -(-len(singles) // BLOCKS))
    return (singles[start : start + size] for start in range(0, len(singles), size))


def _uses(live: LiveSupply) -> Iterator[LocationUse]:
    """Busiest first."""
    days = len({day for _, day in live.taken}) or 1
    parcels: Counter[LocationId] = Counter()
    peaks: Counter[LocationId] = Counter()
    for (place, _), count in live.taken.items():
        parcels[place] += count
        peaks[place] = max(peaks[place], count)
    for place, count in sorted(parcels.items(), key=lambda one: (-one[1], one[0])):
        capacity = live.network.locations[live.network.index[place]].daily_capacity
        if capacity:
            shares = round(count / days / capacity, 4), round(peaks[place] / capacity, 4)
            yield LocationUse(place, count, *shares)
        else:
            yield LocationUse(place, count)
