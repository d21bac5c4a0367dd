"""Locations in the API: operations, the body of a PUT, and how a location is shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dom.api.operation import Operation
from dom.api.views import LocationsView, LocationView
from dom.model.clock import to_text
from dom.model.effort import MOST_EFFORT, EffortRate
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method

MOST_CAPACITY = 10_000_000


def known_timezone(name: str) -> str:
    """The name, if it is one of a time zone; ValueError otherwise."""
    try:
        ZoneInfo(name)
    # Whatever a name that is no zone does: unknown, a folder, a path that leads elsewhere.
    except (KeyError, ValueError, OSError):
        raise ValueError("it is no IANA time zone, such as Europe/Berlin") from None
    return name


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _blank(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_blank), Field(max_length=200)]
Zone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(known_timezone)]
Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)]
Kind = Annotated[LocationType, BeforeValidator(_lower)]
Can = Annotated[Capability, BeforeValidator(_lower)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Names = Annotated[frozenset[Name], Field(max_length=100)]
Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class LocationAddressBody(_Body):
    """Coordinates are WGS 84 degrees, both or neither; without them distance is unknown."""

    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    province_code: Text = ""
    postal_code: Text = ""
    country_code: Country
    latitude: float | None = Field(None, ge=-90, le=90, strict=True)
    longitude: float | None = Field(None, ge=-180, le=180, strict=True)

    @model_validator(mode="after")
    def _both_or_neither(self) -> LocationAddressBody:
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("latitude and longitude come together")
        return self


Units = Annotated[int, Field(ge=0, le=MOST_EFFORT, strict=True)]


class EffortBody(_Body):
    """Effort units of one work: once (`order`), for each line, for each unit."""

    order: Units = 0
    line: Units = 0
    unit: Units = 0

    def rate(self) -> EffortRate:
        """As the location reckons by it."""
        return EffortRate(self.order, self.line, self.unit)


class LocationBody(_Body):
    """A location. `daily_capacity` counts FulfillmentOrders a day, `daily_effort` effort units,
    `daily_returns` returned units that it inspects a day; null: unbounded.

    `efforts`: by delivery method, the effort units of one FulfillmentOrder (`order`), of each of
    its lines (`line`) and of each unit (`unit`, beside the product's own); a method that is not
    named counts units.

    `groups` are names for the rules. `handles`: what goods may need that it can do, such as
    `hazmat`. It hands nothing over on `closed_weekdays` (0: Monday) and `closed_dates`.
    `hours`: when it is open, as customers are told. `pickup_days`: for how many days it keeps what
    lies ready, null: as the deployment says.
    """

    name: str = Field(min_length=1, max_length=200)
    type: Kind
    address: LocationAddressBody
    timezone: Zone
    capabilities: frozenset[Can] = frozenset({Capability.SHIP})
    daily_capacity: int | None = Field(None, ge=0, le=MOST_CAPACITY, strict=True)
    daily_effort: int | None = Field(None, ge=0, le=MOST_CAPACITY, strict=True)
    efforts: dict[Method, EffortBody] = Field(default_factory=dict)
    daily_returns: int | None = Field(None, ge=1, le=MOST_CAPACITY, strict=True)
    active: bool = Field(True, strict=True)
    groups: Names = frozenset()
    handles: Names = frozenset()
    closed_weekdays: Annotated[frozenset[Weekday], Field(max_length=6)] = frozenset()
    closed_dates: Annotated[frozenset[date], Field(max_length=400)] = frozenset()
    hours: Text = ""
    pickup_days: int | None = Field(None, ge=0, le=365, strict=True)

    def location(self, location_id: LocationId) -> Location:
        """The location that the body describes."""
        address = self.address
        latitude, longitude = address.latitude, address.longitude
        known = latitude is not None and longitude is not None
        return Location(
            location_id,
            self.name,
            self.type,
            address.country_code,
            self.timezone,
            address1=address.address1,
            address2=address.address2,
            city=address.city,
            province_code=address.province_code,
            postal_code=address.postal_code,
            coordinates=Coordinates(latitude, longitude) if known else None,  # type: ignore[arg-type]
            capabilities=self.capabilities,
            daily_capacity=self.daily_capacity,
            daily_effort=self.daily_effort,
            efforts={method: rate.rate() for method, rate in self.efforts.items()},
            daily_returns=self.daily_returns,
            active=self.active,
            groups=self.groups,
            handles=self.handles,
            closed_weekdays=self.closed_weekdays,
            closed_dates=self.closed_dates,
            hours=self.hours,
            pickup_days=self.pickup_days,
        )


PUT_LOCATION = Operation(
    "putLocation",
    "PUT",
    "/locations/{id}",
    "locations:write",
    "Create or replace a location; inactive ones take no new work from the next order on.",
    LocationView,
    body=LocationBody,
)
GET_LOCATION = Operation(
    "getLocation",
    "GET",
    "/locations/{id}",
    "locations:read",
    "One location.",
    LocationView,
    problems=(404,),
)
LIST_LOCATIONS = Operation(
    "listLocations",
    "GET",
    "/locations",
    "locations:read",
    "Every location, by id.",
    LocationsView,
)
OPERATIONS = (PUT_LOCATION, GET_LOCATION, LIST_LOCATIONS)


def render_location(location: Location) -> LocationView:
    """The location as the API shows it."""
    place = location.coordinates
    return {
        "location_id": location.location_id,
        "name": location.name,
        "type": location.type.value,
        "address": {
            "address1": location.address1,
            "address2": location.address2,
            "city": location.city,
            "province_code": location.province_code,
            "postal_code": location.postal_code,
            "country_code": location.country_code,
            "latitude": place.latitude if place else None,
            "longitude": place.longitude if place else None,
        },
        "timezone": location.timezone,
        "capabilities": sorted(one.value for one in location.capabilities),
        "groups": sorted(location.groups),
        "handles": sorted(location.handles),
        "closed_weekdays": sorted(location.closed_weekdays),
        "closed_dates": [day.isoformat() for day in sorted(location.closed_dates)],
        "hours": location.hours,
        "pickup_days": location.pickup_days,
        "daily_capacity": location.daily_capacity,
        "daily_effort": location.daily_effort,
        "efforts": {
            method.value: {"order": rate.order, "line": rate.line, "unit": rate.unit}
            for method, rate in location.efforts.items()
        },
        "daily_returns": location.daily_returns,
        "active": location.active,
        "inactive_until": to_text(location.inactive_until) if location.inactive_until else None,
        "version": location.version,
    }
