"""When the customer has what leaves one place on a day, whatever else there is to choose from."""

from __future__ import annotations

from datetime import date, datetime

from dom.model.geo import Destination, distance_km
from dom.model.location import Location
from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing.arrivals import transit_days
from dom.sourcing.promise import DaysOff, delivered


def arrival(
    on: date, place: Location, method: Method, to: Destination | None, rules: RuleSet
) -> datetime:
    """The instant (UTC) until which it is there, if it leaves on that day or the next open one.

    As routing has it; an unknown distance is the farthest zone.
    """
    km = distance_km(place.coordinates, to.coordinates if to else None)
    zone = rules.rate_card.zone(None if km is None else int(km * 1000))
    country = to.country_code.upper() if to else ""
    abroad = bool(country) and country != place.country_code.upper()
    days = transit_days(rules.service, zone, method, abroad)
    off = DaysOff(place.closed_weekdays, place.closed_dates)
    return delivered(on, place.timezone, days, method, rules.service, off)
