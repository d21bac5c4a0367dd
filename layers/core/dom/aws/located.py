"""Items of the Orders table by an index on their location, page by page."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import Plain, batch_get
from dom.errors import InvalidInput
from dom.model.ids import LocationId


@dataclass(frozen=True, slots=True)
class LocationIndex:
    """The index of that name: by location (its attribute is `place`), sorted by `attribute`
    (`<status>#<time>`). `kind`: of item keys.
    """

    dynamodb: Any
    table: str
    name: str
    place: str
    attribute: str
    kind: str
    page: int

    def find(
        self, location_id: LocationId, status: str, cursor: str | None
    ) -> tuple[list[Plain], str | None]:
        """A page of items in the status ("": any), oldest first, and the cursor of what follows.

        The index names them, the items are read consistently: what has left the status since is the
        caller's to drop, so a page can be short (or empty) and still have a next. InvalidInput: a
        cursor that is not one of ours for this location and status.
        """
        prefix = f"{status}#" if status else ""
        condition, values = f"{self.place} = :location", {":location": str(location_id)}
        if prefix:
            condition += f" AND begins_with({self.attribute}, :prefix)"
            values[":prefix"] = prefix
        request: Plain = {
            "TableName": self.table,
            "IndexName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": marshal(values),
            "Limit": self.page,
        }
        if cursor:
            request["ExclusiveStartKey"] = marshal(self._start(cursor, location_id, prefix))
        answer = self.dynamodb.query(**request)
        rows = [unmarshal(item) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        return self._read(rows), self._cursor(unmarshal(last)) if last else None

    def _read(self, rows: list[Plain]) -> list[Plain]:
        wanted = [{"order_id": row["order_id"], "item": row["item"]} for row in rows]
        items = batch_get(self.dynamodb, self.table, wanted)
        found = {(item["order_id"], item["item"]): item for item in items}
        keys = [(row["order_id"], row["item"]) for row in rows]
        return [found[key] for key in keys if key in found]

    def _cursor(self, key: Plain) -> str:
        text = f"{key['order_id']}|{key['item']}|{key[self.attribute]}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _start(self, cursor: str, location_id: str, prefix: str) -> Plain:
        """The key after which the page starts.

        It comes back from outside: only what DynamoDB accepts as a key may pass.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        except ValueError:
            text = ""
        pattern = rf"([\w-]{{1,80}})\|({self.kind}#\d{{6,9}})\|([a-z_]+#!?[\d.:TZ-]+)"
        found = re.fullmatch(pattern, text, re.ASCII)
        if not found or not found[3].startswith(prefix) or len(text) > 200:
            raise InvalidInput("next", "it is not a cursor of this list")
        return {
            "order_id": found[1],
            "item": found[2],
            self.attribute: found[3],
            self.place: location_id,
        }
