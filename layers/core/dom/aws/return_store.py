"""The returns of a location, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.located import LocationIndex
from dom.model.ids import LocationId
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """Some of the returns, and the cursor of what follows; None: that was all."""

    returns: tuple[Return, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnStore:
    """The Orders table by its index `returns`."""

    dynamodb: Any
    table: str
    page: int = PAGE

    def find(
        self, location_id: LocationId, status: ReturnStatus | None, cursor: str | None
    ) -> ReturnPage:
        """A page of the returns that go to the location or are there, by status, oldest first.

        InvalidInput: a cursor that is not one of ours for this location and status.
        """
        index = LocationIndex(
            self.dynamodb, self.table, "returns", "location_id", "return_at", keys.RETURN, self.page
        )
        items, following = index.find(location_id, status.value if status else "", cursor)
        found = (from_plain(Return, item) for item in items)
        return ReturnPage(tuple(x for x in found if status in (None, x.status)), following)
