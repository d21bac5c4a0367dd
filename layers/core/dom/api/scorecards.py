"""How well a supplier does, in the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from typing_extensions import TypedDict

from dom.api.operation import Operation, Query
from dom.api.request import Request
from dom.errors import InvalidInput
from dom.model.clock import Clock
from dom.model.scorecard import Scorecard, scorecard_of
from dom.model.tally import Tally

USUAL_DAYS, MOST_DAYS = 30, 366


class FactsView(TypedDict):
    """Purchase orders that were sent in a time, by what became of them so far.

    `acknowledge_seconds`: from sending to acknowledging, on average; `acknowledge_p50_seconds` and
    `acknowledge_p90_seconds`: within so many seconds (a bound of ours: 1 minute to 14 days) half,
    and nine of ten, were acknowledged. `on_time_percent`: shipped by its ETA, or else within its
    time, of what was shipped or expired. `reject_percent`: units refused, of the units asked for.
    Null: there is nothing to divide by, or it took longer than the last bound.
    """

    sent: int
    units: int
    acknowledged: int
    acknowledge_seconds: int | None
    acknowledge_p50_seconds: int | None
    acknowledge_p90_seconds: int | None
    shipped: int
    shipped_on_time: int
    on_time_percent: float | None
    expired: int
    rejected: int
    rejected_units: int
    reject_percent: float | None


class DayView(FactsView):
    """Those of one day (UTC)."""

    day: str


class ScorecardView(TypedDict):
    """Those of the whole time, both days included, and of each day that has any."""

    location_id: str
    first_day: str
    last_day: str
    total: FactsView
    days: list[DayView]


GET_SCORECARD = Operation(
    "getScorecard",
    "GET",
    "/locations/{id}/scorecard",
    "locations:read",
    "How well the supplier behind a location does, by the days on which it was asked.",
    ScorecardView,
    query=(
        Query("from", "First day (UTC), such as 2026-03-01; by default 29 days before the last."),
        Query("to", "Last day (UTC), by default today; at most 366 days in all."),
    ),
)
OPERATIONS = (GET_SCORECARD,)


def days_asked_for(request: Request, clock: Clock) -> tuple[date, date]:
    """The first and the last day; InvalidInput names what is no day, or too long a time."""
    last = _day(request, "to") or clock().date()
    first = _day(request, "from") or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInput("from", f"it must be one to {MOST_DAYS} days until `to`")
    return first, last


def render_scorecard(
    location_id: str, first: date, last: date, tallies: Sequence[Tally]
) -> ScorecardView:
    """The counts of those days."""
    return {
        "location_id": location_id,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "total": _facts(scorecard_of(tallies)),
        "days": [{**_facts(scorecard_of([x])), "day": x.period} for x in tallies],
    }


def _facts(card: Scorecard) -> FactsView:
    return {
        "sent": card.sent,
        "units": card.units,
        "acknowledged": card.acknowledged,
        "acknowledge_seconds": card.mean_seconds,
        "acknowledge_p50_seconds": card.within(Fraction(1, 2)),
        "acknowledge_p90_seconds": card.within(Fraction(9, 10)),
        "shipped": card.shipped,
        "shipped_on_time": card.shipped_on_time,
        "on_time_percent": card.on_time_percent,
        "expired": card.expired,
        "rejected": card.rejected,
        "rejected_units": card.rejected_units,
        "reject_percent": card.reject_percent,
    }


def _day(request: Request, name: str) -> date | None:
    text = request.query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(name, "it must be a day, such as 2026-03-01") from None
