"""Orders, network and stock of the benchmarks, as the functions receive them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tools.bench_world import SECRET, SHOP, World
from tools.client import signature
from tools.demo_network import read_locations
from tools.demo_orders import read_event

Json = dict[str, Any]
PLENTY = 1_000_000
_numbers = itertools.count(int(time.time() * 1000) * 1000)
_deliveries = itertools.count(1)


def shopify_order(sku: str) -> Json:
    """A paid Shopify order of one unit, placed now, new to every stack."""
    body, number = read_event("nearest"), next(_numbers)
    now, mail = datetime.now(UTC).replace(microsecond=0).isoformat(), f"b{number}@example.com"
    line = {**body["line_items"][0], "id": number * 10, "sku": sku}
    units = dict.fromkeys(("quantity", "current_quantity", "fulfillable_quantity"), 1)
    return {
        **body,
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        **dict.fromkeys(("created_at", "updated_at", "processed_at"), now),
        **dict.fromkeys(("email", "contact_email"), mail),
        "customer": {**body["customer"], "email": mail},
        "line_items": [{**line, **units}],
    }


def webhook(order: Json) -> Json:
    """The signed orders/create as API Gateway hands it over."""
    raw = json.dumps(order).encode()
    return {
        "httpMethod": "POST",
        "path": f"/webhooks/shopify/{SHOP}",
        "pathParameters": {"channel": "shopify", "account": SHOP},
        "headers": {
            "X-Shopify-Topic": "orders/create",
            "X-Shopify-Shop-Domain": SHOP,
            "X-Shopify-Webhook-Id": f"w-{next(_deliveries)}",
            "X-Shopify-Triggered-At": datetime.now(UTC).isoformat(),
            "X-Shopify-Hmac-Sha256": signature(SECRET, raw),
        },
        "body": raw.decode(),
        "isBase64Encoded": False,
    }


def api_call(method: str, path: str, body: Json | None = None) -> Json:
    """A request that the authorizer let through with all scopes."""
    who = {"name": "bench", "scopes": "*", "location_ids": "[]", "expires_at": ""}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {"Content-Type": "application/json"},
        "queryStringParameters": None,
        "pathParameters": {"proxy": path.removeprefix("/")},
        "requestContext": {"requestId": "r", "authorizer": {"principalId": "bench", **who}},
        "body": json.dumps(body or {}),
        "isBase64Encoded": False,
    }


def messages(bodies: Iterable[str]) -> Json:
    """A batch of an SQS event source."""
    return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}


def inbound(order: Json) -> str:
    """What order_intake leaves in InboundQueue."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(
        {
            "channel": "shopify",
            "account": SHOP,
            "topic": "orders/create",
            "delivery_id": f"d-{next(_deliveries)}",
            "received_at": now,
            "body": json.dumps(order),
        }
    )


def furnish(world: World, stock: Sequence[tuple[str, str]]) -> None:
    """The demo's network, and plenty of each (location, SKU), through the API's functions."""
    for name, location in read_locations().items():
        unbounded = {**location, "daily_capacity": None}
        world.invoke("network_api", api_call("PUT", f"/locations/{name}", unbounded))
    for name, sku in stock:
        put = api_call("PUT", f"/inventory/{name}/{sku}", {"on_hand": PLENTY})
        world.invoke("inventory_sync", put)


def ingest(world: World, skus: Iterable[str]) -> list[str]:
    """Write an order for each SKU, as order_ingest does; their ids."""
    before = len(world.meter.changes)
    bodies = [inbound(shopify_order(sku)) for sku in skus]
    for start in range(0, len(bodies), 10):
        world.invoke("order_ingest", messages(bodies[start : start + 10]))
    changes = world.meter.changes[before:]
    return [c.after["order_id"]["S"] for c in changes if c.key.get("item") == {"S": "ORDER"}]


def route(world: World, order_ids: Iterable[str]) -> Any:
    """One invocation of order_routing for these orders."""
    bodies = (json.dumps({"order_id": one}) for one in order_ids)
    return world.invoke("order_routing", messages(bodies))
