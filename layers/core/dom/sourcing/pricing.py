"""What a parcel is priced by, and the groups of locations that differ in distance only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from dom.model.location import Location, LocationType
from dom.model.order import Method
from dom.model.rules import Handling, RuleSet
from dom.sourcing.network import LocationClass, Network
from dom.sourcing.promise import (
    COLLECTED,
    DaysOff,
    collectable_by,
    cutoff_for,
    days_of_waiting,
    delivers_by,
)
from dom.sourcing.ruling import Ruling

_DEFAULT_HANDLING = Handling(250, 60)

# Units by line number.
Items = tuple[tuple[int, int], ...]


class Goods(NamedTuple):
    """What one unit of a line is worth where it lies, in minor units.

    `keep`: to later orders; `credit`: to be rid of. `reject`: percent of parcels with it that are
    rejected there.
    """

    keep: int = 0
    credit: int = 0
    reject: int = 0


class Local(NamedTuple):
    """Prices that only some locations have. `goods` by line number; without any it is empty.

    `parcel` and `unit` are the surcharges of rules. `pressure`: slots used too early, as a
    fraction (its two parts).
    """

    parcel: int = 0
    unit: int = 0
    pressure: tuple[int, int] = (0, 1)
    goods: tuple[Goods, ...] = ()


USUAL = Local()


class Group(NamedTuple):
    """Locations for which a parcel's price depends on the distance only, and never falls with it.

    `days` of waiting by zone. `method`: how goods leave it. A location with a price of its own
    belongs in a group of its own.
    """

    members: int
    handling: Handling
    days: tuple[int, ...]
    cross_border: bool
    method: Method = Method.SHIP
    local: Local = USUAL


class Parcel(NamedTuple):
    """What a price is asked for: the contents, the way, and who packs it.

    `bulk`: its volume in cm3. `items` are only there where `local` has prices of goods.
    """

    metres: int | None
    zone: int
    grams: int
    units: int
    days: int
    handling: Handling
    cross_border: bool
    method: Method
    bulk: int = 0
    local: Local = USUAL
    items: Items = ()


class Journey(NamedTuple):
    """How a demand's goods travel. `country`: where to; `store`: the place they are collected at
    although they may come from elsewhere, and its bit."""

    method: Method
    country: str
    store: Location | None = None
    store_bit: int = 0

    def by(self, place: int) -> Method:
        """How goods leave location number `place`: the store's own are simply collected."""
        return Method.PICKUP if self.store_bit >> place & 1 else self.method


def groups(network: Network, ruling: Ruling, now: datetime, way: Journey) -> tuple[Group, ...]:
    """The network's classes merged by what makes a price differ at this moment."""
    merged: dict[Group, int] = {}
    for one in network.classes:
        for members, leaves in ((one.members & ~way.store_bit, way), _own(one.members, way)):
            if members:
                group = _group(one, ruling.rules, now, leaves)
                for some, local in _surcharged(members, ruling):
                    key = group._replace(local=local)
                    merged[key] = merged.get(key, 0) | some
    return tuple(key._replace(members=members) for key, members in merged.items())


def _own(members: int, way: Journey) -> tuple[int, Journey]:
    """The store's own goods: they are simply collected."""
    return members & way.store_bit, way._replace(method=Method.PICKUP)


def _group(one: LocationClass, rules: RuleSet, now: datetime, way: Journey) -> Group:
    """A class as a group, its members left out."""
    days = tuple(days_of_waiting(now, until) for until in arrivals(one, rules, now, way))
    return Group(0, handling_at(rules, one.type), days, is_abroad(one, way), way.method)


def _surcharged(members: int, ruling: Ruling) -> Iterator[tuple[int, Local]]:
    for extra, reach in ruling.surcharges:
        if members & reach:
            yield members & reach, Local(extra.parcel, extra.unit)
            members &= ~reach
    if members:
        yield members, USUAL


def is_abroad(one: LocationClass, way: Journey) -> bool:
    """Whether goods from there cross a border; not where the destination's country is unknown."""
    return bool(way.country) and one.country_code.upper() != way.country.upper()


def handling_at(rules: RuleSet, type_: LocationType) -> Handling:
    """Labor at a type of location; a type without its own is taken for a store."""
    return rules.weights.handling.get(type_, _DEFAULT_HANDLING)


def transit_days(rules: RuleSet, zone: int, method: Method, abroad: bool) -> int:
    """Working days on the way: none when collected or by courier the same day."""
    if method in COLLECTED or method is Method.SAME_DAY:
        return 0
    return rules.service.transit_days[zone] + (rules.service.cross_border_days if abroad else 0)


def arrivals(
    one: LocationClass, rules: RuleSet, now: datetime, way: Journey
) -> tuple[datetime, ...]:
    """By zone: the instant until which the customer has, or can collect, what a location sends."""
    abroad, zones = is_abroad(one, way), range(rules.rate_card.last_zone + 1)
    transit = [transit_days(rules, zone, way.method, abroad) for zone in zones]
    known = {days: _arrival(one, rules, now, way, days) for days in set(transit)}
    return tuple(known[days] for days in transit)


def _arrival(
    one: LocationClass, rules: RuleSet, now: datetime, way: Journey, transit: int
) -> datetime:
    service = rules.service
    cutoff = cutoff_for(service, one.type)
    until = delivers_by(now, one.timezone, cutoff, transit, way.method, service, one.off)
    if way.store is None or way.method is not Method.SHIP_TO_STORE:
        return until
    off = DaysOff(way.store.closed_weekdays, way.store.closed_dates)
    return collectable_by(until, way.store.timezone, off, service)
