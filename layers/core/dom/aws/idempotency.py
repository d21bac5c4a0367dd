"""Idempotency keys of API callers, as claims in the Inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws.dynamo import marshal, unmarshal
from dom.errors import IdempotencyMismatch
from dom.model.clock import to_text

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class IdempotencyKeys:
    """The Inbox table, as far as callers' keys are concerned."""

    dynamodb: Any
    table: str

    def claim(self, owner: str, key: str, payload_digest: str, at: datetime) -> bool:
        """Claim the owner's key for this payload, for 30 days; False if it already was.

        IdempotencyMismatch when it was claimed for another payload.
        """
        item = {
            "key": f"idem#{owner}#{key}",
            "payload_digest": payload_digest,
            "received_at": to_text(at),
            "expires_at": int((at + KEPT).timestamp()),
        }
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal(item),
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": "key"},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException as error:
            found = unmarshal(error.response["Item"])
            if found["payload_digest"] != payload_digest:
                raise IdempotencyMismatch(
                    f"the idempotency key {key} was used for another payload"
                ) from None
            return False
        return True
