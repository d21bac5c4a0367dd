"""Shapes of cycle counts as the API shows them."""

from __future__ import annotations

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class CountLineView(TypedDict):
    """Units `counted`, and `expected` at that moment; `doubted`: a person looks at it first."""

    sku: str
    counted: int
    expected: int
    doubted: bool


class CountView(TypedDict):
    """A count. `status`: received, review, approved, applied or dismissed (what was doubted)."""

    id: str
    location_id: str
    reference: str
    status: str
    counted_at: str
    created_at: str
    created_by: str
    decided_by: str
    lines: list[CountLineView]


class CountsView(TypedDict):
    """Counts of a location, newest first; `next` continues."""

    counts: list[CountView]
    next: str | None
