"""Work given to another location by hand, in the API: the operation and its body."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from dom.api.fulfillments import WorkLineBody, units_of
from dom.api.operation import Operation, Query
from dom.api.views import FulfillmentOrderView


class ReassignBody(BaseModel):
    """Where it goes, and why; without `lines` all of it. `version`: do it only if that is its.

    `force`: although the location is closed, or its day is full. Goods must be there. `reason` is
    shown with the decision and published: no personal data in it. A repeated `request_id` (or
    Idempotency-Key) changes nothing and answers the same.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    location_id: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=200)
    lines: list[WorkLineBody] | None = Field(None, min_length=1, max_length=500)
    version: int | None = Field(None, ge=1, le=2**53, strict=True)
    force: bool = Field(False, strict=True)
    request_id: str | None = Field(None, max_length=255)

    def units(self) -> dict[str, int] | None:
        """Units by line id; None: all. InvalidInput for a line named twice."""
        return units_of(self.lines)


REASSIGN = Operation(
    "reassignFulfillmentOrder",
    "POST",
    "/fulfillments/{id}/reassign",
    "routing:write",
    "Give open work, or a part of it, to another location by hand; answers the new work.",
    FulfillmentOrderView,
    body=ReassignBody,
    headers=(Query("Idempotency-Key", "Names the request, so that a repeat counts once."),),
    problems=(404, 409),
)
OPERATIONS = (REASSIGN,)
