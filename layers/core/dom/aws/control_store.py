"""Controls in the Network table, and those in force, kept in a function for seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.guards import put_unchanged
from dom.aws.reads import get, query
from dom.model.control import Control

# So long after a change what is sold may still go by the controls before it.
TTL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class ControlStore:
    """`dom.network.ports.ControlStore` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, control_id: str) -> Control | None:
        """The control, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.control(control_id))
        return from_plain(Control, item) if item else None

    def all(self) -> list[Control]:
        """Every control, by id."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :controls",
            ExpressionAttributeValues=marshal({":controls": keys.CONTROLS}),
            ConsistentRead=True,
        )
        return [from_plain(Control, item) for item in items]

    def save(self, control: Control, previous: Control | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""
        item = {**keys.control(control.id), **to_plain(control)}
        seen = previous.version if previous else None
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def remove(self, control_id: str) -> None:
        """It keeps nothing back any more."""
        self.dynamodb.delete_item(TableName=self.table, Key=marshal(keys.control(control_id)))


@dataclass(slots=True)
class ActiveControls:
    """`dom.promise.ports.Controls`: every control, at most `TTL_SECONDS` behind. Keep it.

    While the table does not answer, the last ones stay; if none are known yet, that is raised:
    selling what is kept back is worse than not selling.
    """

    store: ControlStore
    monotonic: Callable[[], float] = time.monotonic
    _known: tuple[Control, ...] | None = field(default=None)
    _read_at: float = float("-inf")

    def __call__(self) -> Sequence[Control]:
        """All of them; `Control.is_for` says which concern a sale."""
        if self._known is None or self.monotonic() - self._read_at >= TTL_SECONDS:
            try:
                self._known = tuple(self.store.all())
            except (BotoCoreError, ClientError):
                if self._known is None:
                    raise
            self._read_at = self.monotonic()
        return self._known
