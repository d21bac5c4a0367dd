"""Promises and availability in the API: operations, the cart in a body, and how answers look."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dom.api.operation import Operation, Query
from dom.api.promise_views import AvailabilityView, OptionView, PromiseView, SkuUnitsView
from dom.errors import InvalidInput
from dom.model import names
from dom.model.cart import Ats, Cart, CartLine, Option, Promise, Units
from dom.model.clock import to_text
from dom.model.geo import Coordinates, Destination
from dom.model.ids import Sku

MOST_LINES = 100
MOST_UNITS = 1_000_000
MOST_GRAMS = 10_000_000
MOST_PRICE = 10**12


def _blank(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_blank), Field(max_length=200)]
Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class CartLineBody(_Body):
    """Units of a SKU. `grams` is one unit's weight; without it the product's, else the least.

    `unit_price`: minor units of the cart's currency, for rules that ask what goods are worth.
    """

    sku: str = Field(min_length=1)
    quantity: int = Field(ge=1, le=MOST_UNITS, strict=True)
    grams: int = Field(0, ge=0, le=MOST_GRAMS, strict=True)
    unit_price: int = Field(0, ge=0, le=MOST_PRICE, strict=True)


class DestinationBody(_Body):
    """Where to. Coordinates are WGS 84 degrees, both or neither; else the US ZIP code's area."""

    postal_code: Text = ""
    country_code: Country
    province_code: Text = ""
    city: Text = ""
    latitude: float | None = Field(None, ge=-90, le=90, strict=True)
    longitude: float | None = Field(None, ge=-180, le=180, strict=True)

    @model_validator(mode="after")
    def _both_or_neither(self) -> DestinationBody:
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("latitude and longitude come together")
        return self

    def destination(self) -> Destination:
        """What sourcing takes."""
        known = self.latitude is not None and self.longitude is not None
        place = Coordinates(self.latitude or 0.0, self.longitude or 0.0) if known else None
        code, postal = self.country_code, self.postal_code
        return Destination(code, postal, self.province_code, self.city, place)


class PromiseBody(_Body):
    """A cart and where it should go. `tier` is the customer's, as routing rules name it."""

    lines: list[CartLineBody] = Field(min_length=1, max_length=MOST_LINES)
    destination: DestinationBody
    channel: Text = ""
    tier: Text = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"

    def cart(self) -> Cart:
        """The cart that the body describes; InvalidInput names a SKU that no key can hold."""
        lines = tuple(
            CartLine(sku_of(n, line.sku), line.quantity, line.grams, line.unit_price)
            for n, line in enumerate(self.lines)
        )
        place = self.destination.destination()
        return Cart(lines, place, self.currency, self.channel, self.tier)


POST_PROMISE = Operation(
    "postPromise",
    "POST",
    "/promise",
    "promise:read",
    "Ways to get a cart: shipped, by courier today, collected; with dates, cost and CO2e.",
    PromiseView,
    body=PromiseBody,
)
GET_AVAILABILITY = Operation(
    "getAvailability",
    "GET",
    "/availability/{sku+}",
    "promise:read",
    "Units of a SKU that a channel may sell, over all locations that take work.",
    AvailabilityView,
    query=(Query("channel", "Such as shopify.", required=True),),
)
OPERATIONS = (POST_PROMISE, GET_AVAILABILITY)


def sku_of(number: int, text: str) -> Sku:
    """The SKU of a line; InvalidInput names the line."""
    try:
        return names.sku(text)
    except InvalidInput as error:
        raise InvalidInput(f"lines.{number}.sku", error.reason) from None


def render_promise(promise: Promise) -> PromiseView:
    """Options in the order of their methods, and what none of them covers."""
    return {
        "options": [_option(option) for option in promise.options],
        "unavailable": _units(promise.unavailable),
    }


def render_ats(ats: Ats) -> AvailabilityView:
    """A SKU for a channel."""
    return {
        "sku": ats.sku,
        "channel": ats.channel,
        "ats": ats.units,
        "as_of": to_text(ats.as_of),
        "later": [{"day": one.day.isoformat(), "ats": one.units} for one in ats.later],
        "backorder": ats.backorder,
    }


def _option(option: Option) -> OptionView:
    shown = _shown(option)
    if option.available_on:
        shown["available_on"] = option.available_on.isoformat()
    return shown


def _shown(option: Option) -> OptionView:
    return {
        "method": option.method.value,
        "location_ids": list(option.location_ids),
        "ships_by": to_text(option.ships_by),
        "delivers_by": to_text(option.delivers_by),
        "cost": {"amount": option.cost.amount, "currency": option.cost.currency},
        "co2e_grams": option.co2e_grams,
        "lines": _units(option.lines),
    }


def _units(units: Units) -> list[SkuUnitsView]:
    return [{"sku": sku, "quantity": quantity} for sku, quantity in units]
