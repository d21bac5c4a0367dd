"""Cycle counts in the API: what was found on the shelf, and what people decide of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from dom.api.count_views import CountsView, CountView
from dom.api.operation import Operation, Query
from dom.api.paging import cursor_of
from dom.api.promises import sku_of
from dom.errors import InvalidInput, NotFound
from dom.model.clock import to_text
from dom.model.count import StockCount
from dom.model.feed import MOST_UNITS
from dom.model.ids import TIMED_ID, Sku

# A count of so many SKUs, with names of ordinary length, is far below an item's limit.
MOST_LINES, MOST_BYTES = 1_000, 200_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class CountedBody(BaseModel):
    """Units of a SKU that lie there."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    sku: str = Field(min_length=1)
    quantity: int = Field(ge=0, le=MOST_UNITS, strict=True)


class CountBody(BaseModel):
    """What was found at `counted_at`. `reference` is your own: said again, it counts once."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reference: Text
    counted_at: AwareDatetime
    lines: list[CountedBody] = Field(min_length=1, max_length=MOST_LINES)

    def units(self) -> tuple[tuple[Sku, int], ...]:
        """Units by SKU; InvalidInput names a line that cannot be."""
        found: dict[Sku, int] = {}
        for number, line in enumerate(self.lines):
            sku = sku_of(number, line.sku)
            if found.setdefault(sku, line.quantity) != line.quantity:
                raise InvalidInput(f"lines.{number}.quantity", "an earlier line says otherwise")
        if sum(len(sku.encode()) for sku in found) > MOST_BYTES:
            raise InvalidInput("lines", "they are too much for one count: make several")
        return tuple(found.items())


def count_id(text: str) -> str:
    """An id that could be a count's; NotFound otherwise."""
    if not TIMED_ID.fullmatch(text):
        raise NotFound("count", text[:80])
    return text


def cursor(text: str | None) -> str:
    """Where the next page goes on; InvalidInput: it is none of ours."""
    return cursor_of(text, TIMED_ID)


POST_COUNT = Operation(
    "postCount",
    "POST",
    "/counts/{location_id}",
    "inventory:write",
    "A cycle count: small differences are applied at once, great ones wait for a person.",
    CountView,
    body=CountBody,
    success=201,
    problems=(409,),
)
LIST_COUNTS = Operation(
    "listCounts",
    "GET",
    "/counts/{location_id}",
    "inventory:read",
    "Counts of a location, newest first.",
    CountsView,
    query=(Query("next", "From the page before."),),
)
GET_COUNT = Operation(
    "getCount",
    "GET",
    "/counts/{location_id}/{id}",
    "inventory:read",
    "A count with what was expected, and what waits for a person.",
    CountView,
    problems=(404,),
)
DECIDE_COUNT = Operation(
    "decideCount",
    "POST",
    "/counts/{location_id}/{id}/{action}",
    "inventory:write",
    "approve: what was doubted counts, as of the moment of the count. dismiss: it never does.",
    CountView,
    problems=(404, 409),
)
OPERATIONS = (POST_COUNT, LIST_COUNTS, GET_COUNT, DECIDE_COUNT)


def render(count: StockCount) -> CountView:
    """The count as the API shows it."""
    return {
        "id": count.id,
        "location_id": count.location_id,
        "reference": count.reference,
        "status": count.status.value,
        "counted_at": to_text(count.counted_at),
        "created_at": to_text(count.created_at),
        "created_by": count.created_by,
        "decided_by": count.decided_by,
        "lines": [
            {
                "sku": line.sku,
                "counted": line.counted,
                "expected": line.expected,
                "doubted": line.doubted,
            }
            for line in count.lines
        ],
    }


def render_page(counts: Iterable[StockCount], following: str) -> CountsView:
    """A page of them."""
    return {"counts": [render(one) for one in counts], "next": following or None}
