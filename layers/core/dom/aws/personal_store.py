"""Personal data of orders: items of their own, sealed with the order's data key.

Items from before there were keys are read as they are, and sealed when they are written next, or by
`tools.seal_personal`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.data_keys import DataKey, DataKeys
from dom.aws.dynamo import marshal
from dom.aws.reads import Plain, get
from dom.aws.sealing import opened, seal
from dom.aws.transactions import Write
from dom.model.commit import PersonalData

SEALED = "sealed"
KIND = "personal"


@dataclass(frozen=True, slots=True)
class PersonalStore:
    """The PERSONAL items of the Orders table, and the keys of what is in them."""

    dynamodb: Any
    table: str
    data_keys: DataKeys

    def read(self, order_id: str) -> PersonalData | None:
        """What is known of the order's customer; None: nothing, or it is forgotten, which a sealed
        item without its key is. Busy: KMS does not answer.
        """
        for _ in range(2):  # The key may have been deleted and made anew between two reads.
            item = get(self.dynamodb, self.table, keys.personal(order_id))
            if item is None or SEALED not in item:
                return from_plain(PersonalData, item) if item else None
            key = self.data_keys.of(order_id)
            if key and key.id == item["key_id"]:
                return _unsealed(item, key)
        return None

    def writes(self, personal: PersonalData) -> Iterator[Write]:
        """The item, and its key. Busy: KMS does not answer."""
        end, key = personal.forget_by, self.data_keys.to_write(personal.order_id)
        forget_at = int(end.timestamp()) if end else None
        put = {"TableName": self.table, "Item": marshal(_sealed(personal, key, forget_at))}
        yield Write(KIND, personal.order_id, {"Put": put})
        yield self.data_keys.write(key, forget_at)

    def erasure(self, order_id: str) -> Iterator[Write]:
        """Neither the item nor its key is there any more. KMS is not asked."""
        gone = {"TableName": self.table, "Key": marshal(keys.personal(order_id))}
        yield Write(KIND, order_id, {"Delete": gone})
        yield self.data_keys.deletion(order_id)


def _sealed(personal: PersonalData, key: DataKey, forget_at: int | None) -> Plain:
    """Whoever looks at the table sees whose it is and until when, and nothing of what it says."""
    plain = to_plain(personal)
    said = {name: plain.pop(name) for name in ("customer_id", "data")}
    item = {**plain, **keys.personal(personal.order_id), "key_id": key.id}
    item[SEALED] = seal(key.plain, json.dumps(said).encode(), _name(item))
    return item | ({"forget_at": forget_at} if forget_at else {})


def _unsealed(item: Mapping[str, Any], key: DataKey) -> PersonalData:
    said = json.loads(opened(key.plain, bytes(item[SEALED]), _name(item)))
    return from_plain(PersonalData, {**item, **said})


def _name(item: Mapping[str, Any]) -> str:
    """What the sealed text belongs to: moved to another item it does not open."""
    return f"{item['order_id']}/{item['item']}"
