"""Orders of one customer with open work at RENO, as a house in which work is merged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dom.fulfillment.actions import perform
from dom.fulfillment.as_one import perform_as_one
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.merge import merge_work
from dom.fulfillment.ports import Floor
from dom.model.box import Box
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, OrderId, Sku
from dom.model.order import Bucket, Order
from dom.model.work_machine import BUCKET_OF
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger

S = FulfillmentStatus
ADA = "ada's mark"


@dataclass
class House:
    """RENO with its stock; `add` gives it work for a customer."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    now: datetime = NOW
    before: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO", daily_capacity=50))
        for sku in ("MUG", "HAT"):
            self.ledger.stock(sku, "RENO", 20)

    def add(self, name: str, status: S = S.RELEASED, sku: str = "MUG", **rest: Any) -> str:
        """One unit of an order, by the id of its work: `ord_a-2` is the order's second line."""
        order_id, _, number = name.rpartition("-")
        known = self.ledger.orders.get(order_id)
        mark = rest.pop("recipient", ADA)
        group = replace(order().ship_groups[0], recipient=mark)
        bought = line(number, sku, buckets={BUCKET_OF[status]: 1})
        fresh = order(order_id, bought, ship_groups=(group,))
        self.ledger.orders[order_id] = (
            replace(known, lines=(*known.lines, bought)) if known else fresh
        )
        made = work(int(number), status, recipient=mark, capacity_day=NOW.date(), **rest)
        parts = (FulfillmentLine(number, Sku(sku), 1),)
        made = replace(made, id=name, order_id=OrderId(order_id), lines=parts)
        self.ledger.works[name] = made
        position = self.ledger.positions[f"{sku}@RENO"]
        self.ledger.positions[f"{sku}@RENO"] = replace(position, reserved=position.reserved + 1)
        return name

    def fill(self, name: str, *skus: str) -> None:
        """One unit of each instead, in lines of its own."""
        work = self.work(name)
        bucket = {BUCKET_OF[work.status]: 1}
        lines = tuple(line(str(n), sku, buckets=bucket) for n, sku in enumerate(skus, 1))
        parts = tuple(FulfillmentLine(x.line_id, x.sku, 1) for x in lines)
        self.ledger.works[name] = replace(work, lines=parts)
        self.ledger.orders[work.order_id] = replace(self.order(work.order_id), lines=lines)
        for sku in skus:
            self.ledger.stock(sku, "RENO", 1)
            position = self.ledger.positions[f"{sku}@RENO"]
            self.ledger.positions[f"{sku}@RENO"] = replace(position, reserved=1)

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, lambda: self.now)

    def work(self, name: str) -> FulfillmentOrder:
        return self.ledger.works[name]

    def order(self, name: str) -> Order:
        return self.ledger.orders[name]

    def merge(self, *names: str) -> None:
        for name in names:
            merge_work(name, self.ledger, self.floor)

    def act(self, action: str, name: str, **request: Any) -> FulfillmentOrder:
        return perform(action, name, ActionRequest(**request), "ana", None, self.floor)

    def as_one(self, action: str, name: str, *boxes: Box, **request: Any) -> FulfillmentOrder:
        wanted = ActionRequest(**request)
        return perform_as_one(action, name, wanted, boxes, "ana", None, self.floor)

    def members(self, name: str) -> tuple[FulfillmentOrderId, ...]:
        together = self.work(name).together
        return together.members if together else ()

    def statuses(self) -> dict[str, str]:
        return {name: one.status.value for name, one in self.ledger.works.items()}

    def buckets(self, order_id: str) -> list[dict[Bucket, int]]:
        return [dict(one.buckets) for one in self.order(order_id).lines]
