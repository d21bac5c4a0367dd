"""What it takes to bring a return to a location, and what it is worth there: one price per term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dom.model.location import Location
from dom.model.return_terms import ReturnMethod
from dom.model.rules import RuleSet
from dom.sourcing.homeward.case import ReturnCase
from dom.sourcing.homeward.worth import Supply, brings
from dom.sourcing.network import Network
from dom.sourcing.objectives.carbon import (
    HGV_GRAMS_PER_TONNE_KM,
    VAN_GRAMS_PER_TONNE_KM,
    road_grams,
)
from dom.sourcing.pricebook import destination_of
from dom.sourcing.score import UNKNOWN_METRES

# A store's parcels go on together once a week: half of it on average, rounded up.
LEG_WAIT_DAYS = 4
_UNBOUNDED = float("inf")


@dataclass(frozen=True, slots=True)
class Way:
    """How the goods get there: `metres` None if a place is unknown. `own`: the customer brings them
    to this very place; `leg`: on from the store that they were brought to, with its other returns.
    """

    metres: int | None
    abroad: bool = False
    own: bool = False
    leg: bool = False


@dataclass(frozen=True, slots=True)
class Priced:
    """A place for the return. `terms` sum to `cost`; all in minor units.

    `recovered` is what the goods bring there, `days` until they can be sold.
    """

    location: Location
    place: int
    metres: int | None
    terms: Mapping[str, int]
    recovered: int
    days: float
    co2e_grams: int

    @property
    def cost(self) -> int:
        """What it costs less what it brings; negative: a gain."""
        return sum(self.terms.values())

    @property
    def order(self) -> tuple[int, int, int]:
        """Cheapest first, then nearest, then as the network ranks."""
        way = UNKNOWN_METRES if self.metres is None else self.metres
        return self.cost, way, self.place


def way_to(case: ReturnCase, network: Network, place: int) -> Way:
    """The way of the goods to location number `place`."""
    location = network.locations[place]
    if case.method is ReturnMethod.STORE and case.dropped_at:
        if location.location_id == case.dropped_at:
            return Way(0, own=True)
        store = network.locations[network.index[case.dropped_at]]
        view = network.view(destination_of(store))
        abroad = store.country_code != location.country_code
        return Way(view.metres(place), abroad, leg=True)
    if case.sender is None:
        return Way(None)
    metres = network.view(case.sender).metres(place)
    return Way(metres, case.sender.country_code.upper() != location.country_code.upper())


def priced(
    case: ReturnCase,
    stock: Sequence[Supply],
    network: Network,
    rules: RuleSet,
    place: int,
) -> Priced:
    """The return's price at location number `place`; `stock` as `supplies(case)` has it.

    min over r of ship(z, r) + process_r + refurbish_r - pi_{r,s} * P(resaleable): here pi is what a
    unit brings at r (`worth`), and waiting is priced as what it loses until it is on sale.
    """
    location, by = network.locations[place], rules.returns.routing
    way = way_to(case, network, place)
    transport, travel_days = _transport(case, rules, way)
    parts = [brings(supply, location.location_id, by) for supply in stock]
    recovered = sum(brought for brought, _ in parts)
    waits = case.backlogs.get(location.location_id, 0) / (location.daily_returns or _UNBOUNDED)
    days = travel_days + by.handling_days + waits
    grams = _co2e_grams(case, rules, way)
    terms = {
        "transport": transport,
        "processing": by.processing.get(location.type, 0) * case.quantity,
        "refurbish": sum(spent for _, spent in parts),
        "decay": round(case.value * by.decay_percent * days / 700),
        "co2e": (grams * rules.weights.co2e_tonne + 500_000) // 1_000_000,
        "recovered": -recovered,
    }
    return Priced(location, place, way.metres, terms, recovered, round(days, 1), grams)


def _transport(case: ReturnCase, rules: RuleSet, way: Way) -> tuple[int, float]:
    """(minor units, days) of the way."""
    if way.own:
        return 0, 0
    card, by = rules.rate_card, rules.returns.routing
    zone = card.last_zone if way.abroad else card.zone(way.metres)
    price = card.price(_billable(case, rules), zone) + (card.cross_border if way.abroad else 0)
    days = rules.service.transit_days[zone]
    if way.leg:
        return price * by.leg_percent // 100, days + LEG_WAIT_DAYS
    return price * (100 - by.mail_discount_percent) // 100, days


def _billable(case: ReturnCase, rules: RuleSet) -> int:
    products = [case.product(line) for line in case.lines]
    pairs = list(zip(case.lines, products, strict=True))
    bulk = sum(p.volume_cm3 * line.quantity for line, p in pairs if p)
    return rules.rate_card.billable(_grams(case), bulk)


def _grams(case: ReturnCase) -> int:
    """Weight of the goods: what the order's line says, else the product."""
    total = 0
    for line in case.lines:
        product = case.product(line)
        total += (line.grams or (product.grams if product else 0)) * line.quantity
    return total


def _co2e_grams(case: ReturnCase, rules: RuleSet, way: Way) -> int:
    """As of a parcel to a customer; goods that somebody brings along add nothing."""
    if way.own:
        return 0
    metres = UNKNOWN_METRES if way.metres is None else way.metres
    grams = _grams(case)
    trunk = road_grams(grams, metres, HGV_GRAMS_PER_TONNE_KM)
    first_mile = 0 if way.leg else rules.last_mile_km * 1000
    return round(trunk + road_grams(grams, first_mile, VAN_GRAMS_PER_TONNE_KM))
