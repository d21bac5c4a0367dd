"""Counts of returns in the API: why goods come back, by SKU or by the location that sent them."""

from __future__ import annotations

from typing_extensions import TypedDict

from dom.api.operation import Operation, Query
from dom.api.request import Request
from dom.errors import InvalidInput
from dom.model import names
from dom.model.clock import Clock
from dom.model.tally import Tally, TallyScope, period_of


class ReturnSignalsView(TypedDict):
    """Units of a month: all, by reason, by condition as inspected; how many came for a fault.

    A fault: defective, not_as_described or wrong_item. `fault_percent` null: nothing came back.
    """

    scope: str
    key: str
    month: str
    units: int
    reasons: dict[str, int]
    conditions: dict[str, int]
    faults: int
    fault_percent: float | None


GET_SIGNALS = Operation(
    "getReturnSignals",
    "GET",
    "/return-signals",
    "returns:read",
    "Why goods came back in a month, of a SKU or of the location that had sent them.",
    ReturnSignalsView,
    query=(
        Query("sku", "Of this SKU."),
        Query("location_id", "Of what this location had sent."),
        Query("month", "Such as 2026-03 (UTC); by default this one."),
    ),
)
OPERATIONS = (GET_SIGNALS,)


def asked_for(request: Request, clock: Clock) -> tuple[TallyScope, str, str]:
    """(scope, key, month) of a request; InvalidInput unless it names one of both."""
    sku, location_id = request.query.get("sku", ""), request.query.get("location_id", "")
    if bool(sku) == bool(location_id):
        raise InvalidInput("sku", "name a sku or a location_id")
    month = request.query.get("month") or period_of(TallyScope.SKU, clock())
    if len(month) != 7 or not month.replace("-", "", 1).isdecimal() or not month.isascii():
        raise InvalidInput("month", "it must be like 2026-03")
    if sku:
        return TallyScope.SKU, names.sku(sku), month
    place = names.location_id(location_id)
    request.identity.require_location(place)
    return TallyScope.LOCATION, place, month


def render_signals(tally: Tally, faults: int) -> ReturnSignalsView:
    """The counts of a month, `faults` of them for a fault."""
    units = tally.count("units")
    return {
        "scope": tally.scope.value,
        "key": tally.key,
        "month": tally.period,
        "units": units,
        "reasons": _named(tally, "reason#"),
        "conditions": _named(tally, "condition#"),
        "faults": faults,
        "fault_percent": round(100 * faults / units, 1) if units else None,
    }


def _named(tally: Tally, prefix: str) -> dict[str, int]:
    found = ((name, n) for name, n in sorted(tally.counts.items()) if name.startswith(prefix))
    return {name.removeprefix(prefix): n for name, n in found}
