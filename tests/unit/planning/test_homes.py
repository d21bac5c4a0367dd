"""Whose customers they are, and what is kept of where they live."""

from __future__ import annotations

from dataclasses import replace

from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId
from dom.model.location import Capability
from dom.model.order import Method, ShipGroup
from dom.planning.asked import place_of, read_place
from dom.planning.home import Homes, Shippers
from support.builders import BOSTON, RENO, location

WEST, EAST = location("WEST", RENO), location("EAST", BOSTON)
SACRAMENTO = "38.5,-121.5"


def group(destination: Destination | None, at: str = "") -> ShipGroup:
    return ShipGroup("sg1", Method.SHIP, destination, LocationId(at) if at else None)


def test_a_place_is_half_a_degree_or_the_store_or_nothing() -> None:
    exact = Destination("US", "95814", coordinates=Coordinates(38.5816, -121.4944))
    assert place_of(group(exact)) == SACRAMENTO
    assert place_of(group(Destination("US", "95814"))) == SACRAMENTO
    assert place_of(group(Destination("DE", "10115"))) == place_of(group(None)) == ""
    assert place_of(group(exact, "STORE-1")) == "@STORE-1"


def test_places_are_read_as_they_are_written() -> None:
    assert read_place(SACRAMENTO) == Coordinates(38.5, -121.5)
    assert read_place("0,0") == Coordinates(0, 0)
    assert read_place("@A,B") == "A,B"
    assert read_place("") is None


def test_a_customer_is_of_the_nearest_location_that_keeps_the_sku() -> None:
    both = Homes(Shippers([WEST, EAST]), [WEST.location_id, EAST.location_id])
    assert both.of(SACRAMENTO) == "WEST"
    assert Homes(Shippers([WEST, EAST]), [EAST.location_id]).of(SACRAMENTO) == "EAST"


def test_where_nobody_keeps_it_the_nearest_that_ships_is_home() -> None:
    assert Homes(Shippers([WEST, EAST]), []).of(SACRAMENTO) == "WEST"


def test_neither_who_takes_no_work_nor_who_does_not_ship_is_home() -> None:
    shut = replace(WEST, active=False)
    counter = replace(WEST, capabilities=frozenset({Capability.PICKUP}))
    for one in (shut, counter):
        assert Homes(Shippers([one, EAST]), [one.location_id]).of(SACRAMENTO) == "EAST"
    assert Homes(Shippers([shut]), []).of(SACRAMENTO) is None


def test_a_pickup_is_of_its_store_whether_or_not_it_keeps_it() -> None:
    assert Homes(Shippers([WEST, EAST]), [WEST.location_id]).of("@EAST") == "EAST"
    assert Homes(Shippers([WEST]), []).of("@GONE") is None


def test_of_equally_near_ones_the_first_by_id_whatever_their_order() -> None:
    twins = [location("B", RENO), location("A", RENO)]
    assert (
        Homes(Shippers(twins), []).of(SACRAMENTO)
        == Homes(Shippers(twins[::-1]), []).of(SACRAMENTO)
        == "A"
    )


def test_a_place_that_nobody_knows_is_nobodys() -> None:
    assert Homes(Shippers([WEST]), []).of("") is None
    assert Homes(Shippers([location("NOWHERE", None)]), []).of(SACRAMENTO) is None
