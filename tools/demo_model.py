"""The words a demo scenario is written in: webhooks, floor work, and what must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
GONE = frozenset({"cancelled", "rejected", "expired"})
NO_ORDER = "no order"


class Unexpected(Exception):
    """A scenario did not come out as it says it must."""


def live(order: Json) -> list[Json]:
    """The order's FulfillmentOrders that still stand."""
    return [fo for fo in order.get("fulfillment_orders", []) if fo["status"] not in GONE]


def units_of(fulfillment_order: Json) -> int:
    """Units in a FulfillmentOrder."""
    return sum(int(line["quantity"]) for line in fulfillment_order["lines"])


@dataclass(frozen=True, slots=True)
class Expect:
    """How an order must stand. `parcels`: units by location of the FulfillmentOrders that stand.

    `buckets`: units by bucket over all lines; None means not looked at.
    """

    status: str
    parcels: Mapping[str, int] = field(default_factory=dict)
    buckets: Mapping[str, int] | None = None
    hold_reason: str | None = None

    def differences(self, order: Json | None) -> list[str]:
        """What is not as expected, one sentence each; empty when all is."""
        if order is None:
            return [] if self.status == NO_ORDER else ["no such order"]
        found = {
            "status": order["status"],
            "hold reason": order.get("hold_reason"),
            "parcels": _parcels(order),
            "buckets": _buckets(order),
        }
        wanted = {
            "status": self.status,
            "hold reason": self.hold_reason,
            "parcels": dict(self.parcels),
            "buckets": found["buckets"] if self.buckets is None else dict(self.buckets),
        }
        return [
            f"{name} is {found[name]}, expected {wanted[name]}"
            for name in wanted
            if found[name] != wanted[name]
        ]


def _parcels(order: Json) -> dict[str, int]:
    units: Counter[str] = Counter()
    for fulfillment_order in live(order):
        units[fulfillment_order["location_id"]] += units_of(fulfillment_order)
    return dict(units)


def _buckets(order: Json) -> dict[str, int]:
    units: Counter[str] = Counter()
    for line in order["lines"]:
        units.update({bucket: count for bucket, count in line["buckets"].items() if count})
    return dict(units)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Deliver events/shopify/demo-<event>.json; `times` > 1: the same delivery in parallel."""

    event: str
    topic: str = "orders/create"
    times: int = 1
    forged: bool = False


@dataclass(frozen=True, slots=True)
class Await:
    """Go on when the order stands so."""

    expect: Expect


@dataclass(frozen=True, slots=True)
class Work:
    """Floor work on the one FulfillmentOrder that stands, once its status is `when`."""

    action: str
    when: str
    payload: Mapping[str, Any] = field(default_factory=dict)


Step = Webhook | Await | Work


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with one order. `stock`: units on hand by product and location.

    `mails`: how many messages its customer must get; None: not looked at.
    """

    title: str
    stock: Mapping[str, Mapping[str, int]]
    steps: tuple[Step, ...]
    expect: Expect
    mails: int | None = None

    @property
    def events(self) -> list[str]:
        """Names of the webhook bodies it delivers; the first names the order."""
        return [step.event for step in self.steps if isinstance(step, Webhook)]
