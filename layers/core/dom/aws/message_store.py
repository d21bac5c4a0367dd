"""Claims of customer messages in the Inbox table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import attribute, marshal, unmarshal
from dom.notify.compose import SAYS_ITSELF
from dom.notify.ports import Message, MessageStatus, Notice

PREFIX = "notify#"
# Outlives every way back: 14 days in a dead-letter queue, 30 in the bus archive.
KEPT = timedelta(days=90)
_REFUSED = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class DynamoMessages:
    """`dom.notify.ports.Messages` on DynamoDB."""

    dynamodb: Any
    table: str

    def claim(self, message: Message, over: Collection[MessageStatus]) -> Message | None:
        """Store it if none is stored, or one whose status is in `over`; else the stored one."""
        expires = int((message.claimed_at + KEPT).timestamp())
        allowed = {f":over{i}": attribute(each.value) for i, each in enumerate(sorted(over))}
        free = f"attribute_not_exists(#key) OR #status IN ({', '.join(allowed)})"
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal({**to_plain(message), "expires_at": expires}),
                ConditionExpression=free,
                ExpressionAttributeNames={"#key": "key", "#status": "status"},
                ExpressionAttributeValues=allowed,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            return from_plain(Message, unmarshal(error.response["Item"]))  # type: ignore[typeddict-item]
        return None

    def settle(
        self, message: Message, status: MessageStatus, reason: str = "", message_id: str = ""
    ) -> None:
        """Set the status if it is still CLAIMED (SENT also over UNKNOWN); else change nothing."""
        known = [MessageStatus.CLAIMED]
        known += [MessageStatus.UNKNOWN] if status is MessageStatus.SENT else []
        before = {f":from{i}": attribute(each.value) for i, each in enumerate(known)}
        values = {":status": status.value, ":reason": reason, ":id": message_id}
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal({"key": message.key}),
                UpdateExpression="SET #status = :status, reason = :reason, message_id = :id",
                ConditionExpression=f"#status IN ({', '.join(before)})",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={**marshal(values), **before},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise

    def find(self, key: str) -> Message | None:
        """The stored message of that key."""
        answer = self.dynamodb.get_item(TableName=self.table, Key=marshal({"key": key}))
        return from_plain(Message, unmarshal(answer["Item"])) if "Item" in answer else None

    def with_status(self, status: MessageStatus) -> Iterator[Message]:
        """Every message in that status, by a scan: for operators."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="begins_with(#key, :prefix) AND #status = :status",
            ExpressionAttributeNames={"#key": "key", "#status": "status"},
            ExpressionAttributeValues=marshal({":prefix": PREFIX, ":status": status.value}),
        )
        for page in pages:
            yield from (from_plain(Message, unmarshal(item)) for item in page["Items"])


def notice_of(detail: Mapping[str, Any]) -> Notice:
    """What a published event's detail says to the notify stage; KeyError when it is not one."""
    work, type_ = detail.get("fulfillment_order_id", ""), detail["type"]
    # Kept with the claim, for an operator who sends it again: only where the message needs it.
    data = detail.get("data", {}) if type_ in SAYS_ITSELF else {}
    return Notice(detail["event_id"], type_, detail["order_id"], work, data)
