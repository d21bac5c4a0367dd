"""What is sold before it leaves, or before it is there: a cart's units, and goods on their way."""

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
CART, TEAPOT = "CART-CUP", "TEAPOT"
HOME = {"country_code": "US", "postal_code": "45402", "province_code": "OH", "city": "Dayton"}


@dataclass(frozen=True)
class Promises:
    """SKUs of this run alone; each answer says what was promised and whether it is right."""

    api: Api
    run: Run

    def all(self) -> Iterator[Check]:
        """A cart that is bought, then one that is more than there is."""
        control = path_of("controls", f"demo-{self.run.tag}")
        try:
            # In force within 15 seconds: the cart is bought meanwhile.
            beyond = {"kind": "backorder", "units": 3, "skus": [self.run.sku(TEAPOT)]}
            patiently(lambda: self.api.call("PUT", control, beyond))
            yield self._bought()
            yield self._later()
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
        order = self._ordered(sku, held["reservation_id"])
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

    def _ordered(self, sku: str, reservation: str) -> str:
        line, group = {"sku": sku, "quantity": 2}, {"method": "ship", "address": HOME}
        name = f"CART-{self.run.tag}"
        body = webshop_order(name, line, group, reservation_id=reservation)
        answer = patiently(lambda: self.api.place_order(body, f"{self.run.tag}-cart"))
        return str(answer.json["order_id"])
