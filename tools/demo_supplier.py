"""A supplier in the demo: told by mail what to ship, it says when, and ships what is still wanted.

Its order is only authorized, so that one sees money follow the goods.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tools.backstage import Backstage
from tools.client import Api, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected, live
from tools.demo_orders import Run, webshop_order
from tools.demo_play import patiently
from tools.demo_shop import until

PLACE, SKU, PRICE = "SUPPLIER-01", "CANOE", 900
HOME: Json = {
    "country_code": "US",
    "postal_code": "97209",
    "city": "Portland",
    "address1": "1 Pine",
}
LOCATION: Json = {
    "name": "Cedar Canoes",
    "type": "supplier",
    "address": {**HOME, "latitude": 45.53, "longitude": -122.68},
    "timezone": "America/Los_Angeles",
    "capabilities": ["ship"],
    "daily_capacity": None,
    "active": True,
}
PARCEL = {"tracking_number": "1Z999AA10555555555", "carrier": "UPS"}


@dataclass(frozen=True)
class AtTheSupplier:
    """Plays one purchase order; each answer says what was done and whether it is right."""

    api: Api
    backstage: Backstage
    run: Run

    def all(self) -> Iterator[Check]:
        """From the customer's order to the supplier's scorecard."""
        try:
            yield from self._purchase()
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "Purchase order", str(error), False

    def _purchase(self) -> Iterator[Check]:
        address = self.run.mail("orders@supplier.example")
        self._known_as(address)
        order_id = self._ordered()
        (work,) = until(lambda: live(self._order(order_id)), lambda works: len(works) == 1)
        told = until(lambda: self._mails(address), lambda mails: len(mails) == 1)
        cut = {"reason": "one is enough", "lines": [{"line_id": "1", "quantity": 1}]}
        patiently(lambda: self.api.call("POST", path_of("orders", order_id, "cancel"), cut))
        told = until(lambda: self._mails(address), lambda mails: len(mails) == 2)
        text = f"{told[0]}; then, since the customer changed her mind: {told[1]}"
        yield "Told by mail", text, work["id"] in told[0]

        eta = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        patiently(lambda: self.api.act(work["id"], "accept", {"eta": eta}))
        patiently(lambda: self.api.act(work["id"], "ship", {"parcels": [PARCEL]}))
        card = until(self._card, lambda card: card["shipped"] > 0)
        text = f"on time {card['on_time_percent']:.0f} %, acknowledged {card['acknowledged']}"
        yield "Acknowledged, shipped", f"its scorecard: {text}", card["on_time_percent"] == 100

        money = self._order(order_id)["payment"]
        shares = {name: money[name] for name in ("authorized", "due", "void")}
        text = ", ".join(f"${units / 100:.2f} {name}" for name, units in shares.items())
        right = shares == {"authorized": 3 * PRICE, "due": 2 * PRICE, "void": PRICE}
        yield "Money follows the goods", f"{text}: what left is captured, the rest let go", right

    def _known_as(self, address: str) -> None:
        patiently(lambda: self.api.put_location(PLACE, LOCATION))
        supplier = {"transport": "email", "email": address, "accept_seconds": 14_400}
        patiently(lambda: self.api.call("PUT", path_of("suppliers", PLACE), supplier))
        patiently(lambda: self.api.put_stock(PLACE, self.run.sku(SKU), 5))

    def _ordered(self) -> str:
        line, group = {"sku": self.run.sku(SKU), "quantity": 3}, {"address": HOME}
        money = {"amount": 3 * PRICE, "currency": "USD"}
        body = webshop_order(f"DROP-{self.run.tag}", line, group, authorized=money)
        answer = patiently(lambda: self.api.place_order(body, f"{self.run.tag}-drop"))
        return str(answer.json["order_id"])

    def _order(self, order_id: str) -> Json:
        answer = self.api.order(order_id)
        return dict(answer.json) if answer.status == 200 else {}

    def _mails(self, address: str) -> list[str]:
        return [mail.subject for mail in self.backstage.mails(address)]

    def _card(self) -> Json:
        path = path_of("locations", PLACE, "scorecard")
        return dict(patiently(lambda: self.api.call("GET", path)).json["total"])
