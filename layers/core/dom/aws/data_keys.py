"""Data keys, one for each order: wrapped by a key of KMS, and apart from what they open.

Whoever deletes an order's key makes everything that was sealed with it unreadable, in backups, too:
https://docs.aws.amazon.com/kms/latest/developerguide/data-keys.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.reads import get
from dom.aws.transactions import Write
from dom.errors import Busy
from dom.model.ids import digest

# So long an unwrapped key is remembered. Whether it is still there is asked each time.
SECONDS_KNOWN = 300.0
MOST_KNOWN = 500
KIND = "data_key"
# Roles are allowed this purpose and no other; CloudTrail names it with the order.
PURPOSE = "personal"


@dataclass(frozen=True, slots=True)
class DataKey:
    """An order's key. `wrapped` is what is stored; `new`: it is not yet."""

    order_id: str
    id: str
    plain: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    new: bool = False


@dataclass(slots=True)
class DataKeys:
    """The table of wrapped keys, and KMS. Busy: KMS does not answer, throttles, or refuses."""

    dynamodb: Any
    table: str
    kms: Callable[[], Any]
    kms_key: str = ""
    seconds: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, bytes]] = field(default_factory=dict)

    def of(self, order_id: str) -> DataKey | None:
        """The order's key; None: it has none, or it was deleted."""
        item = get(self.dynamodb, self.table, keys.data_key(order_id))
        if item is None:
            return None
        wrapped = bytes(item["wrapped"])
        return DataKey(order_id, item["key_id"], self._unwrapped(order_id, wrapped), wrapped)

    def to_write(self, order_id: str) -> DataKey:
        """The order's key, or a new one: it is stored by the transaction that holds `write`."""
        found = self.of(order_id)
        if found:
            return found
        asked = {"KeyId": self.kms_key, "KeySpec": "AES_256"}
        made = self._ask("generate_data_key", order_id, **asked)
        plain, wrapped = bytes(made["Plaintext"]), bytes(made["CiphertextBlob"])
        return DataKey(order_id, self._remember(wrapped, plain), plain, wrapped, new=True)

    def stored(self, order_id: str) -> DataKey:
        """The order's key, which is stored: for what is sealed before the transaction."""
        key = self.to_write(order_id)
        if not key.new:
            return key
        try:
            self.dynamodb.put_item(**self.write(key).request["Put"])
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            raise Busy(f"the key of {order_id} is made by somebody else") from None
        return key

    def write(self, key: DataKey, forget_at: int | None = None) -> Write:
        """Store the key, if nobody stored or deleted one since it was read or made. It goes by
        itself some days after `forget_at` (seconds since 1970).
        """
        item = {**keys.data_key(key.order_id), "key_id": key.id, "wrapped": key.wrapped}
        put = {
            "TableName": self.table,
            "Item": marshal(item | ({"forget_at": forget_at} if forget_at else {})),
            "ConditionExpression": "attribute_not_exists(order_id)" if key.new else "key_id = :id",
        }
        if not key.new:
            put["ExpressionAttributeValues"] = marshal({":id": key.id})
        return Write(KIND, key.order_id, {"Put": put})

    def deletion(self, order_id: str) -> Write:
        """Delete the order's key, if there is one."""
        gone = {"TableName": self.table, "Key": marshal(keys.data_key(order_id))}
        return Write(KIND, order_id, {"Delete": gone})

    def _unwrapped(self, order_id: str, wrapped: bytes) -> bytes:
        at, plain = self._known.get(_name(wrapped), (float("-inf"), b""))
        if self.seconds() - at < SECONDS_KNOWN:
            return plain
        asked = {"KeyId": self.kms_key, "CiphertextBlob": wrapped}
        plain = bytes(self._ask("decrypt", order_id, **asked)["Plaintext"])
        self._remember(wrapped, plain)
        return plain

    def _remember(self, wrapped: bytes, plain: bytes) -> str:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[_name(wrapped)] = self.seconds(), plain
        return _name(wrapped)

    def _ask(self, action: str, order_id: str, **request: Any) -> Mapping[str, Any]:
        context = {"purpose": PURPOSE, "order_id": order_id}
        try:
            answer = getattr(self.kms(), action)(EncryptionContext=context, **request)
        except ClientError as error:
            raise Busy(f"KMS {action}: {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise Busy(f"KMS {action}: {type(error).__name__}") from error
        return dict(answer)


def _name(wrapped: bytes) -> str:
    """Wrapped keys are unlike each other: their digest names them."""
    return digest(wrapped.hex())
