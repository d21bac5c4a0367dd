"""Shortages in the API: what is spoken for and not there, and could not be moved elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict

from dom.api.operation import Operation, Query
from dom.model.clock import to_text
from dom.model.shortage import Shortage


class ShortageView(TypedDict):
    """Units of a SKU that are missing at a location, and since when."""

    sku: str
    location_id: str
    units: int
    since: str


class ShortagesView(TypedDict):
    """A page of them, by location and SKU; `next` continues, also after a short page."""

    shortages: list[ShortageView]
    next: str | None


LIST_SHORTAGES = Operation(
    "listShortages",
    "GET",
    "/shortages",
    "inventory:read",
    "Where more is spoken for than lies there, after all that could be routed elsewhere was.",
    ShortagesView,
    query=(
        Query("location_id", "Of one location only; tokens of some locations must name one."),
        Query("next", "Cursor of the page before."),
    ),
)
OPERATIONS = (LIST_SHORTAGES,)


def render(shortages: Iterable[Shortage], cursor: str | None) -> ShortagesView:
    """A page as the API shows it."""
    return {
        "shortages": [
            {
                "sku": one.sku,
                "location_id": one.location_id,
                "units": one.units,
                "since": to_text(one.since),
            }
            for one in shortages
        ],
        "next": cursor,
    }
