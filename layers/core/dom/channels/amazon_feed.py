"""A seller's orders by Amazon's Orders API, of the version that the account's secret names.

Rates (requests a second, at once): search 0.0056 and 20, one order 0.5 and 30. Orders that Amazon
ships itself are not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from dom.channels.amazon import ORDER
from dom.channels.amazon_api import ask
from dom.channels.credentials import Credentials
from dom.channels.seconds import whole_second
from dom.errors import Busy, Rejected
from dom.model.clock import from_text
from dom.model.facts import SeenOrder

V0 = "v0"
V2026 = "2026-01-01"
INCLUDED = "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT"
# Most pages of one look: what Amazon answers at once.
PAGES = 20

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class AmazonFeed:
    """`dom.channels.feeds.OrderFeed` of one seller."""

    account: str
    credentials: Credentials
    topic: str = ORDER

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol. All pages at once: Amazon does not say in which order they come."""
        search = self._search_v0 if self._version == V0 else self._search
        span = whole_second(since), whole_second(until)
        seen = [SeenOrder(name, from_text(at)) for name, at in search(*span)]
        return sorted(seen, key=lambda one: (one.updated_at, one.external_id)), ""

    def fetch(self, external_id: str) -> bytes:
        """See the protocol."""
        whole = self._fetch_v0 if self._version == V0 else self._fetch
        return json.dumps(whole(quote(external_id, safe="")), ensure_ascii=False).encode()

    @property
    def _version(self) -> str:
        version = self.credentials.api_version or V2026
        if version not in (V0, V2026):
            raise Rejected(f"api_version is {V2026} or {V0}, not {version}"[:200])
        return version

    def _search(self, since: str, until: str) -> Iterator[tuple[str, str]]:
        query = {
            "lastUpdatedAfter": since,
            "lastUpdatedBefore": until,
            "fulfilledBy": "MERCHANT",
            "maxResultsPerPage": "100",
        }
        if self.credentials.marketplaces:
            query["marketplaceIds"] = self.credentials.marketplaces
        for answer in self._pages("/orders/2026-01-01/orders", query, "paginationToken", _next):
            for one in _list(answer, "orders"):
                yield str(one["orderId"]), str(one["lastUpdatedTime"])

    def _search_v0(self, since: str, until: str) -> Iterator[tuple[str, str]]:
        if not self.credentials.marketplaces:
            raise Rejected(f"no marketplaces for {self.account}, which v0 wants to be named")
        query = {
            "LastUpdatedAfter": since,
            "LastUpdatedBefore": until,
            "FulfillmentChannels": "MFN",
            "MarketplaceIds": self.credentials.marketplaces,
            "MaxResultsPerPage": "100",
        }
        for answer in self._pages("/orders/v0/orders", query, "NextToken", _next_v0):
            for one in _list(answer["payload"], "Orders"):
                yield str(one["AmazonOrderId"]), str(one["LastUpdateDate"])

    def _fetch(self, name: str) -> Json:
        return self._get(f"/orders/2026-01-01/orders/{name}", {"includedData": INCLUDED})

    def _fetch_v0(self, name: str) -> Json:
        """The order with address and buyer, for which its token must be asked, and its items."""
        path = f"/orders/v0/orders/{name}"
        elements = ["buyerInfo", "shippingAddress"]
        wanted = {"method": "GET", "path": path, "dataElements": elements}
        asked = {"restrictedResources": [wanted]}
        made = self._ask("POST", "/tokens/2021-03-01/restrictedDataToken", {}, asked)
        order = self._get(path, {}, str(made["restrictedDataToken"]))
        items: list[Mapping[str, object]] = []
        for answer in self._pages(f"{path}/orderItems", {}, "NextToken", _next_v0):
            items += _list(answer["payload"], "OrderItems")
        return {**order, "OrderItems": items}

    def _pages(
        self,
        path: str,
        query: Mapping[str, str],
        name: str,
        following: Callable[[Mapping[str, object]], str],
    ) -> Iterator[Json]:
        token = ""
        for _ in range(PAGES):
            answer = self._get(path, {**query, **({name: token} if token else {})})
            yield answer
            token = following(answer)
            if not token:
                return
        raise Busy(f"more than {PAGES} pages of {path}")

    def _get(self, path: str, query: Mapping[str, str], token: str = "") -> Json:
        return self._ask("GET", path, query, None, token)

    def _ask(
        self, method: str, path: str, query: Mapping[str, str], payload: object, token: str = ""
    ) -> Json:
        return ask(self.account, self.credentials, method, path, query, payload, token).object()


def _next(answer: Mapping[str, object]) -> str:
    paging = answer.get("pagination")
    return str(paging.get("nextToken") or "") if isinstance(paging, Mapping) else ""


def _next_v0(answer: Mapping[str, object]) -> str:
    payload = answer.get("payload")
    return str(payload.get("NextToken") or "") if isinstance(payload, Mapping) else ""


def _list(answer: object, name: str) -> list[Mapping[str, object]]:
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(found, list):
        raise Busy(f"the answer has no {name}")
    return found
