"""The counter in the demo: ordered for a store, ready, mailed, and handed over by its code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from tools.backstage import Backstage
from tools.client import Api
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected
from tools.demo_orders import Run, webshop_order
from tools.demo_play import patiently

STORE, SKU = "STORE-26", "CAP-SUN"
PATIENCE = 60.0


@dataclass(frozen=True)
class Pickup:
    """Plays one pickup; each answer says what was done, what came of it and whether it is right."""

    api: Api
    backstage: Backstage
    run: Run

    def all(self) -> Iterator[Check]:
        """From the order to the closed order."""
        try:
            yield from self._pickup()
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "Pickup", str(error), False

    def _pickup(self) -> Iterator[Check]:
        sku, mail = self.run.sku(SKU), self.run.mail("curb@example.com")
        patiently(lambda: self.api.put_stock(STORE, sku, 3))
        order_id = self._ordered(sku, mail)
        work = self._released(order_id)
        lying = self._act(work, "ready")
        code = patiently(lambda: self.api.order(order_id)).json["pickup_codes"][work["id"]]
        until = f"kept until {lying['pickup_until'][:10]}"
        right = lying["status"] == "ready_for_pickup" and self._mailed(mail, code)
        yield "Ready at the store", f"{STORE} has it, {until}; the code went to the customer", right
        refused = self.api.act(work["id"], "collect", {"code": "no"}).status
        self._act(work, "arrive", {"bay": "3"})
        given = self._act(work, "collect", {"code": code})
        order = patiently(lambda: self.api.order(order_id)).json
        left = patiently(lambda: self.api.stock(sku)).json["positions"][0]["on_hand"]
        text = f"a wrong code is refused ({refused}), the right one is it: on hand 3 → {left}"
        right = (refused, given["status"], order["status"], left) == (400, "collected", "closed", 2)
        yield "Handed over at bay 3", text, right

    def _ordered(self, sku: str, mail: str) -> str:
        line, group = {"sku": sku, "quantity": 1}, {"method": "curbside", "location_id": STORE}
        customer = {"email": mail, "name": "Cora Curb"}
        body = webshop_order(f"CURB-{self.run.tag}", line, group, customer=customer)
        answer = patiently(lambda: self.api.place_order(body, f"{self.run.tag}-curb"))
        return str(answer.json["order_id"])

    def _act(self, work: Json, action: str, body: Json | None = None) -> Json:
        payload = {**(body or {}), "request_id": f"{self.run.tag}-{action}"}
        return patiently(lambda: self.api.act(work["id"], action, payload)).json

    def _released(self, order_id: str) -> Json:
        """Its work, once the store has got it. The order is read a moment after it was taken."""
        for _ in _looks():
            answer = self.api.order(order_id)
            works = answer.json["fulfillment_orders"] if answer.status == 200 else []
            if works and works[0]["status"] == "released":
                return dict(works[0])
        raise TimeoutError(f"{order_id} did not reach {STORE} in {PATIENCE:.0f} s")

    def _mailed(self, address: str, code: str) -> bool:
        return any(code in mail.text for _ in _looks() for mail in self.backstage.mails(address))


def _looks() -> Iterator[None]:
    """Twice a second, as long as patience lasts."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        yield
        time.sleep(0.5)
