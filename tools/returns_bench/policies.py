"""Where each policy sends a return; None: the customer keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from dom.model.geo import Destination, distance_km
from dom.model.return_terms import ReturnMethod
from dom.model.rules import RuleSet
from dom.sourcing.homeward.case import Coming as Line
from dom.sourcing.homeward.case import ReturnCase
from dom.sourcing.homeward.decide import decide
from dom.sourcing.network import Network

from tools.returns_bench.season import Coming, Season

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
# Retailers' rule of thumb: nobody ships a return that sold for less than a parcel costs.
CHEAP = 1_000


class Known:
    """What policies may look at: the places, their stock and their queues of the moment."""

    def __init__(self, season: Season, rules: RuleSet) -> None:
        self.season, self.rules = season, rules
        self.network = Network({one.location_id: one for one in season.places})
        self.stock: list[list[int]] = [list(one) for one in season.stock]
        self.queues: list[int] = [0] * len(season.places)


Policy = Callable[[Coming, Known], int | None]


def back_to_origin(one: Coming, known: Known) -> int | None:
    """To the location that sent it."""
    return one.origin


def nearest(one: Coming, known: Known) -> int | None:
    """To the nearest location that takes returns."""
    places = known.season.places
    return min(
        range(len(places)),
        key=lambda i: (distance_km(places[i].coordinates, one.sender) or 0, i),
    )


def unless_cheap(policy: Policy) -> Policy:
    """The same, but cheap goods stay with the customer."""

    def choose(one: Coming, known: Known) -> int | None:
        price = known.season.goods[one.goods].price * one.units
        return None if price < CHEAP else policy(one, known)

    return choose


def ours(one: Coming, known: Known) -> int | None:
    """`dom.sourcing.homeward` with what it would be told."""
    goods, places = known.season.goods[one.goods], known.season.places
    sku = goods.product.sku
    units = {str(places[i].location_id): n for i, n in enumerate(known.stock[one.goods])}
    case = ReturnCase(
        lines=(Line(sku, one.units, one.reason, goods.price, goods.product.grams),),
        sender=Destination("US", coordinates=one.sender),
        method=ReturnMethod.MAIL,
        origins=frozenset({places[one.origin].location_id}),
        products={sku: goods.product},
        units={sku: units},
        backlogs={place.location_id: known.queues[i] for i, place in enumerate(places)},
    )
    found = decide(case, known.network, known.rules, NOW)
    index = {place.location_id: i for i, place in enumerate(places)}
    return index[found.location_id] if found.location_id else None


POLICIES: Mapping[str, Policy] = {
    "back_to_origin": back_to_origin,
    "nearest": nearest,
    "back_to_origin_unless_cheap": unless_cheap(back_to_origin),
    "nearest_unless_cheap": unless_cheap(nearest),
    "ours": ours,
}


def names(chosen: Sequence[str]) -> list[str]:
    """The policies asked for, all by default; SystemExit for one that there is not."""
    unknown = set(chosen) - set(POLICIES)
    if unknown:
        raise SystemExit(f"no such policy: {', '.join(sorted(unknown))}")
    return list(chosen or POLICIES)
