"""A season of returns: places, goods, demand and what comes back, drawn once for all policies.

Demand is uneven over places in a way that no policy is told: what they know is the network's mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from dom.model.geo import Coordinates, distance_km
from dom.model.ids import LocationId, Sku
from dom.model.location import Location, LocationType
from dom.model.product import Product
from dom.model.return_policy import ReturnRouting
from dom.model.return_terms import ReturnReason

from tools.returns_bench.facts import facts

DAYS = 60
# Shares of reasons as retailers report them for apparel and general goods.
REASONS = (
    (ReturnReason.SIZE_TOO_SMALL, 25),
    (ReturnReason.SIZE_TOO_LARGE, 20),
    (ReturnReason.UNWANTED, 20),
    (ReturnReason.STYLE, 10),
    (ReturnReason.NOT_AS_DESCRIBED, 10),
    (ReturnReason.DEFECTIVE, 10),
    (ReturnReason.WRONG_ITEM, 5),
)


@dataclass(frozen=True, slots=True)
class Goods:
    """A SKU: its price in minor units, and units a day that customers of each place want."""

    product: Product
    price: int
    wants: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A return: units of a SKU from a place on Earth, sent by a location on a day.

    `good` says of each unit whether it turns out to be sellable as new.
    """

    day: int
    goods: int
    units: int
    reason: ReturnReason
    sender: Coordinates
    origin: int
    good: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """Everything that is the same for all policies. `sales[day]`: (place, goods) in their order."""

    places: tuple[Location, ...]
    goods: tuple[Goods, ...]
    stock: tuple[tuple[int, ...], ...]
    sales: tuple[tuple[tuple[int, int], ...], ...]
    returns: tuple[Coming, ...]


def draw(seed: int, stores: int, centers: int, skus: int, a_day: int, data: Path | None) -> Season:
    """A season. With `data` places, customers and prices are those of the shared files."""
    random = Random(f"returns-{seed}")
    sites, homes, prices = facts(data, random)
    places = _places(sites, stores, centers, a_day, random)
    goods = tuple(_goods(n, random.choice(prices), len(places), random) for n in range(skus))
    stock = tuple(tuple(_units(one, i, random) for i in range(len(places))) for one in goods)
    sales = tuple(tuple(_sales(goods, random)) for _ in range(DAYS))
    spots = [(one.coordinates or Coordinates(0, 0)) for one in places]
    returns = tuple(
        _coming(day, goods, spots, homes, random) for day in range(DAYS) for _ in range(a_day)
    )
    return Season(places, goods, stock, sales, returns)


def _places(
    sites: Sequence[tuple[LocationType, Coordinates]],
    stores: int,
    centers: int,
    a_day: int,
    random: Random,
) -> tuple[Location, ...]:
    """Together they can inspect a little more than comes back; centers far more than stores."""
    picked = [
        *random.sample([x for x in sites if x[0] is LocationType.STORE], stores),
        *random.sample([x for x in sites if x[0] is LocationType.DC], centers),
    ]
    share = a_day * 1.3 / (stores + 12 * centers)
    return tuple(
        Location(
            LocationId(f"{kind.value}-{n}"),
            f"{kind.value} {n}",
            kind,
            "US",
            "America/Chicago",
            coordinates=spot,
            capabilities=frozenset({"returns", "ship"}),  # type: ignore[arg-type]
            daily_returns=max(1, round(share * (12 if kind is LocationType.DC else 1))),
        )
        for n, (kind, spot) in enumerate(picked)
    )


def _goods(n: int, price: int, places: int, random: Random) -> Goods:
    daily = random.paretovariate(1.3) * 0.4
    taste = [random.expovariate(1) for _ in range(places)]
    whole = sum(taste)
    product = Product(
        Sku(f"SKU-{n}"), grams=random.choice((200, 400, 900, 2000)), daily_demand=round(daily, 3)
    )
    return Goods(product, price, tuple(daily * one / whole for one in taste))


def _units(goods: Goods, place: int, random: Random) -> int:
    """Some weeks of mean demand, so that some places run out soon and others never do."""
    mean = goods.product.daily_demand / len(goods.wants)
    return round(mean * random.choice((0, 10, 30, 60, 120)) + random.random() * 0.7)


def _sales(goods: Sequence[Goods], random: Random) -> list[tuple[int, int]]:
    wanted = [
        (place, n)
        for n, one in enumerate(goods)
        for place, rate in enumerate(one.wants)
        for _ in range(_poisson(rate, random))
    ]
    random.shuffle(wanted)
    return wanted


def _poisson(rate: float, random: Random) -> int:
    left, count = random.expovariate(1), 0
    while left < rate:
        left, count = left + random.expovariate(1), count + 1
    return count


def _coming(
    day: int,
    goods: Sequence[Goods],
    spots: Sequence[Coordinates],
    homes: Sequence[tuple[Coordinates, int]],
    random: Random,
) -> Coming:
    """Sent by the nearest place twice in three times, else by any: routing had its reasons."""
    n = random.choices(range(len(goods)), [one.product.daily_demand for one in goods])[0]
    [(home, _)] = random.choices(homes, [weight for _, weight in homes])
    near = min(range(len(spots)), key=lambda i: distance_km(spots[i], home) or 0)
    origin = near if random.random() < 2 / 3 else random.randrange(len(spots))
    [reason] = random.choices([x for x, _ in REASONS], [share for _, share in REASONS])
    units = random.choice((1, 1, 1, 1, 2))
    chance = ReturnRouting().resale_percent[reason] / 100
    good = tuple(random.random() < chance for _ in range(units))
    return Coming(day, n, units, reason, home, origin, good)
