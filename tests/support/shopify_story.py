"""A Shopify order with a life of its own, which tells every change as Shopify does.

A model of the source, independent of ours: it keeps what is true, and emits webhooks whose times
have one second, so that several changes can share one.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
ORDER_ID = 5920000009001


@dataclass
class TrueLine:
    """What is true of a line; `removed` units were never handed over."""

    id: int
    quantity: int
    removed: int = 0
    returned: int = 0
    fulfilled: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.removed - self.fulfilled


@dataclass
class Story:
    """Acts on the order; `told` holds the webhooks, oldest first."""

    lines: list[TrueLine]
    told: list[tuple[str, Json]] = field(default_factory=list)
    now: datetime = START
    financial_status: str = "pending"
    cancelled_at: str | None = None
    city: str = "Seattle"
    refunds: list[Json] = field(default_factory=list)
    fulfillments: list[Json] = field(default_factory=list)
    ids: int = 0

    def __post_init__(self) -> None:
        self.told.append(("orders/create", self.body()))

    # What happens to it. Each returns without a word when it is not possible now.

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def pay(self) -> None:
        if self.financial_status in ("pending", "authorized"):
            self.financial_status = "paid"
            self.told.append(("orders/paid", self.body()))
            self._update()

    def move(self, city: str) -> None:
        self.city = city
        self._update()

    def add(self, index: int, units: int) -> None:
        """Order editing: more of a line, or a new line beyond the last one."""
        if self.cancelled_at:
            return
        if index >= len(self.lines):
            self.lines.append(TrueLine(9000 + len(self.lines), 0))
        line = self.lines[index % len(self.lines)]
        line.quantity += units
        self._edit([{"id": line.id, "delta": units}], [])

    def remove(self, index: int, units: int) -> None:
        """Order editing: fewer of a line."""
        line = self.lines[index % len(self.lines)]
        units = min(units, line.open)
        if units and not self.cancelled_at:
            line.removed += units
            self._edit([], [{"id": line.id, "delta": units}])

    def refund(self, index: int, units: int) -> None:
        """Units that were not handed over yet are cancelled and refunded."""
        line = self.lines[index % len(self.lines)]
        units = min(units, line.open)
        if units and not self.cancelled_at:
            line.removed += units
            self._refund([(line, units, "cancel")])

    def take_back(self, index: int, units: int) -> None:
        """Units come back after they were handed over."""
        line = self.lines[index % len(self.lines)]
        units = min(units, line.fulfilled - line.returned)
        if units:
            line.returned += units
            self._refund([(line, units, "return")])

    def fulfill(self, index: int, units: int, status: str = "success") -> None:
        """Somebody hands units over and says so in Shopify."""
        line = self.lines[index % len(self.lines)]
        units = min(units, line.open)
        if units:
            line.fulfilled += units if status == "success" else 0
            lines = [{"id": line.id, "quantity": units}]
            self.fulfillments.append({"id": self._id(), "status": status, "line_items": lines})
            self._update()

    def undo_fulfillment(self, index: int) -> None:
        """A handover is cancelled, unless goods of its line came back already."""
        done = [one for one in self.fulfillments if one["status"] == "success"]
        if not done or self.cancelled_at:
            return
        chosen = done[index % len(done)]
        ((line, units),) = [
            (line, told["quantity"])
            for told in chosen["line_items"]
            for line in self.lines
            if line.id == told["id"]
        ]
        if not line.returned:
            chosen["status"] = "cancelled"
            line.fulfilled -= units
            self._update()

    def cancel(self) -> None:
        """The whole order: what is not handed over is removed."""
        if self.cancelled_at:
            return
        self.cancelled_at = self._time()
        open_ = [(line, line.open, "cancel") for line in self.lines if line.open]
        for line, units, _ in open_:
            line.removed += units
        if open_:
            self._refund(open_, update=False)
        self.told.append(("orders/cancelled", self.body()))
        self._update()

    # What is true in the end, in our buckets.

    def truth(self) -> dict[str, dict[str, int]]:
        return {
            str(line.id): {
                name: units
                for name, units in (
                    ("pending", line.open),
                    ("delivered", line.fulfilled),
                    ("cancelled", line.removed),
                )
                if units
            }
            for line in self.lines
        }

    # What Shopify sends.

    def body(self) -> Json:
        """The order as it stands."""
        address = {"address1": "1 Test Street", "city": self.city, "zip": "98101"}
        body = {
            "id": ORDER_ID,
            "name": "#9001",
            "created_at": START.isoformat(),
            "updated_at": self._time(),
            "cancelled_at": self.cancelled_at,
            "financial_status": self.financial_status,
            "total_price": "99.00",
            "currency": "USD",
            "shipping_address": {**address, "country_code": "US"},
            "line_items": [self._line(line) for line in self.lines],
            "fulfillments": self.fulfillments,
            "refunds": self.refunds,
        }
        return copy.deepcopy(body)

    def _line(self, line: TrueLine) -> Json:
        return {
            "id": line.id,
            "sku": f"SKU-{line.id}",
            "quantity": line.quantity,
            "current_quantity": line.quantity - line.removed - line.returned,
            "requires_shipping": True,
            "price": "10.00",
        }

    def _update(self) -> None:
        self.told.append(("orders/updated", self.body()))

    def _edit(self, additions: list[Json], removals: list[Json]) -> None:
        lines = {"additions": additions, "removals": removals}
        edit = {"id": self._id(), "order_id": ORDER_ID, "line_items": lines}
        edit["committed_at"] = self._time()
        self.told.append(("orders/edited", {"order_edit": edit}))
        self._update()

    def _refund(self, lines: list[tuple[TrueLine, int, str]], update: bool = True) -> None:
        told = [
            {"line_item_id": line.id, "quantity": units, "restock_type": kind}
            for line, units, kind in lines
        ]
        refund = {"id": self._id(), "created_at": self._time(), "refund_line_items": told}
        self.refunds.append(refund)
        self.told.append(("refunds/create", {**copy.deepcopy(refund), "order_id": ORDER_ID}))
        if update:
            self._update()

    def _id(self) -> int:
        self.ids += 1
        return 70000 + self.ids

    def _time(self) -> str:
        return self.now.isoformat()
