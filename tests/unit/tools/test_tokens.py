"""API tokens are shown once and stored only as hashes."""

from __future__ import annotations

import json
from typing import Any

from dom.api.authorizer import token_hash

from tools.stack import Stack
from tools.tokens import create_token


class Table:
    """Remembers what was put."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []

    def put_item(self, *, TableName: str, Item: dict[str, Any]) -> None:
        """Keep it."""
        self.items.append(Item)


class InMemory(Stack):
    """A stack that is only a table of tokens."""

    def __init__(self) -> None:
        super().__init__("dom")
        self.__dict__["table"] = Table()

    def client(self, service: str, **options: Any) -> Any:
        """The table."""
        return self.__dict__["table"]

    def resource(self, logical_id: str) -> str:
        """Its own name."""
        return logical_id


def test_the_token_itself_is_stored_nowhere() -> None:
    stack = InMemory()
    token = create_token(stack, "wms", ["fulfillments:read"], ["STORE-01"])
    (item,) = stack.client("dynamodb").items
    assert item["token_hash"] == {"S": token_hash(token)}
    assert item["location_ids"] == {"L": [{"S": "STORE-01"}]}
    assert token not in json.dumps(item)


def test_two_tokens_are_never_the_same() -> None:
    stack = InMemory()
    assert create_token(stack, "a", ["*"]) != create_token(stack, "a", ["*"])
