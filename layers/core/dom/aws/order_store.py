"""Reads of the Orders table, always consistent unless by an index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal
from dom.aws.personal_store import PersonalStore
from dom.aws.reads import Plain, batch_get, get, query
from dom.model.commit import PersonalData, PlanRecord
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, order_id_of, order_id_of_return
from dom.model.order import Order
from dom.model.rma import Return
from dom.model.shadow import ShadowDecision


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with everything of its item collection but personal data."""

    order: Order
    fulfillment_orders: tuple[FulfillmentOrder, ...] = ()
    decisions: tuple[RoutingDecision, ...] = ()
    shadows: tuple[ShadowDecision, ...] = ()
    returns: tuple[Return, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderStore:
    """The Orders table, read side. `people`: for whoever reads personal data."""

    dynamodb: Any
    table: str
    people: PersonalStore | None = None

    def load(self, order_id: str) -> Order | None:
        """The order as last written, or None."""
        item = get(self.dynamodb, self.table, keys.order(order_id))
        return from_plain(Order, item) if item else None

    def load_many(self, order_ids: Iterable[str]) -> list[Order]:
        """The orders that exist among these ids."""
        items = batch_get(self.dynamodb, self.table, [keys.order(one) for one in order_ids])
        return [from_plain(Order, item) for item in items]

    def fulfillment_order(self, fulfillment_order_id: str) -> FulfillmentOrder | None:
        """The FulfillmentOrder as last written, or None (also for what cannot be an id)."""
        try:
            order_id_of(fulfillment_order_id)
        except ValueError:
            return None
        item = get(self.dynamodb, self.table, keys.fulfillment_order(fulfillment_order_id))
        return from_plain(FulfillmentOrder, item) if item else None

    def works_among(self, names: Iterable[str]) -> list[FulfillmentOrder]:
        """The FulfillmentOrders that exist among these ids, in no order."""
        wanted = [keys.fulfillment_order(one) for one in names]
        found = batch_get(self.dynamodb, self.table, wanted)
        return [from_plain(FulfillmentOrder, item) for item in found]

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All FulfillmentOrders of an order, oldest first."""
        items = self._items(order_id, "FO#")
        return [from_plain(FulfillmentOrder, item) for item in items]

    def works_of_parcel(self, key: str) -> list[FulfillmentOrderId]:
        """Those that left under that parcel key."""
        pages = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="order_id = :parcel",
            ExpressionAttributeValues=marshal({":parcel": keys.parcels(key)}),
            ConsistentRead=True,
        )
        return [FulfillmentOrderId(item["item"]) for item in pages]

    def rma(self, name: str) -> Return | None:
        """The return as last written, or None (also for what cannot be an id)."""
        try:
            order_id_of_return(name)
        except ValueError:
            return None
        item = get(self.dynamodb, self.table, keys.rma(name))
        return from_plain(Return, item) if item else None

    def returns_of(self, order_id: str) -> list[Return]:
        """All returns of an order, oldest first."""
        return [from_plain(Return, item) for item in self._items(order_id, f"{keys.RETURN}#")]

    def decisions_of(self, order_id: str) -> list[RoutingDecision]:
        """All routing decisions of an order, in no order."""
        return [from_plain(RoutingDecision, item) for item in self._items(order_id, "DECISION#")]

    def plan(self, order_id: str, plan_id: str) -> PlanRecord | None:
        """The record of a plan committed in steps, or None."""
        item = get(self.dynamodb, self.table, keys.plan(order_id, plan_id))
        return from_plain(PlanRecord, item) if item else None

    def personal(self, order_id: str) -> PersonalData | None:
        """Name, address and contact of the order's customer, or None when forgotten. Busy: they
        cannot be opened now.
        """
        if not self.people:
            raise ValueError("this store has no keys of personal data")
        return self.people.read(order_id)

    def record(self, order_id: str) -> OrderRecord | None:
        """Order, FulfillmentOrders and decisions; None if there is no such order."""
        items = self._items(order_id)
        order = next((item for item in items if item["item"] == keys.ORDER), None)
        if order is None:
            return None
        works = [item for item in items if item["item"].startswith("FO#")]
        decisions = [item for item in items if item["item"].startswith("DECISION#")]
        shadows = [item for item in items if item["item"].startswith(keys.SHADOW)]
        returns = [item for item in items if item["item"].startswith(f"{keys.RETURN}#")]
        return OrderRecord(
            from_plain(Order, order),
            tuple(from_plain(FulfillmentOrder, item) for item in works),
            tuple(from_plain(RoutingDecision, item) for item in decisions),
            tuple(from_plain(ShadowDecision, item) for item in shadows),
            tuple(from_plain(Return, item) for item in returns),
        )

    def find_by_external_id(self, channel: str, external_id: str) -> list[str]:
        """Ids of orders with that channel and external id (by index: eventually consistent)."""
        pages = query(
            self.dynamodb,
            TableName=self.table,
            IndexName="by_external",
            KeyConditionExpression="external_ref = :ref",
            ExpressionAttributeValues=marshal({":ref": f"{channel}#{external_id}"}),
        )
        return [item["order_id"] for item in pages]

    def _items(self, order_id: str, prefix: str = "") -> list[Plain]:
        request: Plain = {"KeyConditionExpression": "order_id = :id"}
        values = {":id": order_id}
        if prefix:
            request["KeyConditionExpression"] += " AND begins_with(#item, :prefix)"
            request["ExpressionAttributeNames"] = {"#item": "item"}
            values[":prefix"] = prefix
        request["ExpressionAttributeValues"] = marshal(values)
        return list(query(self.dynamodb, TableName=self.table, ConsistentRead=True, **request))
