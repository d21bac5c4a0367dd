"""Small, valid model objects; tests say only what matters to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.geo import Coordinates, Destination
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.money import Money
from dom.model.order import Bucket, Method, Order, OrderLine, ShipGroup

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
RENO = Coordinates(39.53, -119.81)
BOSTON = Coordinates(42.36, -71.06)
DALLAS = Coordinates(32.78, -96.80)


def location(location_id: str, place: Coordinates | None = RENO, **rest: Any) -> Location:
    """A warehouse that ships, without a bound of capacity."""
    facts: dict[str, Any] = {
        "name": location_id,
        "type": LocationType.WAREHOUSE,
        "country_code": "US",
        "timezone": "America/Los_Angeles",
        "coordinates": place,
        "capabilities": frozenset(Capability),
    }
    return Location(LocationId(location_id), **{**facts, **rest})


def line(line_id: str, sku: str = "MUG", quantity: int = 1, **rest: Any) -> OrderLine:
    """A shippable line, all of it pending."""
    facts: dict[str, Any] = {
        "sku": Sku(sku),
        "ship_group_id": "sg1",
        "grams": 300,
        "buckets": {Bucket.PENDING: quantity},
    }
    return OrderLine(line_id, quantity, Money(1500, "USD"), **{**facts, **rest})


def order(order_id: str = "ord_a", *lines: OrderLine, **rest: Any) -> Order:
    """An order as ingest writes it (version 1): one ship group to Sacramento."""
    place = Destination("US", "95814", "CA", "Sacramento", Coordinates(38.58, -121.49))
    facts: dict[str, Any] = {
        "lines": lines or (line("1"),),
        "ship_groups": (ShipGroup("sg1", Method.SHIP, place),),
        "version": 1,
    }
    return Order(OrderId(order_id), "shopify", "shop", order_id, "USD", NOW, **{**facts, **rest})


def work(
    number: int = 1, status: FulfillmentStatus = FulfillmentStatus.RELEASED, **rest: Any
) -> FulfillmentOrder:
    """A FulfillmentOrder of `order()` for its one line."""
    facts: dict[str, Any] = {
        "location_id": LocationId("RENO"),
        "lines": (FulfillmentLine("1", Sku("MUG"), 1),),
        "method": Method.SHIP,
        "version": 1,
        "created_at": NOW,
    }
    return FulfillmentOrder(
        FulfillmentOrderId(f"ord_a-{number}"),
        OrderId("ord_a"),
        "sg1",
        status=status,
        cost=Money(899, "USD"),
        **{**facts, **rest},
    )
