"""Small instances of our own: made-up baskets and stock, shipped ZIP areas, our own rate card."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
from dom.model.geo import Coordinates, Destination, distance_km
from dom.model.rate_card import RateCard
from dom.sourcing.zip3 import locate

from tools.routing_bench.instance import Instance

POUND_GRAMS = 453.592
KM_PER_MILE = 1.609344
# Share of a day's orders that all centers together can send, and their units of each SKU as a
# multiple of the demand to expect.
REGIMES = {"ample": (5.0, 1.5), "scarce": (5.0, 0.8), "peak": (0.5, 1.0)}
# Units that an order asks on average.
UNITS = 3.6
ORDERS, DAYS, SKUS, CENTERS, STORES = 240, 6, 120, 3, 24
POPULARITY = [1 / (1 + sku) for sku in range(SKUS)]


def own_instances(seed: int = 1) -> Iterator[Instance]:
    """One small instance per regime, named `own-<regime>-<seed>`."""
    for regime in REGIMES:
        yield make(regime, seed)


def make(
    regime: str, seed: int, orders: int = ORDERS, days: int = DAYS, stores: int = STORES
) -> Instance:
    """So many orders to route, as many of history. Popularity falls with the SKU (Zipf)."""
    rng = Random(f"{regime}-{seed}")
    share, depth = REGIMES[regime]
    baskets = [_basket(rng) for _ in range(2 * orders)]
    places = [_place(rng) for _ in range(CENTERS + stores)]
    homes = [_place(rng) for _ in baskets]
    miles = np.array([[_miles(home, place) for place in places] for home in homes])
    isfc = np.arange(len(places)) < CENTERS
    card = RateCard()
    return Instance(
        name=f"own-{regime}-{seed}",
        ptr=np.cumsum([0, *map(len, baskets)]),
        sku=np.array([sku for basket in baskets for sku in basket]),
        qty=np.array([rng.choice((1, 1, 1, 2)) for basket in baskets for _ in basket]),
        day=np.array([-1] * orders + [i * days // orders for i in range(orders)]),
        n_hist=orders,
        dist=miles,
        zone=1 + np.searchsorted(np.array(card.edges_km) / KM_PER_MILE, miles),
        inv=np.array([_stock(rng, depth * orders * UNITS / CENTERS if fc else 0) for fc in isfc]),
        weight=np.array([round(rng.uniform(0.2, 4), 2) for _ in range(SKUS)]),
        isfc=isfc,
        cap=np.where(isfc, max(1, round(share * orders / days / CENTERS)), 4),
        rate_lb=np.array(card.breaks_grams) / POUND_GRAMS,
        rate=np.array(card.prices) / 100,
        hp=np.where(isfc, 1.5, 2.5),
        hu=np.where(isfc, 0.3, 0.6),
        days_by_zone=np.array([0, 1, 2, 2, 3, 3, 4, 4, 5]),
        lost_pen=100.0,
        dpl=0.00008,
    )


def _basket(rng: Random) -> list[int]:
    return sorted(set(rng.choices(range(SKUS), POPULARITY, k=rng.choice((1, 2, 3, 4, 6)))))


def _place(rng: Random) -> Coordinates:
    """A random ZIP area of the contiguous states."""
    while True:
        found = locate(Destination("US", postal_code=f"{rng.randrange(10, 995):03}01"))
        if found and found.latitude < 50 and -125 < found.longitude < -66:
            return found


def _miles(a: Coordinates, b: Coordinates) -> float:
    return (distance_km(a, b) or 0.0) / KM_PER_MILE


def _stock(rng: Random, center: float) -> list[int]:
    """A center holds `center` units, shared by popularity; a store one to three of some SKUs."""
    if not center:
        return [rng.randint(1, 3) if rng.random() < 0.25 else 0 for _ in range(SKUS)]
    total = sum(POPULARITY)
    means = (center * weight / total for weight in POPULARITY)
    return [round(rng.uniform(0.4, 1.6) * mean + rng.random()) for mean in means]
