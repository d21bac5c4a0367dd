"""From what was asked for to what is expected: one SKU at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dom.forecast.forecast import Forecast, forecast
from dom.forecast.kinds import Kind
from dom.forecast.series import Sale, series_of
from dom.model.expectation import MOST_PLACES, Expectation, Expected
from dom.model.ids import LocationId, Sku
from dom.planning.asked import Asked, day_of
from dom.planning.home import Homes, by_home

NETWORK = "*"


def learn(sku: Sku, rows: Iterable[Asked], homes: Homes, until: date) -> Expectation:
    """What is expected of the SKU from `until` on, the first day that is not known.

    The most of regions and locations that an item has room for are kept, by velocity.
    """
    known = list(rows)
    (whole,) = _learnt(sku, ((NETWORK, row) for row in known), until).values()
    regions = _learnt(sku, ((row.region, row) for row in known), until)
    homes_of = _learnt(sku, by_home(known, homes), until)
    return Expectation(
        sku,
        until,
        whole[1].kind.value,
        whole[1].method,
        whole[0],
        dict(_most(regions)),
        {LocationId(name): one for name, one in _most(homes_of)},
    )


def forecast_of(known: Expected) -> Forecast:
    """An expectation as the formulas of `dom.forecast` take it; the days of the week are equal."""
    remembers = known.remembers or float("inf")
    return Forecast(Kind.SMOOTH, "learnt", known.velocity, known.variance, remembers=remembers)


def _learnt(
    sku: Sku, rows: Iterable[tuple[str, Asked]], until: date
) -> dict[str, tuple[Expected, Forecast]]:
    sales = (Sale(sku, name, day_of(row), row.units) for name, row in rows)
    found = {}
    for series in series_of(sales, until):
        made = forecast(series.units)
        found[series.region] = _expected(made, len(series.units)), made
    return found


def _expected(made: Forecast, days: int) -> Expected:
    """Three significant digits: more than is known, and a figure that hardly moves stays."""
    remembers = 0.0 if made.remembers == float("inf") else made.remembers
    figures = (made.velocity, made.variance, remembers)
    velocity, variance, remembered = (float(f"{one:.3g}") for one in figures)
    return Expected(velocity, variance, days, remembered)


def _most(found: dict[str, tuple[Expected, Forecast]]) -> Iterator[tuple[str, Expected]]:
    ranked = sorted(found, key=lambda name: (-found[name][0].velocity, name))
    return ((name, found[name][0]) for name in sorted(ranked[:MOST_PLACES]))
