"""What is sold before it leaves: a cart's units, goods on their way, goods of a later day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tools.client import Api, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected
from tools.demo_orders import Run, webshop_order
from tools.demo_play import patiently
from tools.demo_shop import until

STORE = "STORE-26"
CART, TEAPOT, GAME = "CART-CUP", "TEAPOT", "GAME"
HOME = {"country_code": "US", "postal_code": "45402", "province_code": "OH", "city": "Dayton"}


@dataclass(frozen=True)
class Promises:
    """SKUs of this run alone; each answer says what was promised and whether it is right."""

    api: Api
    run: Run

    def all(self) -> Iterator[Check]:
        """A cart that is bought, one that is more than there is, and goods before their day."""
        control = path_of("controls", f"demo-{self.run.tag}")
        try:
            # In force within 15 seconds: the cart is bought meanwhile.
            beyond = {"kind": "backorder", "units": 3, "skus": [self.run.sku(TEAPOT)]}
            patiently(lambda: self.api.call("PUT", control, beyond))
            yield self._bought()
            yield self._later()
            yield self._ahead()
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "Promises", str(error), False
        finally:
            self.api.call("DELETE", control)

    def _bought(self) -> Check:
        """The last two, held by a cart: its order has them, and nobody else in between."""
        sku = self.run.sku(CART)
        patiently(lambda: self.api.put_stock(STORE, sku, 2))
        wish = {"lines": [{"sku": sku, "quantity": 2}], "channel": "webshop", "ttl_seconds": 900}
        held = patiently(lambda: self.api.call("POST", "/reservations", wish)).json
        left = until(lambda: self._available(sku), lambda found: found["ats"] == 0)["ats"]
        order = self._ordered("CART", sku, 2, reservation_id=held["reservation_id"])
        placed = until(
            # Taken in a moment after it was accepted: until then there is none.
            lambda: self.api.order(order).json,
            lambda found: found.get("status") == "allocated",
        )
        taken = self.api.call("POST", path_of("reservations", held["reservation_id"], "commit"))
        text = f"{left} left for others while it was held; its order is {placed['status']}"
        right = (placed["status"], taken.json.get("found")) == ("allocated", "consumed")
        return "A cart is bought", text, right

    def _later(self) -> Check:
        """Two are there, five come: four can be promised, on the day on which they can leave."""
        sku, due = self.run.sku(TEAPOT), datetime.now(UTC).date() + timedelta(days=4)
        patiently(lambda: self.api.put_stock(STORE, sku, 2))
        patiently(lambda: self.api.call("POST", "/purchase-orders", self._purchase(sku, due)))
        until(lambda: self._available(sku), lambda found: found["backorder"] == 3)
        cart = {"lines": [{"sku": sku, "quantity": 4}], "destination": HOME, "channel": "webshop"}
        options = patiently(lambda: self.api.call("POST", "/promise", cart)).json["options"]
        (later,) = (one for one in options if "available_on" in one)
        day = date.fromisoformat(later["available_on"])
        text = (
            f"2 are there, 5 should come on {due:%b} {due.day}: all 4 leave on {day:%b} {day.day}"
        )
        return "A cart of more than there is", text, day == due + timedelta(days=1)

    def _ahead(self) -> Check:
        """Three lie there, none may leave yet, two may be sold ahead: one is, and waits in line."""
        sku, day = self.run.sku(GAME), datetime.now(UTC).date() + timedelta(days=20)
        patiently(lambda: self.api.put_stock(STORE, sku, 3))
        product = {"releases_on": day.isoformat(), "preorder_limit": 2}
        patiently(lambda: self.api.call("PUT", path_of("products", sku), product))
        until(lambda: self._available(sku), lambda found: found["backorder"] == 2)
        order = self._ordered("GAME", sku, 1)
        placed = until(
            lambda: self.api.order(order).json,
            lambda found: found.get("ship_groups", [{}])[0].get("expected_on") is not None,
        )
        left = until(lambda: self._available(sku), lambda found: found["backorder"] == 1)
        waits, on = placed["lines"][0]["buckets"], placed["ship_groups"][0]["expected_on"]
        text = (
            f"leaves on {day:%b} {day.day}; {left['ats']} for sale now, "
            f"{left['backorder']} more before its day"
        )
        right = (waits, on, left["ats"]) == ({"preordered": 1}, day.isoformat(), 0)
        return "Sold before its day", text, right

    def _available(self, sku: str) -> Json:
        path = path_of("availability", sku) + "?channel=webshop"
        return dict(patiently(lambda: self.api.call("GET", path)).json)

    def _purchase(self, sku: str, due: date) -> Json:
        return {
            "location_id": STORE,
            "supplier": "ACME",
            "reference": self.run.tag,
            "expected_on": due.isoformat(),
            "lines": [{"sku": sku, "quantity": 5}],
        }

    def _ordered(self, name: str, sku: str, units: int, **more: str) -> str:
        line, group = {"sku": sku, "quantity": units}, {"method": "ship", "address": HOME}
        body = webshop_order(f"{name}-{self.run.tag}", line, group, **more)
        answer = patiently(lambda: self.api.place_order(body, f"{self.run.tag}-{name.lower()}"))
        return str(answer.json["order_id"])
