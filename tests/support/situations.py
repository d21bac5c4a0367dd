"""Small situations for the simulation: two or three places, demands at times that matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.order import Method
from dom.simulation.world import Situation, World
from dom.sourcing.problem import Demand, DemandLine
from support.builders import BOSTON, NOW, RENO, location

SACRAMENTO = Destination("US", "95814", coordinates=Coordinates(38.58, -121.49))


def demand(order_id: str, sku: str = "MUG", units: int = 1, **rest: Any) -> Demand:
    """An order of one line to Sacramento; `after` says how long after NOW it was placed."""
    after: timedelta = rest.pop("after", timedelta())
    facts: dict[str, Any] = {
        "ship_group_id": "sg1",
        "method": Method.SHIP,
        "destination": SACRAMENTO,
        "lines": (DemandLine("1", Sku(sku), units, 300, value_minor=1500),),
        "fixed_location": None,
        "placed_at": NOW + after,
        "value_minor": 1500 * units,
    }
    return Demand(order_id, **{**facts, **rest})


def world(stock: Mapping[str, Mapping[str, int]], *places: Location, **rest: Any) -> World:
    """RENO and BOSTON, unless other places are given, with that stock."""
    network = places or (location("RENO", RENO), location("BOSTON", BOSTON))
    held = {Sku(s): {LocationId(p): n for p, n in by.items()} for s, by in stock.items()}
    return World(network, held, **rest)


def situation(stock: Mapping[str, Mapping[str, int]], *demands: Demand) -> Situation:
    """These demands in that world."""
    return Situation(world(stock), demands)


def day(number: float) -> datetime:
    """So many days after the midnight before NOW."""
    return NOW.replace(hour=0) + timedelta(days=number)
