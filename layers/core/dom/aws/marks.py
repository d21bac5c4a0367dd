"""`dom.intake.ports.Marks` in the Network table, beside the outlets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.reads import get
from dom.intake.ports import Mark


@dataclass(frozen=True, slots=True)
class DynamoMarks:
    """How far each account's orders were read."""

    dynamodb: Any
    table: str

    def load(self, channel: str, account: str) -> Mark | None:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.orders_read(channel, account))
        return from_plain(Mark, item) if item else None

    def save(self, channel: str, account: str, mark: Mark) -> None:
        """See the port."""
        item = {**keys.orders_read(channel, account), **to_plain(mark)}
        self.dynamodb.put_item(TableName=self.table, Item=marshal(item))
