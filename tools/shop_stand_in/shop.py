"""One shop: which request is for whom, and what goes wrong when it is told to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.shop_stand_in.orders import Orders
from tools.shop_stand_in.payments import Payments
from tools.shop_stand_in.shipping import Shipping
from tools.shop_stand_in.stock import Stock
from tools.shop_stand_in.subscriptions import Subscriptions

Json = dict[str, Any]
_OPERATION = re.compile(r"\s*(query|mutation)\s+(\w+)")


@dataclass
class ShopStandIn:
    """Payments and shipments of its orders, its stock, and the signed requests received.

    `failures`: HTTP statuses to answer instead, one for each request, before anything is done;
    `lost`: so many changes are carried out and answered 502.
    """

    payments: Payments = field(default_factory=Payments)
    shipping: Shipping = field(default_factory=Shipping)
    stock: Stock = field(default_factory=Stock)
    orders: Orders = field(default_factory=Orders)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    received: list[Json] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    lost: int = 0
    url: str = ""
    _served: dict[str, Json] = field(default_factory=dict)

    @property
    def paid(self) -> dict[str, str]:
        """What was paid, by order."""
        return self.payments.paid

    @property
    def refunds(self) -> list[Json]:
        """Refunds made."""
        return self.payments.refunds

    def answer(self, path: str, headers: Mapping[str, str], body: Json) -> tuple[int, Json]:
        """Status and body of a request."""
        if self.failures:
            return self.failures.pop(0), {}
        if not path.endswith("/graphql.json"):
            return self._receive(headers, body)
        if not headers.get("x-shopify-access-token"):
            return 401, {"errors": "[API] Invalid API key or access token"}
        kind, name = _operation(body["query"])
        data = self._operations()[name](body["variables"])
        return self._answered(data) if kind == "mutation" else (200, {"data": data})

    def show(self, path: str, headers: Mapping[str, str]) -> tuple[int, Json, str]:
        """Status, body and `Link` header of a read by REST."""
        if self.failures:
            return self.failures.pop(0), {}, ""
        if not headers.get("x-shopify-access-token"):
            return 401, {"errors": "[API] Invalid API key or access token"}, ""
        return self.orders.show(path)

    def _operations(self) -> dict[str, Callable[[Json], Json]]:
        parts = (self.payments, self.shipping, self.stock, self.subscriptions)
        return {name: answer for part in parts for name, answer in part.operations().items()}

    def _answered(self, data: Json) -> tuple[int, Json]:
        if self.lost:
            self.lost -= 1
            return 502, {}
        return 200, {"data": data}

    def _receive(self, headers: Mapping[str, str], body: Json) -> tuple[int, Json]:
        key = headers.get("idempotency-key", "")
        if key not in self._served:
            self._served[key] = {"reference": f"paid-{len(self._served) + 1}"}
            self.received.append({"headers": dict(headers), "body": body})
        if self.lost:
            self.lost -= 1
            return 502, {}
        return 200, self._served[key]


def _operation(query: str) -> tuple[str, str]:
    match = _OPERATION.match(query)
    if match is None:
        raise ValueError(f"no named operation: {query}")
    return match[1], match[2]
