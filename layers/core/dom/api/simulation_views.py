"""Shapes of a simulation as the API shows it."""

from __future__ import annotations

from typing import NotRequired

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class IntervalView(TypedDict):
    """A figure with its 95 % confidence interval; money in minor units."""

    value: float
    low: float
    high: float


class LocationUseView(TypedDict):
    """Parcels, and the mean and greatest share of a day's capacity; null: it has no bound."""

    location_id: str
    parcels: int
    mean_use: float | None
    peak_use: float | None


class SimulatedDayView(TypedDict):
    """Orders placed on a day (UTC), and their measures."""

    day: str
    orders: int
    measures: dict[str, float]


class SimulatedVariantView(TypedDict):
    """A variant; `locations` are the busiest 50."""

    name: str
    orders: int
    units: int
    units_sent: int
    orders_backordered: int
    locations_used: int
    days_p95: float
    measures: dict[str, IntervalView]
    by_day: list[SimulatedDayView]
    locations: list[LocationUseView]


class ComparisonView(TypedDict):
    """Each measure of `variant` minus that of `base`, on the same orders."""

    base: str
    variant: str
    differences: dict[str, IntervalView]


class ReportView(TypedDict):
    """All variants, and how each differs from the first."""

    variants: list[SimulatedVariantView]
    comparisons: list[ComparisonView]


class SimulationView(TypedDict):
    """`status`: running, succeeded or failed. `report` when it succeeded, `reason` if it failed."""

    simulation_id: str
    status: str
    report: NotRequired[ReportView]
    reason: NotRequired[str]
