"""A seller's purchase orders by Walmart's Marketplace API.

An order that is read while its lines are only `Created` is acknowledged: Walmart wants to hear
within hours that it was received, and lets nothing be shipped before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from dom.channels.credentials import Credentials
from dom.channels.seconds import whole_second
from dom.channels.walmart import ORDER
from dom.channels.walmart_api import Json, ask
from dom.errors import Busy
from dom.model.facts import SeenOrder

CREATED = "Created"
PAGE = 200
# An order may change for as long as it can be returned.
OLDEST = timedelta(days=170)
_OURS = ("SellerFulfilled", "3PLFulfilled")
# Most pages of one look.
PAGES = 25


@dataclass(frozen=True, slots=True)
class WalmartFeed:
    """`dom.channels.feeds.OrderFeed` of one seller."""

    account: str
    credentials: Credentials
    topic: str = ORDER

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol. All pages at once: Walmart lists orders by when they were placed."""
        seen = [one for kind in _OURS for one in self._listed(since, until, kind)]
        return sorted(seen, key=lambda one: (one.updated_at, one.external_id)), ""

    def _listed(self, since: datetime, until: datetime, kind: str) -> Iterator[SeenOrder]:
        """Without a day of creation only orders of the last week are told."""
        query = {
            "createdStartDate": whole_second(since - OLDEST),
            "lastModifiedStartDate": whole_second(since),
            "lastModifiedEndDate": whole_second(until),
            "shipNodeType": kind,
            "limit": str(PAGE),
        }
        following = f"?{urlencode(query)}"
        for _ in range(PAGES):
            answer = ask(self.account, self.credentials, "GET", f"/v3/orders{following}")
            listed = within(answer, "list")
            elements = within(listed, "elements").get("order")
            if not isinstance(elements, list):
                raise Busy("the answer has no orders")
            for one in elements:
                yield SeenOrder(str(one["purchaseOrderId"]), _changed(one))
            # It is a query by itself, to be asked as it is.
            following = str(within(listed, "meta").get("nextCursor") or "")
            if not following:
                return
        raise Busy(f"more than {PAGES} pages of orders")

    def fetch(self, external_id: str) -> bytes:
        """See the protocol. Whoever reads it has received it, and says so."""
        answer = read_order(self.account, self.credentials, external_id)
        return json.dumps(answer, ensure_ascii=False).encode()


def read_order(account: str, credentials: Credentials, name: str) -> Json:
    """What the API says of the order, which is acknowledged if it was not."""
    path = order_path(name)
    answer = ask(account, credentials, "GET", path)
    if CREATED in _statuses(within(answer, "order")):
        ask(account, credentials, "POST", f"{path}/acknowledge", {})
    return answer


def order_path(name: str) -> str:
    """Of one purchase order."""
    return f"/v3/orders/{quote(name, safe='')}"


def within(answer: Mapping[str, object], name: str) -> Json:
    """An object within the answer; Busy if it is not there."""
    found = answer.get(name)
    if not isinstance(found, dict):
        raise Busy(f"the answer has no {name}")
    return found


def _statuses(order: Mapping[str, Any]) -> Iterator[str]:
    for line in order["orderLines"]["orderLine"]:
        for one in line["orderLineStatuses"]["orderLineStatus"]:
            yield str(one["status"])


def _changed(order: Mapping[str, Any]) -> datetime:
    """When the last of its lines changed: the order itself does not say."""
    lines = order["orderLines"]["orderLine"]
    millis = max([order["orderDate"], *(line.get("statusDate") or 0 for line in lines)])
    return datetime.fromtimestamp(int(millis) / 1000, UTC)
