"""A store's orders by BigCommerce's V2 API, each joined with what is only linked from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from dom.channels.bigcommerce import ORDER
from dom.channels.bigcommerce_rest import PAGE, all_of, ask
from dom.channels.credentials import Credentials
from dom.channels.seconds import following, opened, whole_second
from dom.errors import Busy
from dom.model.facts import SeenOrder


@dataclass(frozen=True, slots=True)
class BigCommerceFeed:
    """`dom.channels.feeds.OrderFeed` of one store."""

    account: str
    credentials: Credentials
    topic: str = ORDER

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol."""
        begins, number = opened(cursor, whole_second(since))
        query = {
            "min_date_modified": begins,
            "max_date_modified": whole_second(until),
            "sort": "date_modified:asc",
            "limit": str(PAGE),
            "page": str(number),
        }
        rows = ask(self.account, self.credentials, "GET", "v2/orders", query)
        if not isinstance(rows, list):
            raise Busy("the answer is no list")
        seen = [SeenOrder(str(one["id"]), _changed(one)) for one in rows]
        if len(seen) < PAGE:
            return seen, ""
        return seen, following(seen, whole_second(seen[-1].updated_at), begins, number)

    def fetch(self, external_id: str) -> bytes:
        """See the protocol."""
        path = f"v2/orders/{quote(external_id, safe='')}"
        account = self.account, self.credentials
        joined = {
            "order": ask(*account, "GET", path),
            "products": all_of(*account, f"{path}/products"),
            "shipping_addresses": all_of(*account, f"{path}/shipping_addresses"),
        }
        if any(one.get("order_pickup_method_id") for one in joined["products"]):
            joined["consignments"] = _one(ask(*account, "GET", f"{path}/consignments"))
        return json.dumps(joined, ensure_ascii=False).encode()


def _one(answer: Any) -> Any:
    """An order's consignments are told as an object, or as a list of one."""
    return (answer[0] if answer else {}) if isinstance(answer, list) else answer


def _changed(order: Any) -> datetime:
    moment = parsedate_to_datetime(str(order["date_modified"] or order["date_created"]))
    return moment.astimezone(UTC)
