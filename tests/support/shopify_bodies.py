"""Shopify order bodies for end-to-end tests: each new, from one sample of events/."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

from tools.demo_orders import read_event

Json = dict[str, Any]
_numbers = itertools.count(int(time.time() * 1000) * 1000)


def shopify_order(*lines: tuple[str, int], digital: tuple[str, ...] = ()) -> Json:
    """A paid Shopify order to Seattle, placed now, with an id and a mail address of its own.

    SKUs in `digital` need no shipping.
    """
    body, order_id = read_event("nearest"), next(_numbers)
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    mail = f"buyer+{order_id}@example.com"
    return {
        **body,
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        **dict.fromkeys(("created_at", "updated_at", "processed_at"), now),
        **dict.fromkeys(("email", "contact_email"), mail),
        "customer": {**body["customer"], "email": mail},
        "line_items": [
            _line(body["line_items"][0], order_id * 100 + number, *line, line[0] not in digital)
            for number, line in enumerate(lines, 1)
        ],
    }


def _line(template: Json, line_id: int, sku: str, units: int, shippable: bool) -> Json:
    return {
        **template,
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "sku": sku,
        **dict.fromkeys(("quantity", "current_quantity", "fulfillable_quantity"), units),
        "requires_shipping": shippable,
    }


def at_second(body: Json, seconds: int, **changes: Any) -> Json:
    """The order as of `seconds` after it was placed, with changes."""
    placed = datetime.fromisoformat(body["created_at"]).timestamp()
    moment = datetime.fromtimestamp(placed + seconds, UTC).isoformat()
    return {**body, "updated_at": moment, **changes}


def cancelled(body: Json, seconds: int = 5) -> Json:
    """The body of orders/cancelled."""
    lines = [
        {**line, "current_quantity": 0, "fulfillable_quantity": 0} for line in body["line_items"]
    ]
    later = at_second(body, seconds, line_items=lines, cancel_reason="customer")
    return {**later, "cancelled_at": later["updated_at"], "financial_status": "refunded"}
