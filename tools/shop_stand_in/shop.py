"""One shop: which request is for whom, and what goes wrong when it is told to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.shop_stand_in.cancelling import Cancelling
from tools.shop_stand_in.capturing import Capturing
from tools.shop_stand_in.orders import Orders
from tools.shop_stand_in.payments import Payments
from tools.shop_stand_in.shipping import Shipping
from tools.shop_stand_in.stock import Stock
from tools.shop_stand_in.subscriptions import Subscriptions
from tools.stand_in import Asked, Told

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
    capturing: Capturing = field(default_factory=Capturing)
    cancelling: Cancelling = field(init=False)
    received: list[Json] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    lost: int = 0
    url: str = ""
    _served: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cancelling = Cancelling(self.capturing)

    @property
    def paid(self) -> dict[str, str]:
        """What was paid, by order."""
        return self.payments.paid

    @property
    def refunds(self) -> list[Json]:
        """Refunds made."""
        return self.payments.refunds

    def answer(self, asked: Asked) -> Told:
        """The answer to a request."""
        if self.failures:
            return Told(self.failures.pop(0), {})
        rest = asked.method == "GET"
        if not rest and not asked.path.endswith("/graphql.json"):
            return self._receive(asked)
        if not asked.headers.get("x-shopify-access-token"):
            return Told(401, {"errors": "[API] Invalid API key or access token"})
        if rest:
            return self.orders.show(asked.path)
        kind, name = _operation(asked.body["query"])
        data = self._operations()[name](asked.body["variables"])
        return self._answered(data) if kind == "mutation" else Told(200, {"data": data})

    def _operations(self) -> dict[str, Callable[[Json], Json]]:
        parts = (
            self.payments,
            self.shipping,
            self.stock,
            self.subscriptions,
            self.cancelling,
            self.capturing,
            self.orders,
        )
        return {name: answer for part in parts for name, answer in part.operations().items()}

    def _answered(self, data: Json) -> Told:
        if self.lost:
            self.lost -= 1
            return Told(502, {})
        return Told(200, {"data": data})

    def _receive(self, asked: Asked) -> Told:
        key = asked.headers.get("idempotency-key", "")
        if key not in self._served:
            self._served[key] = {"reference": f"paid-{len(self._served) + 1}"}
            self.received.append({"headers": dict(asked.headers), "body": asked.body})
        if self.lost:
            self.lost -= 1
            return Told(502, {})
        return Told(200, self._served[key])


def _operation(query: str) -> tuple[str, str]:
    match = _OPERATION.match(query)
    if match is None:
        raise ValueError(f"no named operation: {query}")
    return match[1], match[2]
