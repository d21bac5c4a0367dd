"""Things that people describe by name, few enough to be read all at once: a partition of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.guards import put_unchanged
from dom.aws.reads import get, query


class Named(Protocol):
    """Something with an id, and a version that guards every write."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def version(self) -> int:
        """Of what is stored."""


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class NamedItems(Generic[T]):
    """The items of one partition of the Network table; what they are is said by who inherits."""

    kind: ClassVar[type]
    partition: ClassVar[str]

    dynamodb: Any
    table: str

    def find(self, name: str) -> T | None:
        """The one of that name, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.named(self.partition, name))
        return self._read(item) if item else None

    def all(self) -> list[T]:
        """All of them, by name."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :partition",
            ExpressionAttributeValues=marshal({":partition": self.partition}),
            ConsistentRead=True,
        )
        return [self._read(item) for item in items]

    def save(self, wanted: T, previous: T | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""
        item = {**keys.named(self.partition, wanted.id), **to_plain(wanted)}
        seen = previous.version if previous else None
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def remove(self, name: str) -> None:
        """There is none of that name any more."""
        key = marshal(keys.named(self.partition, name))
        self.dynamodb.delete_item(TableName=self.table, Key=key)

    def _read(self, item: dict[str, Any]) -> T:
        found: T = from_plain(self.kind, item)
        return found
