"""Where people at an address live in time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from dom.model import zones
from dom.model.geo import Destination
from dom.model.zones import zone_of


@pytest.mark.parametrize(
    ("country", "province", "zone"),
    [
        ("US", "CA", "America/Los_Angeles"),
        ("us", "us-il", "America/Chicago"),
        ("US", "", "America/New_York"),
        ("CA", "BC", "America/Vancouver"),
        ("DE", "BY", "Europe/Berlin"),
        ("AU", "CA", "Australia/Sydney"),
    ],
)
def test_the_province_decides_where_the_country_has_several(
    country: str, province: str, zone: str
) -> None:
    assert zone_of(Destination(country, province_code=province)) == ZoneInfo(zone)


def test_what_is_not_known_is_not_made_up() -> None:
    assert zone_of(Destination("AQ")) is None
    assert zone_of(None) is None


def test_every_zone_of_the_table_exists_and_no_place_has_two() -> None:
    places = [place for place in zones._TABLE.split() if not place.endswith(":")]
    assert len(places) == len(set(places))
    assert all(ZoneInfo(name) for name in set(zones._ZONES.values()))
