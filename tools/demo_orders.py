"""Fresh copies of the webhook bodies in events/shopify, so that every run brings new orders."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

EVENTS = Path(__file__).resolve().parent.parent / "events" / "shopify"
SHOP_TIME = timezone(timedelta(hours=-5))  # Shopify writes times with the shop's offset
TIMES = ("created_at", "updated_at", "processed_at", "cancelled_at")
Json = dict[str, Any]


def webshop_order(name: str, line: Json, group: Json, **rest: object) -> Json:
    """The body of POST /orders for one line, unit price 9 dollars, in one ship group."""
    price = {"amount": 900, "currency": "USD"}
    lines = [{"line_id": "1", "unit_price": price, **line}]
    return {
        "channel": "webshop",
        "account": "main",
        "external_id": name,
        "currency": "USD",
        "placed_at": datetime.now(UTC).isoformat(),
        "ship_groups": [{**group, "lines": lines}],
        **rest,
    }


def read_event(name: str) -> Json:
    """The body of events/shopify/demo-<name>.json as it stands in the repository."""
    return cast(Json, json.loads((EVENTS / f"demo-{name}.json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Run:
    """One run of the demo. Its tag makes SKUs, order ids and mail addresses new to the stack."""

    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    base: int = field(default_factory=lambda: int(time.time() * 1000) * 1000)

    @property
    def tag(self) -> str:
        """Six hexadecimal digits that differ from run to run (they repeat after 4.6 hours)."""
        return f"{self.base // 1000:X}"[-6:]

    def sku(self, product: str) -> str:
        """The SKU under which this run stocks and sells a product."""
        return f"{product}-{self.tag}"

    def product(self, text: str) -> str:
        """A SKU, or a sentence that names some, without this run's tag."""
        return text.replace(f"-{self.tag}", "")

    def order_id(self, body: Mapping[str, Any]) -> int:
        """The channel's order id in this run; below 2^53, as JavaScript clients need."""
        return self.base + int(body["order_number"]) % 1000

    def mail(self, address: str) -> str:
        """The address with this run's tag (plus-addressing)."""
        name, _, domain = address.partition("@")
        return f"{name}+{self.tag.lower()}@{domain}"


def fresh(names: Iterable[str], run: Run) -> dict[str, Json]:
    """The named bodies as new orders that happened just now, their mutual distance in time kept."""
    bodies = {name: read_event(name) for name in names}
    latest = max(datetime.fromisoformat(body["updated_at"]) for body in bodies.values())
    later = run.started.replace(microsecond=0) - latest
    return {name: _renewed(body, run, later) for name, body in bodies.items()}


def _renewed(body: Json, run: Run, later: timedelta) -> Json:
    order_id, mail = run.order_id(body), run.mail(body["email"])
    return {
        **body,
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "email": mail,
        "contact_email": mail,
        "customer": {**body["customer"], "email": mail},
        "line_items": [_renewed_line(line, order_id, run) for line in body["line_items"]],
        **{name: _shifted(body[name], later) for name in TIMES},
    }


def _renewed_line(line: Json, order_id: int, run: Run) -> Json:
    line_id = order_id * 10 + line["id"] % 10
    sku = line["sku"]
    return {
        **line,
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "sku": run.sku(sku) if sku else sku,
    }


def _shifted(moment: str | None, later: timedelta) -> str | None:
    if moment is None:
        return None
    return (datetime.fromisoformat(moment) + later).astimezone(SHOP_TIME).isoformat()
