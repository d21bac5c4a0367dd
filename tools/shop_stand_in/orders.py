"""The shop's orders, by REST."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tools.stand_in import Told

Json = dict[str, Any]
_ONE = re.compile(r"/orders/(\d+)\.json$")


@dataclass
class Orders:
    """Bodies by id, as webhooks have them. `page`: how many a list shows, whatever is asked for.
    `places`: fulfillment orders of an order, each (method, location's name, our id of it or "").
    """

    bodies: dict[str, Json] = field(default_factory=dict)
    page: int = 250
    places: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What is asked by GraphQL."""
        return {"Places": self._places}

    def _places(self, asked: Json) -> Json:
        known = self.places.get(asked["id"].rpartition("/")[2], [])
        nodes = [_fulfillment_order(*one) for one in known]
        return {"order": {"fulfillmentOrders": {"nodes": nodes}}}

    def put(self, body: Json) -> None:
        """The order as it stands now."""
        self.bodies[str(body["id"])] = body

    def show(self, path: str) -> Told:
        """One order, or a page of them with the `Link` to the next."""
        parts = urlsplit(path)
        if one := _ONE.search(parts.path):
            found = self.bodies.get(one[1])
            return Told(200, {"order": found}) if found else Told(404, {"errors": "Not Found"})
        return self._list({name: values[0] for name, values in parse_qs(parts.query).items()}, path)

    def _list(self, asked: dict[str, str], path: str) -> Told:
        span: Json = {**asked, "start": 0}
        if "page_info" in asked:
            span = _opened(asked["page_info"])
        since, until = (
            datetime.fromisoformat(span[name].replace("Z", "+00:00"))
            for name in ("updated_at_min", "updated_at_max")
        )
        rows = sorted(
            (datetime.fromisoformat(body["updated_at"].replace("Z", "+00:00")), name)
            for name, body in self.bodies.items()
        )
        inside = [(at, name) for at, name in rows if since <= at <= until]
        end = span["start"] + self.page
        shown = [
            {"id": int(name), "updated_at": self.bodies[name]["updated_at"]}
            for _, name in inside[span["start"] : end]
        ]
        more = _closed({**span, "start": end}) if end < len(inside) else ""
        address = f"https://shop.example{urlsplit(path).path}?limit=250&page_info={more}"
        link = {"Link": f'<{address}>; rel="next"'} if more else {}
        return Told(200, {"orders": shown}, link)


def _closed(span: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(span).encode()).decode().rstrip("=")


def _opened(text: str) -> Json:
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def _fulfillment_order(method: str, name: str, ours: str) -> Json:
    location = {"id": "gid://shopify/Location/1", "metafield": {"value": ours} if ours else None}
    return {
        "status": "OPEN",
        "deliveryMethod": {"methodType": method},
        "assignedLocation": {"name": name, "location": location},
    }
