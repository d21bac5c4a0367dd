"""Received events through SQS; what is too large for the queue goes through S3 (claim check)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.channels.notices import Notice, notice
from dom.errors import Busy
from dom.intake.ports import Inbound
from dom.model.clock import Clock, from_text, system_clock, to_text

# SQS takes 256 KiB on accounts with the older limit; the rest is room for the envelope.
LARGEST_MESSAGE = 200 * 1024
# The channel, account and topic of what is in no form that we know.
FOREIGN = "unknown"


@dataclass(frozen=True, slots=True)
class InboundSender:
    """The door's side: keeps an event durably."""

    sqs: Any
    s3: Any
    queue_url: str
    bucket: str

    def send(self, inbound: Inbound) -> None:
        """Enqueue; Busy when AWS did not take it, so that the sender tries again."""
        try:
            self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=self._message(inbound))
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"the event could not be kept: {type(error).__name__}") from error

    def _message(self, inbound: Inbound) -> str:
        # Undecodable bytes survive as lone surrogates: only the parser may judge them.
        text = inbound.body.decode("utf-8", "surrogateescape")
        if inbound.channel == FOREIGN:  # it is the message itself, which may be understood by now
            return text
        envelope = _envelope(inbound)
        message = json.dumps({**envelope, "body": text})
        if len(message) <= LARGEST_MESSAGE:
            return message
        key = f"inbound/{inbound.channel}/{hashlib.sha256(inbound.body).hexdigest()}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=inbound.body)
        return json.dumps({**envelope, "body_s3": key})


@dataclass(frozen=True, slots=True)
class InboundReader:
    """Ingest's side."""

    s3: Any
    bucket: str
    clock: Clock = system_clock

    def read(self, message: str) -> Inbound:
        """The event of a message: of our door's, or of a vendor that puts them here itself. Any
        other comes back as one of no channel.
        """
        try:
            envelope = json.loads(message)
            told = notice(envelope)
            if told is not None:
                return _told(told, self.clock())
            body = self._body(envelope)
            triggered_at = envelope.get("triggered_at")
            return Inbound(
                channel=envelope["channel"],
                account=envelope["account"],
                topic=envelope["topic"],
                delivery_id=envelope["delivery_id"],
                received_at=from_text(envelope["received_at"]),
                body=body,
                triggered_at=from_text(triggered_at) if triggered_at else None,
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return _foreign(message)

    def _body(self, envelope: dict[str, Any]) -> bytes:
        if "body" in envelope:
            return str(envelope["body"]).encode("utf-8", "surrogateescape")
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=envelope["body_s3"])
            return bytes(found["Body"].read())
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"{envelope['body_s3']} could not be read") from error


def _envelope(inbound: Inbound) -> dict[str, str]:
    envelope = {
        "channel": inbound.channel,
        "account": inbound.account,
        "topic": inbound.topic,
        "delivery_id": inbound.delivery_id,
        "received_at": to_text(inbound.received_at),
    }
    if inbound.triggered_at:
        envelope["triggered_at"] = to_text(inbound.triggered_at)
    return envelope


def _told(told: Notice, now: datetime) -> Inbound:
    delivery = told.delivery
    return Inbound(
        channel=told.channel,
        account=told.account,
        topic=delivery.topic,
        delivery_id=delivery.delivery_id,
        received_at=now,
        body=told.body,
        triggered_at=delivery.triggered_at,
    )


def _foreign(message: str) -> Inbound:
    body = message.encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(body).hexdigest()
    return Inbound(FOREIGN, FOREIGN, FOREIGN, digest, from_text("1970-01-01T00:00Z"), body)
