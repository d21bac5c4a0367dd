"""Five orders on their way: one ships, one is cancelled, one is rejected and ships elsewhere, one
waits at a warehouse until it is planned anew, and one waits for goods to be released."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dom.aws.dynamo import unmarshal
from dom.channels.shopify import signature
from dom.model.ids import order_id_for
from support.bodies import LOCATION
from support.http import proxy_event
from support.intake import SHOP
from support.pipeline import Pipeline, Request, items
from support.shopify_bodies import cancelled, shopify_order

Json = dict[str, Any]
SECRET = "current"
PREFIX = "dom-test/channels"
_PLACED = "2026-03-04T14:59:00+00:00"
_SEATTLE = {**LOCATION["address"], "latitude": 47.6, "longitude": -122.3}


def _body(number: int, *lines: tuple[str, int]) -> Json:
    times = dict.fromkeys(("created_at", "updated_at", "processed_at"), _PLACED)
    mail = dict.fromkeys(("email", "contact_email"), f"buyer{number}@example.com")
    return {**shopify_order(*lines), **times, **mail, "id": number}


SHIPS, REJECTED, CANCELLED, WAITS, AHEAD = (
    _body(1001, ("MUG", 2), ("PEN", 1)),
    _body(1002, ("MUG", 1)),
    _body(1003, ("PEN", 2)),
    _body(1004, ("CUP", 1)),
    _body(1005, ("GAME", 2)),
)
NEXT = {"released": "accept", "accepted": "pick", "picking": "pack", "packed": "ship"}
Floor = Callable[[], Iterable[Request]]


def order_id(body: Json) -> str:
    """Our id of the order."""
    return order_id_for("shopify", SHOP, str(body["id"]))


def put(function: str, path: str, body: Json) -> Request:
    """A PUT of the API's admin."""
    return Request(function, proxy_event("PUT", path, body))


def webhook(topic: str, body: Json, webhook_id: str) -> Request:
    """A signed delivery of Shopify; its retries are the same."""
    raw = json.dumps(body)
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Hmac-Sha256": signature(SECRET, raw.encode()),
    }
    event = {
        "httpMethod": "POST",
        "path": f"/webhooks/shopify/{SHOP}",
        "pathParameters": {"channel": "shopify", "account": SHOP},
        "headers": headers,
        "body": raw,
        "isBase64Encoded": False,
    }
    return Request("order_intake", event)


def network() -> list[Request]:
    """A store in Seattle, nearest to everybody, and one in Reno; stock at both."""
    seattle = {**LOCATION, "address": _SEATTLE, "daily_capacity": 10}
    locations = [
        put("network_api", "/locations/SEATTLE", seattle),
        put("network_api", "/locations/RENO", LOCATION),
    ]
    stock = [
        put("inventory_sync", f"/inventory/{place}/{sku}", {"on_hand": 10})
        for place in ("SEATTLE", "RENO")
        for sku in ("MUG", "PEN")
    ]
    return locations + stock


def warehouses() -> list[Request]:
    """One in Boston with the only cup, and one in Reno without."""
    boston = {**LOCATION["address"], "latitude": 42.36, "longitude": -71.06}
    warehouse = {**LOCATION, "type": "warehouse", "capabilities": ["ship"]}
    return [
        put("network_api", "/locations/EAST", {**warehouse, "address": boston}),
        put("network_api", "/locations/WEST", warehouse),
        put("inventory_sync", "/inventory/EAST/CUP", {"on_hand": 1}),
    ]


def game(day: str | None) -> Request:
    """It may leave from that day on."""
    return put("network_api", "/products/GAME", {"releases_on": day, "preorder_limit": 5})


def planned_anew() -> Request:
    """Somebody has waiting work planned anew, as the schedule does."""
    return Request("replan_api", proxy_event("POST", "/replan", {"commit": True}))


def works() -> list[Json]:
    """Every FulfillmentOrder as stored."""
    plain = [unmarshal(item) for item in items("OrdersTable")]
    return [item for item in plain if item["item"].startswith("FO#")]


def _ships_step_by_step() -> Iterator[Request]:
    for work in works():
        if work["order_id"] == order_id(SHIPS) and work["status"] in NEXT:
            yield _act(work, NEXT[work["status"]], {})


def _seattle_rejects_and_reno_ships() -> Iterator[Request]:
    for work in works():
        if work["order_id"] == order_id(REJECTED) and work["status"] == "released":
            if work["location_id"] == "SEATTLE":
                yield _act(work, "reject", {"reason": "mismatch"})
            else:
                yield _act(work, "ship", {"parcels": [{"tracking_number": "1Z"}]})


def _nobody_works() -> Iterable[Request]:
    return ()


def _act(work: Json, action: str, body: Json) -> Request:
    key = {"Idempotency-Key": f"{action}:{work['id']}"}
    path = f"/fulfillments/{work['id']}/{action}"
    return Request("fulfillment_api", proxy_event("POST", path, body, headers=key))


def _created(*bodies: Json) -> list[Request]:
    return [webhook("orders/create", body, f"create-{body['id']}") for body in bodies]


# What is asked of the system, and who works: each chapter begins where the one before ended.
CHAPTERS: Mapping[str, tuple[list[Request], Floor]] = {
    "locations and stock are put": (network(), _nobody_works),
    "two orders are placed and released": (_created(SHIPS, CANCELLED), _nobody_works),
    "one is accepted, picked, packed, shipped": ([], _ships_step_by_step),
    "the other one is cancelled": (
        [webhook("orders/cancelled", cancelled(CANCELLED), "cancel")],
        _nobody_works,
    ),
    "a third is placed and released": (_created(REJECTED), _nobody_works),
    "it is rejected by one store and shipped by another": ([], _seattle_rejects_and_reno_ships),
    "a fourth waits at a warehouse": ([*warehouses(), *_created(WAITS)], _nobody_works),
    "it is planned anew, for stock has come": (
        [put("inventory_sync", "/inventory/WEST/CUP", {"on_hand": 1}), planned_anew()],
        _nobody_works,
    ),
    "a fifth is sold ahead": (
        [
            game("2026-03-20"),
            put("inventory_sync", "/inventory/WEST/GAME", {"on_hand": 3}),
            *_created(AHEAD),
        ],
        _nobody_works,
    ),
    "its goods may leave at once": ([game(None)], _nobody_works),
}


def play(pipeline: Pipeline, *names: str) -> Pipeline:
    """These chapters (none named: all), each to its end."""
    for name in names or CHAPTERS:
        requests, pipeline.floor = CHAPTERS[name]
        pipeline.requests.extend(requests)
        pipeline.settle()
    return pipeline
