"""Simulations in the API: operations, and how one is shown."""

from __future__ import annotations

import json
import re

from dom.api.operation import Operation
from dom.api.simulation_document import SimulationBody
from dom.api.simulation_views import (
    ComparisonView,
    IntervalView,
    LocationUseView,
    ReportView,
    SimulatedVariantView,
    SimulationView,
)
from dom.errors import NotFound
from dom.model.ids import digest
from dom.simulation.compare import Comparison, Interval
from dom.simulation.measures import figures
from dom.simulation.outcome import LocationUse
from dom.simulation.simulation import Figures, Report

_ID = re.compile(r"sim_[a-z2-7]{20}")


POST_SIMULATION = Operation(
    "postSimulation",
    "POST",
    "/simulations",
    "routing:write",
    "Simulate orders under rule sets; the same body is the same simulation. Nothing is changed.",
    SimulationView,
    body=SimulationBody,
    success=202,
)
GET_SIMULATION = Operation(
    "getSimulation",
    "GET",
    "/simulations/{id}",
    "routing:read",
    "How a simulation stands, and its report.",
    SimulationView,
    problems=(404,),
)
OPERATIONS = (POST_SIMULATION, GET_SIMULATION)


def simulation_id_of(body: SimulationBody) -> str:
    """A function of what is asked: whoever asks again gets the same simulation."""
    return "sim_" + digest(json.dumps(plain(body), sort_keys=True))


def plain(body: SimulationBody) -> dict[str, object]:
    """What is asked, as JSON has it."""
    return body.model_dump(mode="json", by_alias=True)


def simulation_id(text: str) -> str:
    """An id that could be a simulation's; NotFound otherwise."""
    if not _ID.fullmatch(text):
        raise NotFound("simulation", text[:80])
    return text


def render(
    simulation_id: str, status: str, report: Report | None, reason: str = ""
) -> SimulationView:
    """A simulation as it stands."""
    shown: SimulationView = {"simulation_id": simulation_id, "status": status}
    if report:
        shown["report"] = render_report(report)
    if reason:
        shown["reason"] = reason
    return shown


def render_report(report: Report) -> ReportView:
    """The report with rounded figures."""
    return {
        "variants": [_variant(one) for one in report.variants],
        "comparisons": [_comparison(one) for one in report.comparisons],
    }


def _variant(one: Figures) -> SimulatedVariantView:
    outcome = one.outcome
    return {
        "name": outcome.variant,
        "orders": outcome.sums.orders,
        "units": outcome.sums.units,
        "units_sent": outcome.sums.sent,
        "orders_backordered": outcome.sums.backordered,
        "locations_used": outcome.locations_used,
        "days_p95": round(outcome.days_p95, 3),
        "measures": {name: _interval(found) for name, found in one.intervals.items()},
        "by_day": [
            {
                "day": day.day.isoformat(),
                "orders": day.sums.orders,
                "measures": {name: round(value, 4) for name, value in figures(day.sums).items()},
            }
            for day in outcome.by_day
        ],
        "locations": [_use(use) for use in outcome.locations],
    }


def _comparison(one: Comparison) -> ComparisonView:
    differences = {name: _interval(found) for name, found in one.differences.items()}
    return {"base": one.base, "variant": one.variant, "differences": differences}


def _interval(found: Interval) -> IntervalView:
    return {
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
    }


def _use(use: LocationUse) -> LocationUseView:
    return {
        "location_id": use.location_id,
        "parcels": use.parcels,
        "mean_use": use.mean_use,
        "peak_use": use.peak_use,
    }
