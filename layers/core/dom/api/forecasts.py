"""What is expected to be sold of a SKU, in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired

from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.errors import NotFound
from dom.model.expectation import Expectation, Expected
from dom.model.ids import LocationId


class ExpectedView(TypedDict):
    """Units a day, their variance, and the days of history they were learnt from.

    `safety_stock`: of a location under a policy, the units that the policy asks for there.
    """

    velocity: float
    variance: float
    days: int
    safety_stock: NotRequired[int]


class ForecastView(TypedDict):
    """What is expected from `until` on, the first day that was not known.

    `locations` are those whose customers it is, whoever served them.
    """

    sku: str
    until: str
    kind: str
    method: str
    network: ExpectedView
    regions: dict[str, ExpectedView]
    locations: dict[str, ExpectedView]


GET_FORECAST = Operation(
    "getForecast",
    "GET",
    "/forecasts/{sku+}",
    "inventory:read",
    "Demand a day that is expected of a SKU, as learnt in the night.",
    ForecastView,
    problems=(404,),
)
OPERATIONS = (GET_FORECAST,)


def render_forecast(
    known: Expectation | None, sku: str, kept: Mapping[LocationId, int]
) -> ForecastView:
    """The forecast with the safety stock of some locations; NotFound if nothing is known."""
    if known is None:
        raise NotFound("forecast", sku)
    return {
        "sku": known.sku,
        "until": known.until.isoformat(),
        "kind": known.kind,
        "method": known.method,
        "network": _expected(known.network),
        "regions": {name: _expected(one) for name, one in sorted(known.regions.items())},
        "locations": {
            str(name): _expected(one, kept.get(name))
            for name, one in sorted(known.locations.items())
        },
    }


def _expected(known: Expected, kept: int | None = None) -> ExpectedView:
    shown: ExpectedView = {
        "velocity": known.velocity,
        "variance": known.variance,
        "days": known.days,
    }
    if kept is not None:
        shown["safety_stock"] = kept
    return shown
