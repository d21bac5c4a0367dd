"""What became of a season under a policy: told by what was sold, not by what anybody hoped for.

Shares no formula with the policies: a unit brings its price on the day somebody at its place wants
it and nobody else's unit is there, less what a season takes from it; what is left is sold off.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from dom.model.geo import Destination
from dom.model.rules import RuleSet

from tools.returns_bench.policies import Known, Policy
from tools.returns_bench.season import DAYS, Coming, Season

# A price loses so much in each week of the season; what is left at its end brings so much of it.
LOSS_A_WEEK = 0.02
SOLD_OFF = 0.4
MENDING_DAYS = 3


@dataclass(slots=True)
class Result:
    """Sums over the season: minor units, days and grams. `units` came back or were kept."""

    units: int = 0
    kept: int = 0
    cash: int = 0
    days: float = 0.0
    resold: int = 0
    co2e_grams: float = 0.0
    revenue: int = 0
    queue: int = 0


def play(season: Season, rules: RuleSet, policy: Policy | None) -> Result:
    """The season under a policy; None: nothing comes back, to know what returns add."""
    known, result = Known(season, rules), Result()
    by_day: dict[int, list[Coming]] = {}
    for one in season.returns if policy else ():
        by_day.setdefault(one.day, []).append(one)
    on_way: dict[int, list[tuple[int, Coming]]] = {}
    queues: list[deque[tuple[int, Coming, bool]]] = [deque() for _ in season.places]
    ready: dict[int, list[tuple[int, int]]] = {}
    for day in range(DAYS):
        for place, goods in ready.pop(day, ()):
            known.stock[goods][place] += 1
        for place, one in on_way.pop(day, ()):
            queues[place].extend((one.day, one, good) for good in one.good)
        for place, queue in enumerate(queues):
            _inspect(day, place, queue, season, rules, ready, result)
        _sell(day, season, known, result)
        for one in by_day.get(day, ()):
            _send(day, one, season, rules, policy, known, on_way, result)
        waiting = [len(queue) for queue in queues]
        coming = [place for trips in on_way.values() for place, _ in trips]
        known.queues = [n + coming.count(place) for place, n in enumerate(waiting)]
        result.queue = max(result.queue, max(waiting))
    _sell_off(season, known, queues, on_way, ready, result)
    return result


def _inspect(
    day: int,
    place: int,
    queue: deque[tuple[int, Coming, bool]],
    season: Season,
    rules: RuleSet,
    ready: dict[int, list[tuple[int, int]]],
    result: Result,
) -> None:
    location, by = season.places[place], rules.returns.routing
    for _ in range(min(len(queue), location.daily_returns or 0)):
        asked, one, good = queue.popleft()
        price = season.goods[one.goods].price
        result.cash += by.processing[location.type]
        if not good and price * (1 - by.salvage_percent / 100) < by.refurbish:
            result.revenue += price * by.salvage_percent // 100
            continue
        result.cash += 0 if good else by.refurbish
        on_sale = day + 1 + (0 if good else MENDING_DAYS)
        ready.setdefault(on_sale, []).append((place, one.goods))
        result.days += on_sale - asked
        result.resold += 1


def _sell(day: int, season: Season, known: Known, result: Result) -> None:
    for place, goods in season.sales[day]:
        if known.stock[goods][place] > 0:
            known.stock[goods][place] -= 1
            result.revenue += round(season.goods[goods].price * (1 - LOSS_A_WEEK * day / 7))


def _send(
    day: int,
    one: Coming,
    season: Season,
    rules: RuleSet,
    policy: Policy | None,
    known: Known,
    on_way: dict[int, list[tuple[int, Coming]]],
    result: Result,
) -> None:
    place = policy(one, known) if policy else None
    result.units += one.units
    if place is None:
        result.kept += one.units
        return
    view = known.network.view(Destination("US", coordinates=one.sender))
    number = known.network.index[season.places[place].location_id]
    metres = view.metres(number) or 0
    grams = season.goods[one.goods].product.grams * one.units
    zone = rules.rate_card.zone(metres)
    result.cash += rules.rate_card.price(grams, zone)
    # UK DESNZ 2025: a lorry's tonne-kilometers, then a van's ten kilometers.
    result.co2e_grams += grams / 1e6 * (metres / 1000 * 101.63 + 10 * 631.3)
    arrives = day + rules.service.transit_days[zone]
    on_way.setdefault(arrives, []).append((place, one))


def _sell_off(
    season: Season,
    known: Known,
    queues: list[deque[tuple[int, Coming, bool]]],
    on_way: dict[int, list[tuple[int, Coming]]],
    ready: dict[int, list[tuple[int, int]]],
    result: Result,
) -> None:
    """What is left, also in queues and on its way, brings what the end of a season brings."""
    left = [n for n, by_place in enumerate(known.stock) for units in by_place for _ in range(units)]
    left += [one.goods for queue in queues for _, one, _ in queue]
    left += [one.goods for trips in on_way.values() for _, one in trips for _ in one.good]
    left += [goods for pairs in ready.values() for _, goods in pairs]
    result.revenue += sum(round(season.goods[n].price * SOLD_OFF) for n in left)
