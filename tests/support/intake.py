"""Facts, merges and sample events for tests of intake and channels."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dom.channels import CHANNELS
from dom.intake.hold import Policy
from dom.intake.merge import merge
from dom.intake.ports import Inbound
from dom.model.facts import Facts
from dom.model.order import Order

EVENTS = Path(__file__).parents[2] / "events" / "shopify"
SHOP = "acme.myshopify.com"
NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
STRICT = Policy()

Json = dict[str, Any]
Told = tuple[str, Json]


def sample(name: str) -> Json:
    """The payload events/shopify/<name>.json."""
    found: Json = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def facts_of(topic: str, body: Json) -> Facts:
    """What Shopify's channel reads of a payload."""
    facts = CHANNELS["shopify"].parse(topic, SHOP, json.dumps(body).encode())
    assert facts is not None
    return facts


def tell(order: Order | None, facts: Facts, policy: Policy = STRICT) -> Order | None:
    """The order after the facts, as the ledger would store it."""
    merged = merge(order, facts, NOW, policy)
    if merged is None:
        return order
    for line in merged.order.lines:
        assert sum(line.buckets.values()) == line.quantity
        assert all(units > 0 for units in line.buckets.values())
    return merged.order


def order_from(*told: Told, policy: Policy = STRICT) -> Order:
    """The order after these (topic, payload) events, in this order."""
    return order_of((facts_of(*one) for one in told), policy)


def order_of(told: Iterable[Facts], policy: Policy = STRICT) -> Order:
    """The order after these facts, in this order."""
    order: Order | None = None
    for facts in told:
        order = tell(order, facts, policy)
    assert order is not None
    return order


def buckets(order: Order) -> dict[str, dict[str, int]]:
    """Units by bucket name, by line id."""
    return {
        line.line_id: {bucket.value: units for bucket, units in line.buckets.items()}
        for line in order.lines
    }


def inbound(topic: str, body: Json | bytes, delivery_id: str = "d-1", **rest: Any) -> Inbound:
    """An event as the door kept it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told: Json = {"channel": "shopify", "account": SHOP, "received_at": NOW, **rest}
    return Inbound(topic=topic, delivery_id=delivery_id, body=raw, **told)
