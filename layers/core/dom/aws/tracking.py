"""Returns by the number that a carrier tracks their parcel by: claims in the Inbox table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws.reads import get
from dom.model.ids import ReturnId
from dom.returns.labelled import tracking_key


@dataclass(frozen=True, slots=True)
class TrackingIndex:
    """`dom.returns.hear.Tracking` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, number: str) -> ReturnId | None:
        """The return whose label has that number, or None."""
        item = get(self.dynamodb, self.table, {"key": tracking_key(number)})
        return ReturnId(item["payload_digest"]) if item else None
