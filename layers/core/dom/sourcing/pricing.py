"""What a parcel costs, and which location of a set would send it cheapest."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.rules import Handling, RuleSet
from dom.sourcing.network import LocationClass, Network
from dom.sourcing.promise import COLLECTED, cutoff_for, days_of_waiting, delivers_by

_DEFAULT_HANDLING = Handling(250, 60)


class Group(NamedTuple):
    """Locations for which a parcel's price depends on the distance only, and never falls with it.

    `days` of waiting by zone. A location with a price of its own belongs in a group of its own.
    """

    members: int
    handling: Handling
    days: tuple[int, ...]
    cross_border: bool


class Parcel(NamedTuple):
    """What a price is asked for: the contents, the way, and who packs it."""

    metres: int | None
    zone: int
    grams: int
    units: int
    days: int
    handling: Handling
    cross_border: bool
    method: Method


def groups(
    network: Network, rules: RuleSet, now: datetime, method: Method, country: str
) -> tuple[Group, ...]:
    """The network's classes merged by what makes a price differ at this moment."""
    merged: dict[tuple[Handling, tuple[int, ...], bool], int] = {}
    for members in network.classes:
        abroad = bool(country) and members.country_code.upper() != country.upper()
        handling = handling_at(rules, members.type)
        key = (handling, _days(members, rules, now, method, abroad), abroad)
        merged[key] = merged.get(key, 0) | members.members
    return tuple(Group(members, *key) for key, members in merged.items())


def handling_at(rules: RuleSet, type_: LocationType) -> Handling:
    """Labor at a type of location; a type without its own is taken for a store."""
    return rules.weights.handling.get(type_, _DEFAULT_HANDLING)


def transit_days(rules: RuleSet, zone: int, method: Method, abroad: bool) -> int:
    """Working days on the way: none when collected or by courier the same day."""
    if method in COLLECTED or method is Method.SAME_DAY:
        return 0
    return rules.service.transit_days[zone] + (rules.service.cross_border_days if abroad else 0)


def _days(
    members: LocationClass, rules: RuleSet, now: datetime, method: Method, abroad: bool
) -> tuple[int, ...]:
    cutoff = cutoff_for(rules.service, members.type)
    waiting: dict[int, int] = {}
    for zone in range(rules.rate_card.last_zone + 1):
        transit = transit_days(rules, zone, method, abroad)
        if transit not in waiting:
            until = delivers_by(now, members.timezone, cutoff, transit, method, rules.service)
            waiting[transit] = days_of_waiting(now, until)
    return tuple(
        waiting[transit_days(rules, zone, method, abroad)]
        for zone in range(rules.rate_card.last_zone + 1)
    )
