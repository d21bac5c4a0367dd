"""Orders of a window, read in parts: a segment of their table, a page after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.errors import Busy
from dom.model.clock import to_text
from dom.model.order import Order

Key = dict[str, Any]


@dataclass(slots=True)
class OrderScan:
    """Orders placed from `since` until `until`, but for tests and those that are held to this day.

    `start`: where an earlier scan of the segment stopped, None: at its beginning. After the
    iteration `next` says where to go on; None: the segment is read.
    """

    dynamodb: Any
    table: str
    since: datetime
    until: datetime
    segment: int = 0
    segments: int = 1
    start: Key | None = None
    goes_on: Callable[[], bool] = lambda: True
    next: Key | None = None

    def __iter__(self) -> Iterator[Order]:
        """The orders of one page after the other, until none is left or it must not go on."""
        self.next = self.start
        while True:
            answer = self._page()
            for item in answer["Items"]:
                order = from_plain(Order, unmarshal(item))
                if not order.test and order.hold_reason is None:
                    yield order
            self.next = answer.get("LastEvaluatedKey")
            if self.next is None or not self.goes_on():
                return

    def _page(self) -> dict[str, Any]:
        """Busy while the table does not answer: the step is taken again."""
        try:
            found: dict[str, Any] = self.dynamodb.scan(**self._request())
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"segment {self.segment} of {self.table} could not be read") from error
        return found

    def _request(self) -> dict[str, Any]:
        return {
            "TableName": self.table,
            "Segment": self.segment,
            "TotalSegments": self.segments,
            "FilterExpression": "#item = :order AND placed_at >= :since AND placed_at < :until",
            "ExpressionAttributeNames": {"#item": "item"},
            "ExpressionAttributeValues": marshal(
                {
                    ":order": keys.ORDER,
                    ":since": to_text(self.since),
                    ":until": to_text(self.until),
                }
            ),
            **({"ExclusiveStartKey": self.next} if self.next else {}),
        }
