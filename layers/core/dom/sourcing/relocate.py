"""A location moved along the great circle towards the customer: what if it were nearer."""

from __future__ import annotations

from dataclasses import replace
from math import asin, atan2, cos, degrees, sin

from dom.model.geo import EARTH_RADIUS_KM, Coordinates
from dom.sourcing.network import Network, point
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.replay import Moment
from dom.sourcing.view import Point

# Just inside an edge, so that rounding to metres does not put it outside.
INSIDE = 0.999


def moved_to(at: Moment, place: int, km: int) -> Moment | None:
    """The same moment with that location `km` from the destination; None if either is unknown."""
    book, network = at.book, at.book.network
    location, here = network.locations[place], network.locate(at.demand.destination)
    if here is None or location.coordinates is None:
        return None
    away = INSIDE * km / EARTH_RADIUS_KM
    there = _between(point(here), point(location.coordinates), away)
    moved = {one.location_id: one for one in network.locations}
    moved[location.location_id] = replace(location, coordinates=there)
    return at._replace(book=PriceBook(Network(moved), book.rules, book.now, book.lifted))


def _between(here: Point, there: Point, away: float) -> Coordinates:
    """The place at an angle of `away` (radians) from `here` on the way to `there`."""
    along = sum(a * b for a, b in zip(here, there, strict=True))
    side = [b - along * a for a, b in zip(here, there, strict=True)]
    length = sum(part * part for part in side) ** 0.5 or 1.0
    x, y, z = (cos(away) * a + sin(away) * b / length for a, b in zip(here, side, strict=True))
    return Coordinates(degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x)))
