"""Payloads that can never be understood: kept with their reason, and replayable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.dynamo import marshal, unmarshal
from dom.aws.inbound import InboundSender
from dom.errors import Busy, NotFound
from dom.intake.ports import Inbound
from dom.model.clock import from_text, to_text


@dataclass(frozen=True, slots=True)
class ParkingLot:
    """Raw bytes in S3 `parked/<digest>`, what is known of them in the Inbox `parked#<digest>`."""

    dynamodb: Any
    s3: Any
    table: str
    bucket: str

    def park(self, inbound: Inbound, field: str, reason: str) -> str:
        """Keep the payload; returns its digest. Parking it again keeps one, with the new reason."""
        digest = _digest(inbound)
        item = {
            "key": f"parked#{digest}",
            "status": "PARKED",
            "field": field,
            "reason": reason,
            "channel": inbound.channel,
            "account": inbound.account,
            "topic": inbound.topic,
            "delivery_id": inbound.delivery_id,
            "received_at": to_text(inbound.received_at),
            "s3_key": f"parked/{digest}",
        }
        if inbound.triggered_at:
            item["triggered_at"] = to_text(inbound.triggered_at)
        try:
            self.s3.put_object(Bucket=self.bucket, Key=item["s3_key"], Body=inbound.body)
            self.dynamodb.put_item(TableName=self.table, Item=marshal(item))
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{item['key']} could not be kept") from error
        return digest

    def replay(self, digest: str, sender: InboundSender, now: datetime) -> None:
        """Send a parked payload through the door again, as it was received.

        If it is still not understood it is parked again. NotFound for an unknown digest.
        """
        key = marshal({"key": f"parked#{digest}"})
        found = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        if "Item" not in found:
            raise NotFound("parked payload", digest)
        item = unmarshal(found["Item"])
        body = self.s3.get_object(Bucket=self.bucket, Key=item["s3_key"])["Body"].read()
        # Marked before it is sent: if it is refused again, the new refusal must stand.
        self.dynamodb.update_item(
            TableName=self.table,
            Key=key,
            UpdateExpression="SET #status = :status, replayed_at = :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=marshal({":status": "REPLAYED", ":now": to_text(now)}),
        )
        sender.send(_inbound(item, body))


def _inbound(item: dict[str, Any], body: bytes) -> Inbound:
    triggered_at = item.get("triggered_at")
    return Inbound(
        item["channel"],
        item["account"],
        item["topic"],
        item["delivery_id"],
        from_text(item["received_at"]),
        body,
        from_text(triggered_at) if triggered_at else None,
    )


def _digest(inbound: Inbound) -> str:
    """The same for the same payload of the same account and topic, whenever it comes."""
    told = "\0".join((inbound.channel, inbound.account, inbound.topic)).encode("utf-8", "replace")
    return hashlib.sha256(told + b"\0" + inbound.body).hexdigest()
