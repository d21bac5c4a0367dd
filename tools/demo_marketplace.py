"""A marketplace in the demo: it shows our stock, names an order, and hears of its shipment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.client import Api, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected, live
from tools.demo_orders import Run
from tools.demo_play import patiently
from tools.demo_shop import until
from tools.seller import MARKETPLACE, Seller, amazon_order, pending, selling
from tools.stack import Stack

STORE, SKU = "STORE-26", "KETTLE"
PARCEL = {"tracking_number": "1Z999AA10999999999", "carrier": "UPS"}


@dataclass(frozen=True)
class Marketplace:
    """Stock out, an order in that is only named, its shipment out."""

    api: Api
    run: Run
    stack: Stack

    def all(self) -> Iterator[Check]:
        """From what the marketplace shows to its confirmed order."""
        with selling(self.stack) as seller:
            path = path_of("channels", "amazon", seller.account)
            try:
                patiently(lambda: self.api.call("PUT", path, {"location": MARKETPLACE}))
                yield from self._loop(seller)
            except (Unexpected, KeyError, IndexError, TimeoutError) as error:
                yield "The marketplace", str(error), False
            finally:
                self.api.call("DELETE", path)

    def _loop(self, seller: Seller) -> Iterator[Check]:
        sku = self.run.sku(SKU)
        seller.amazon.units[sku] = 9
        patiently(lambda: self.api.put_stock(STORE, sku, 4))
        shown = until(lambda: seller.amazon.units[sku], lambda units: units == 4)
        order = amazon_order(sku, 3)
        seller.put(pending(order))
        held = until(lambda: self._find(order), lambda one: one.get("status") == "held")
        left = until(lambda: seller.amazon.units[sku], lambda units: units == 1)
        text = (
            f"it showed 9 of {SKU}, then {shown}; an order that waits for its payment left {left}"
        )
        yield "Shows what may be sold", text, held["hold_reason"] == "awaiting_payment"
        seller.put(order, times=3)
        released = until(
            lambda: self._find(order),
            lambda one: [work["status"] for work in live(one)] == ["released"],
        )
        (work,) = live(released)
        patiently(lambda: self.api.act(work["id"], "ship", {"parcels": [PARCEL]}))
        packages = until(lambda: seller.amazon.packages.get(order["orderId"], {}), bool)
        numbers = [one["trackingNumber"] for one in packages.values()]
        text = f"named three times, read and routed once; confirmed there by {', '.join(numbers)}"
        yield "Names its orders", text, numbers == [PARCEL["tracking_number"]]

    def _find(self, order: Json) -> Json:
        found = patiently(lambda: self.api.find_order("amazon", order["orderId"])).json["orders"]
        return dict(found[0]) if found else {}
