"""What a location may be described as."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dom.api.locations import LocationBody, render_location
from dom.api.request import parse
from dom.errors import InvalidInput
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.location import Capability, LocationType
from support.bodies import LOCATION

RENO = LocationId("RENO")


def parsed(**changes: Any) -> LocationBody:
    return parse(LocationBody, json.dumps({**LOCATION, **changes}))


def address(**changes: Any) -> dict[str, Any]:
    return {**LOCATION["address"], **changes}


def test_a_description_becomes_the_location_and_is_shown_as_it_came() -> None:
    location = parsed().location(RENO)
    assert location.type is LocationType.STORE
    assert location.coordinates == Coordinates(39.53, -119.81)
    assert location.capabilities == {Capability.SHIP, Capability.PICKUP}
    shown = render_location(location)
    assert shown["location_id"] == "RENO"
    assert {name: shown[name] for name in LOCATION if name != "address"} == {  # type: ignore[literal-required]
        name: value for name, value in LOCATION.items() if name != "address"
    }
    assert shown["address"] == {"address2": "", **LOCATION["address"]}


def test_coordinates_that_nobody_gave_are_unknown_and_not_zero() -> None:
    location = parsed(address=address(latitude=None, longitude=None)).location(RENO)
    assert location.coordinates is None
    assert render_location(location)["address"]["latitude"] is None


def test_the_equator_and_the_date_line_are_places() -> None:
    location = parsed(address=address(latitude=0, longitude=-180)).location(RENO)
    assert location.coordinates == Coordinates(0.0, -180.0)


def test_most_of_an_address_may_be_missing_or_null() -> None:
    location = parsed(address={"country_code": "de", "province_code": None}).location(RENO)
    assert (location.country_code, location.province_code, location.city) == ("DE", "", "")


def test_upper_case_kinds_are_the_same_kinds() -> None:
    assert parsed(type="WAREHOUSE", capabilities=["SHIP"]).type is LocationType.WAREHOUSE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"type": "castle"}, "type"),
        ({"type": 5}, "type"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "America"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "/etc/localtime"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "a\0b"}, "timezone"),
        ({"capabilities": ["fly"]}, "capabilities.0"),
        ({"capabilities": "ship"}, "capabilities"),
        ({"daily_capacity": -1}, "daily_capacity"),
        ({"daily_capacity": 1.5}, "daily_capacity"),
        ({"daily_capacity": "10"}, "daily_capacity"),
        ({"active": "yes"}, "active"),
        ({"address": None}, "address"),
        ({"address": address(country_code="USA")}, "address.country_code"),
        ({"address": address(country_code=None)}, "address.country_code"),
        ({"address": address(latitude=90.1)}, "address.latitude"),
        ({"address": address(longitude=-180.5)}, "address.longitude"),
        ({"address": address(latitude="39")}, "address.latitude"),
        ({"address": address(latitude=None)}, "address"),
        ({"address": address(city="x" * 201)}, "address.city"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(**changes)
    assert refused.value.field.startswith(field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_coordinate_that_is_no_number_is_refused(number: str) -> None:
    text = json.dumps(LOCATION).replace("39.53", number)
    with pytest.raises(InvalidInput, match="latitude"):
        parse(LocationBody, text)


@pytest.mark.parametrize("field", ["name", "type", "address", "timezone"])
def test_what_is_needed_is_named_when_missing(field: str) -> None:
    body = {name: value for name, value in LOCATION.items() if name != field}
    with pytest.raises(InvalidInput) as refused:
        parse(LocationBody, json.dumps(body))
    assert refused.value.field == field
