"""The groups of locations that differ in distance only, as a network has them at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.rules import Handling, RuleSet
from dom.sourcing.arrivals import is_abroad
from dom.sourcing.network import LocationClass, Network
from dom.sourcing.pricing import USUAL, Group, Journey, Local
from dom.sourcing.promise import days_of_waiting
from dom.sourcing.ruling import Ruling

_DEFAULT_HANDLING = Handling(250, 60)


def groups(network: Network, ruling: Ruling, now: datetime, way: Journey) -> tuple[Group, ...]:
    """The network's classes merged by what makes a price differ at this moment."""
    merged: dict[Group, int] = {}
    for one in network.classes:
        for members, leaves in ((one.members & ~way.store_bit, way), _own(one.members, way)):
            if members:
                group = _group(network, one, ruling.rules, now, leaves)
                for some, local in _surcharged(members, ruling):
                    key = group._replace(local=local)
                    merged[key] = merged.get(key, 0) | some
    return tuple(key._replace(members=members) for key, members in merged.items())


def _own(members: int, way: Journey) -> tuple[int, Journey]:
    """The store's own goods: they are simply collected."""
    return members & way.store_bit, way._replace(method=Method.PICKUP)


def _group(
    network: Network, one: LocationClass, rules: RuleSet, now: datetime, way: Journey
) -> Group:
    """A class as a group, its members left out."""
    arrivals = network.arrivals(rules.service).by_zone(one, now, way)
    days = tuple(days_of_waiting(now, until) for until in arrivals)
    return Group(0, handling_at(rules, one.type), days, is_abroad(one, way), way.method)


def _surcharged(members: int, ruling: Ruling) -> Iterator[tuple[int, Local]]:
    for extra, reach in ruling.surcharges:
        if members & reach:
            yield members & reach, Local(extra.parcel, extra.unit)
            members &= ~reach
    if members:
        yield members, USUAL


def handling_at(rules: RuleSet, type_: LocationType) -> Handling:
    """Labor at a type of location; a type without its own is taken for a store."""
    return rules.weights.handling.get(type_, _DEFAULT_HANDLING)
