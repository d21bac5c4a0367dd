"""The work of a location, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.located import LocationIndex
from dom.aws.reads import Plain
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, fulfillment_order_id

PAGE = 100
# A shipment has ten members: whoever has more open work at one place than this is no household.
MOST_OPEN = 50


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some of the work, and the cursor of what follows; None: that was all."""

    works: tuple[FulfillmentOrder, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class WorkStore:
    """The Orders table by its index `work`."""

    dynamodb: Any
    table: str
    page: int = PAGE

    def find(
        self, location_id: LocationId, status: FulfillmentStatus | None, cursor: str | None
    ) -> WorkPage:
        """A page of the location's work, by status and then oldest first.

        InvalidInput: a cursor that is not one of ours for this location and status.
        """
        index = LocationIndex(
            self.dynamodb, self.table, "work", "held_by", "work_at", "FO", self.page
        )
        items, following = index.find(location_id, status.value if status else "", cursor)
        found = (from_plain(FulfillmentOrder, item) for item in items)
        return WorkPage(tuple(x for x in found if status in (None, x.status)), following)

    def open_work(self, location_id: LocationId, recipient: str) -> list[FulfillmentOrderId]:
        """Ids of what nobody has picked there for that recipient, `MOST_OPEN` at most."""
        answer = self.dynamodb.query(
            TableName=self.table,
            IndexName="recipients",
            KeyConditionExpression="recipient_at = :at",
            ExpressionAttributeValues=marshal({":at": keys.open_work(location_id, recipient)}),
            Limit=MOST_OPEN,
        )
        return [_id_of(unmarshal(item)) for item in answer["Items"]]


def _id_of(key: Plain) -> FulfillmentOrderId:
    number = int(key["item"].removeprefix("FO#"))
    return fulfillment_order_id(OrderId(key["order_id"]), number)
