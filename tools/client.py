"""A small HTTP client of the public API, and a shop that signs webhooks as Shopify does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import urllib3

from tools.stack import STACK_FILE

Json = dict[str, Any]
TRIES = 3
# Seconds. A laptop starts dozens of function processes on few cores; API Gateway gives up after 29.
PATIENCE = 120.0


def load_stack(path: Path = STACK_FILE) -> Json:
    """The running stack as `make up` wrote it; SystemExit with advice when there is none."""
    if not path.exists():
        raise SystemExit(f"{path} not found: run `make up` first")
    return cast(Json, json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP status, headers with lower-case names, and the raw body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as an object; an empty one when nothing or no object came back."""
        parsed = json.loads(self.body) if self.body.strip() else {}
        return parsed if isinstance(parsed, dict) else {}


def again(send: Callable[[], Answer]) -> Answer:
    """Send, and again as Shopify would when it was not answered well.

    Only for requests that may be repeated, as all of this API may that name what they are about.
    """
    for _ in range(TRIES - 1):
        if (answer := send()).status < 500:
            return answer
    return send()


def path_of(*segments: str) -> str:
    """A path of percent-encoded segments: `path_of("inventory", "A/B")` = `/inventory/A%2FB`."""
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def connections(at_once: int = 3) -> urllib3.PoolManager:
    """Connections that make callers wait for a free one.

    Each request at once costs the embedded AWS a process of its own for the function behind it.
    """
    return urllib3.PoolManager(maxsize=at_once, block=True)


@dataclass(frozen=True)
class Api:
    """The public API as one token sees it. Safe to share between threads."""

    url: str
    token: str | None = None
    pool: urllib3.PoolManager = field(default_factory=connections)

    def send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        """One request, never retried: who asks decides what a failure means.

        504, as a gateway would say, when nothing comes back within PATIENCE.
        """
        try:
            reply = self.pool.request(
                method,
                self.url.rstrip("/") + path,
                body=body,
                headers=dict(headers),
                timeout=PATIENCE,
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            return Answer(504, {}, json.dumps({"detail": f"no answer: {error}"}).encode())
        lowered = {name.lower(): value for name, value in reply.headers.items()}
        return Answer(reply.status, lowered, reply.data)

    def call(
        self,
        method: str,
        path: str,
        payload: object | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A request with this token and a JSON payload."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        body = None if payload is None else json.dumps(payload).encode()
        return self.send(method, path, body, sent)

    def put_location(self, location_id: str, location: Json) -> Answer:
        """PUT /locations/{id}."""
        return self.call("PUT", path_of("locations", location_id), location)

    def put_stock(self, location_id: str, sku: str, on_hand: int, safety_stock: int = 0) -> Answer:
        """PUT /inventory/{location_id}/{sku}; units."""
        payload = {"on_hand": on_hand, "safety_stock": safety_stock}
        return self.call("PUT", path_of("inventory", location_id, sku), payload)

    def stock(self, sku: str) -> Answer:
        """GET /inventory/{sku}."""
        return self.call("GET", path_of("inventory", sku))

    def order(self, order_id: str) -> Answer:
        """GET /orders/{order_id}."""
        return self.call("GET", path_of("orders", order_id))

    def decision(self, order_id: str, **query: str) -> Answer:
        """GET /orders/{order_id}/decision?decision_id=&ship_group_id=."""
        path = path_of("orders", order_id, "decision")
        return self.call("GET", f"{path}?{urlencode(query)}")

    def why(self, order_id: str, **query: str) -> Answer:
        """GET /orders/{order_id}/decision/why?location_id=."""
        path = path_of("orders", order_id, "decision", "why")
        return self.call("GET", f"{path}?{urlencode(query)}")

    def find_order(self, channel: str, external_id: str) -> Answer:
        """GET /orders?channel=&external_id=."""
        return self.call(
            "GET", "/orders?" + urlencode({"channel": channel, "external_id": external_id})
        )

    def place_order(self, order: Json, key: str) -> Answer:
        """POST /orders with an Idempotency-Key."""
        return self.call("POST", "/orders", order, {"Idempotency-Key": key})

    def work(self, **query: str) -> Answer:
        """GET /fulfillments?location_id=&status=."""
        return self.call("GET", "/fulfillments?" + urlencode(query))

    def act(self, fulfillment_id: str, action: str, payload: Json | None = None) -> Answer:
        """POST /fulfillments/{id}/{accept|pick|pack|ship|reject}."""
        return self.call("POST", path_of("fulfillments", fulfillment_id, action), payload or {})


def signature(secret: str, raw: bytes) -> str:
    """Shopify's X-Shopify-Hmac-Sha256: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


@dataclass(frozen=True)
class Shop:
    """A Shopify shop: `account` is its full myshopify domain, `secret` signs its webhooks."""

    api: Api
    account: str
    secret: str

    def deliver(
        self,
        topic: str,
        order: Json | bytes,
        webhook_id: str,
        *,
        event_id: str = "",
        signed: str | None = None,
    ) -> Answer:
        """POST one webhook, its raw bytes signed. `signed` stands in for the right signature."""
        raw = order if isinstance(order, bytes) else json.dumps(order, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.account,
            "X-Shopify-API-Version": "2026-04",
            "X-Shopify-Webhook-Id": webhook_id,
            "X-Shopify-Event-Id": event_id or webhook_id,
            "X-Shopify-Triggered-At": datetime.now(UTC).isoformat(),
            "X-Shopify-Hmac-Sha256": signature(self.secret, raw) if signed is None else signed,
        }
        return self.api.send("POST", path_of("webhooks", "shopify", self.account), raw, headers)
