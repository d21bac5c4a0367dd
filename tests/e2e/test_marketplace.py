"""A marketplace that only names its orders, in both directions, on the deployed packages."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from support.asking import until
from support.code import ROOT
from support.connected import selling
from support.world import World

pytestmark = pytest.mark.e2e

SAMPLE = json.loads((ROOT / "events/amazon/order.json").read_text())["order"]


def amazon_order(sku: str, units: int) -> dict[str, Any]:
    """A new order of one line, paid for."""
    name = f"114-{uuid.uuid4().hex[:12]}"
    (item, *_) = SAMPLE["orderItems"]
    left = {"quantityFulfilled": 0, "quantityUnfulfilled": units}
    product = {**item["product"], "sellerSku": sku}
    line = {**item, "orderItemId": f"{name}-1", "quantityOrdered": units, "product": product}
    return {**SAMPLE, "orderId": name, "orderItems": [{**line, "fulfillment": left}]}


def pending(order: dict[str, Any]) -> dict[str, Any]:
    """The order before it was paid for: without an address and prices."""
    hidden = {"recipient", "buyer", "proceeds"}
    kept = {key: value for key, value in order.items() if key not in hidden}
    fulfillment = {**order["fulfillment"], "fulfillmentStatus": "PENDING"}
    return {**kept, "lastUpdatedTime": order["createdTime"], "fulfillment": fulfillment}


def test_an_order_of_amazons_is_read_routed_shipped_and_confirmed(stack: dict[str, Any]) -> None:
    world = World(stack)
    sku = world.sku()
    world.stock(sku, {world.location("DC"): 5})
    order = amazon_order(sku, 2)
    named = {"external_id": order["orderId"]}
    with selling(world) as seller:
        # GIVEN an order that is pending: it has neither prices nor an address yet
        seller.put(pending(order))
        held = world.settled(named, "held", "amazon", pending=2)
        assert held["hold_reason"] == "awaiting_payment"

        # WHEN it is paid for, of which we are told three times
        seller.put(order, times=3)

        # THEN it is routed, and its shipment confirmed with its number
        work = world.work_with_status(named, "released", "amazon")
        world.act(work, "ship", {"parcels": [{"tracking_number": "1ZA", "carrier": "UPS"}]})
        packages = until(lambda: seller.amazon.packages.get(order["orderId"], {}), bool)
        (package,) = packages.values()
        assert (package["carrierCode"], package["trackingNumber"]) == ("UPS", "1ZA")
        assert package["orderItems"] == [{"orderItemId": f"{order['orderId']}-1", "quantity": 2}]
