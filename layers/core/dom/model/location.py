"""Locations of the network, and what of them changes by the minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dom.model.effort import UNITS, EffortRate
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.order import Method


class LocationType(StrEnum):
    """Kinds of Location (docs/architecture.md, terms)."""

    WAREHOUSE = "warehouse"
    DC = "dc"
    STORE = "store"
    DARK_STORE = "dark_store"
    SUPPLIER = "supplier"
    PICKUP_POINT = "pickup_point"


class Capability(StrEnum):
    """What a location can do for an order."""

    SHIP = "ship"
    PICKUP = "pickup"
    CURBSIDE = "curbside"
    SAME_DAY = "same_day"
    RETURNS = "returns"


@dataclass(frozen=True, slots=True)
class Location:
    """A place that holds stock. `daily_capacity` counts FulfillmentOrders a day; None: unbounded.
    `daily_effort`: the effort units that it works a day; None: unbounded. `efforts`: what they are
    reckoned by, for delivery methods (`EffortRate`). Where both are bounded, both bind.
    `daily_returns`: returned units that it inspects a day; None: unbounded.

    `active` false: it takes no new work, until `inactive_until` if that is given (see `at`).
    `timezone` is an IANA name; its midnight resets capacity. `groups` are names that rules use.
    `handles`: what goods may need that it can do (`hazmat`, `cold`, `age_check` ...). It hands
    nothing over on `closed_weekdays` (0: Monday) and `closed_dates`. `hours`: when it is open, as
    customers are told. `pickup_days`: how many days it keeps what lies ready; None: as many as the
    deployment says.
    """

    location_id: LocationId
    name: str
    type: LocationType
    country_code: str
    timezone: str
    address1: str = ""
    address2: str = ""
    city: str = ""
    province_code: str = ""
    postal_code: str = ""
    coordinates: Coordinates | None = None
    capabilities: frozenset[Capability] = frozenset({Capability.SHIP})
    daily_capacity: int | None = None
    daily_effort: int | None = None
    efforts: Mapping[Method, EffortRate] = field(default_factory=dict)
    daily_returns: int | None = None
    active: bool = True
    groups: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    closed_weekdays: frozenset[int] = frozenset()
    closed_dates: frozenset[date] = frozenset()
    hours: str = ""
    pickup_days: int | None = None
    inactive_until: datetime | None = None
    version: int = 0

    def at(self, moment: datetime) -> Location:
        """As it stands at that instant: one that is inactive until then is active again."""
        if self.active or self.inactive_until is None or moment < self.inactive_until:
            return self
        return replace(self, active=True, inactive_until=None)

    @property
    def postal(self) -> str:
        """Name and address on one line, as customers are told where it is."""
        town = f"{self.postal_code} {self.city}"
        return ", ".join(filter(None, map(str.strip, (self.name, self.address1, town))))

    def effort_rate(self, method: Method) -> EffortRate:
        """What work of that method is reckoned by here: units, where it says nothing."""
        return self.efforts.get(method, UNITS)

    def is_open_on(self, day: date) -> bool:
        """Whether it hands anything over on that local day."""
        return day.weekday() not in self.closed_weekdays and day not in self.closed_dates

    def end_of(self, day: date) -> datetime:
        """The instant (UTC) at which that local day is over, whatever the clocks do there."""
        midnight = datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(self.timezone))
        return midnight.astimezone(UTC)

    def local_date(self, moment: datetime) -> date:
        """The calendar day at the location at that instant: the day its capacity counts for."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()
