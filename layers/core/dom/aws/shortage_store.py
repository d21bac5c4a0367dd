"""The list of shortages in the Inventory table: it follows the positions, which are the truth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import get
from dom.errors import InvalidInput
from dom.model.ids import LocationId
from dom.model.shortage import Shortage
from dom.model.stock import Position

PAGE = 100
# What is over stays for so long, so that a late look at an older position does not bring it back.
KEPT = timedelta(days=1)
_CURSOR = re.compile(r"[\w.~%-]{1,700}#[\w.~%-]{1,700}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShortageStore:
    """One item for each position that is short, by location."""

    dynamodb: Any
    table: str
    size: int = PAGE

    def note(self, position: Position, now: datetime) -> None:
        """What is missing there by that version of the position; an older one changes nothing."""
        key = keys.shortage(position.location_id, position.sku)
        known = get(self.dynamodb, self.table, key)
        if known is None and not position.short:
            return
        since = now
        if known and known["units"]:
            since = from_plain(Shortage, known).since
        shortage = Shortage(position.sku, position.location_id, position.short, since)
        item = {**to_plain(shortage), **key, "seen": position.version}
        if not position.short:
            item["forget_at"] = int((now + KEPT).timestamp())
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal(item),
                ConditionExpression="attribute_not_exists(seen) OR seen <= :seen",
                ExpressionAttributeValues=marshal({":seen": position.version}),
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def page(
        self, location_id: LocationId | None, cursor: str | None
    ) -> tuple[list[Shortage], str | None]:
        """Some that are open, at that location (None: anywhere), and the cursor of what follows.

        A page can be short, or empty, and still have a next. InvalidInput: a cursor that is none.
        """
        prefix = keys.shortages_at(location_id) if location_id else ""
        if cursor and not (_CURSOR.fullmatch(cursor) and cursor.startswith(prefix)):
            raise InvalidInput("next", "it is not a cursor of this list")
        narrowed = " AND begins_with(sk, :prefix)" if prefix else ""
        values = {":pk": keys.SHORTAGES, **({":prefix": prefix} if prefix else {})}
        start = {"pk": keys.SHORTAGES, "sk": cursor}
        answer = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression=f"pk = :pk{narrowed}",
            ExpressionAttributeValues=marshal(values),
            Limit=self.size,
            **({"ExclusiveStartKey": marshal(start)} if cursor else {}),
        )
        items = [unmarshal(item) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        found = [from_plain(Shortage, item) for item in items if item["units"]]
        return found, str(unmarshal(last)["sk"]) if last else None
