"""Take in an order that a caller of our API places, once for each idempotency key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dom.intake.ports import Inbound, InboundQueue
from dom.model.ids import OrderId, digest, order_id_for

# The inbound channel whose parser reads these bodies.
CHANNEL = "api"
TOPIC = "orders/create"


class IdempotencyKeys(Protocol):
    """Keys that callers chose, by owner."""

    def claim(self, owner: str, key: str, payload_digest: str, at: datetime) -> bool:
        """Claim it for this payload. IdempotencyMismatch if another payload has it."""


@dataclass(frozen=True, slots=True)
class Placing:
    """An order as placed: its identity, the validated body, the caller and its key ("": none)."""

    channel: str
    account: str
    external_id: str
    body: bytes
    owner: str
    key: str = ""


def accept(placing: Placing, keys: IdempotencyKeys, queue: InboundQueue, now: datetime) -> OrderId:
    """Claim the key, then queue the order; returns its id, which is the same on every repeat.

    A repeat queues it again: the first attempt may have died between claim and queue, and ingest
    counts a delivery once. IdempotencyMismatch: the key belongs to another payload.
    """
    names = (placing.channel, placing.account, placing.external_id)
    key = placing.key or digest(*names)
    payload = _digest(placing.body)
    keys.claim(placing.owner, key, payload, now)
    delivery = digest(placing.owner, key, payload)
    queue.send(Inbound(CHANNEL, placing.account, TOPIC, delivery, now, placing.body))
    return order_id_for(*names)


def _digest(body: bytes) -> str:
    """Of the JSON, not of its bytes: spaces and the order of fields make no other payload."""
    canonical = json.dumps(json.loads(body), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
