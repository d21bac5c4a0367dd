"""Addresses, coordinates and great-circle distance."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius


@dataclass(frozen=True, slots=True)
class Coordinates:
    """WGS 84 latitude and longitude in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Destination:
    """What routing may know of an address: no name, no street.

    `coordinates` None means unknown: such a destination is never given a made-up place.
    """

    country_code: str
    postal_code: str = ""
    province_code: str = ""
    city: str = ""
    coordinates: Coordinates | None = None


def distance_km(a: Coordinates | None, b: Coordinates | None) -> float | None:
    """Great-circle distance (haversine) in km; None when either place is unknown."""
    if a is None or b is None:
        return None
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half_lat = sin((lat_b - lat_a) / 2)
    half_lon = sin(radians(b.longitude - a.longitude) / 2)
    h = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(h)))
