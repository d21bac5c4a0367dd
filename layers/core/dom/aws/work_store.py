"""The work of a location, page by page."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import Plain, batch_get
from dom.errors import InvalidInput
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId

PAGE = 100


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

        The index names it, the items are read consistently: what has left the status since is not
        shown, so a page can be short (or empty) and still have a `next`. InvalidInput: a cursor
        that is not one of ours for this location and status.
        """
        prefix = f"{status.value}#" if status else ""
        request: Plain = {
            "TableName": self.table,
            "IndexName": "work",
            "KeyConditionExpression": "location_id = :location",
            "ExpressionAttributeValues": {":location": location_id},
            "Limit": self.page,
        }
        if prefix:
            request["KeyConditionExpression"] += " AND begins_with(work_at, :prefix)"
            request["ExpressionAttributeValues"][":prefix"] = prefix
        request["ExpressionAttributeValues"] = marshal(request["ExpressionAttributeValues"])
        if cursor:
            request["ExclusiveStartKey"] = marshal(_start(cursor, location_id, prefix))
        answer = self.dynamodb.query(**request)
        rows = [unmarshal(item) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        return WorkPage(self._works(rows, status), _cursor(unmarshal(last)) if last else None)

    def _works(
        self, rows: list[Plain], status: FulfillmentStatus | None
    ) -> tuple[FulfillmentOrder, ...]:
        wanted = [{"order_id": row["order_id"], "item": row["item"]} for row in rows]
        found = {
            (item["order_id"], item["item"]): from_plain(FulfillmentOrder, item)
            for item in batch_get(self.dynamodb, self.table, wanted)
        }
        listed = (found.get((row["order_id"], row["item"])) for row in rows)
        return tuple(work for work in listed if work and status in (None, work.status))


def _cursor(key: Plain) -> str:
    text = f"{key['order_id']}|{key['item']}|{key['work_at']}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


# It comes back from outside: only what DynamoDB accepts as a key may pass.
_CURSOR = re.compile(
    r"(?P<order_id>[\w-]{1,80})\|(?P<item>FO#\d{6,9})\|(?P<work_at>[a-z_]+#[\d.:TZ-]+)", re.ASCII
)


def _start(cursor: str, location_id: str, prefix: str) -> Plain:
    """The key after which the page starts."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        text = ""
    found = _CURSOR.fullmatch(text)
    if not found or not found["work_at"].startswith(prefix) or len(text) > 200:
        raise InvalidInput("next", "it is not a cursor of this list")
    return {**found.groupdict(), "location_id": location_id}
