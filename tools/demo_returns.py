"""What comes back in the demo: decided, labelled, graded, on sale again, and paid by the shop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.client import Api, Shop, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected, live
from tools.demo_orders import Run
from tools.demo_play import Play, patiently
from tools.demo_shop import shop_api
from tools.shop_stand_in import ShopStandIn
from tools.stack import Stack

# The order that was shipped; what comes back of it is as new.
SENT = "shipped"
PATIENCE = 90.0


@dataclass(frozen=True)
class Returns:
    """Plays one return; each answer says what was done, what came of it and whether it is right."""

    api: Api
    shop: Shop
    run: Run
    stack: Stack

    def all(self, plays: list[Play]) -> Iterator[Check]:
        """The request, then everything up to the closed return."""
        play = next(one for one in plays if one.scenario.events[0] == SENT)
        try:
            with shop_api(self.stack, self.shop.account) as shop:
                gid = f"gid://shopify/Order/{play.body['id']}"
                shop.paid[gid] = str(play.body["total_price"])
                yield from self._return(play, shop)
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "Return", str(error), False

    def _return(self, play: Play, shop: ShopStandIn) -> Iterator[Check]:
        (work,) = live(play.look() or {})
        patiently(lambda: self.api.act(work["id"], "deliver"))
        order = play.look() or {}
        line = order["lines"][0]
        made = self._ask(order, line)
        routing, name = made["decision"]["routing"], made["return_id"]
        right = made["decision"]["verdict"] == "approved" and routing["outcome"] == "location"
        yield "A return, asked for", f"{order['name']} approved: {routing['why']}", right
        where, sku = made["destination"]["location_id"], line["sku"]
        before = self._on_hand(sku, where)
        labelled = self._until(name, lambda one: bool(one["label_url"]))
        self._step(name, "receive", {"location_id": where, "lines": [_units(line)]})
        found = {**_units(line), "condition": "new"}
        graded = self._step(name, "inspect", {"lines": [found]})
        after = self._on_hand(sku, where)
        yield (
            "Graded as new",
            f"{sku} on hand at {where}: {before} → {after}, in the transaction that graded it",
            after == before + 1 and labelled["status"] == "labelled",
        )
        closed = self._until(name, lambda one: one["status"] == "closed")
        paid = [round(float(one["amount"]) * 100) for one in shop.refunds]
        owed = graded["refund"]["amount"]
        text = f"${owed / 100:.2f} owed, {len(paid)} refund of ${sum(paid) / 100:.2f} at the shop"
        yield "Refunded, closed", text, paid == [owed] and closed["refund"]["amount"] == owed

    def _ask(self, order: Json, line: Json) -> Json:
        body = {
            "order_id": order["order_id"],
            "lines": [{**_units(line), "reason": "unwanted"}],
            "method": "mail",
            "outcome": "refund",
        }
        key = {"Idempotency-Key": f"{self.run.tag}-return"}
        return patiently(lambda: self.api.call("POST", "/returns", body, key)).json

    def _step(self, name: str, action: str, body: Json) -> Json:
        key = {"Idempotency-Key": f"{self.run.tag}-{action}"}
        path = path_of("returns", name, action)
        return patiently(lambda: self.api.call("POST", path, body, key)).json

    def _until(self, name: str, holds: Callable[[Json], bool]) -> Json:
        deadline = time.monotonic() + PATIENCE
        while True:
            seen = patiently(lambda: self.api.call("GET", path_of("returns", name))).json
            if holds(seen):
                return seen
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} is {seen['status']} after {PATIENCE:.0f} s")
            time.sleep(0.5)

    def _on_hand(self, sku: str, where: str) -> int:
        positions = patiently(lambda: self.api.stock(sku)).json["positions"]
        return sum(one["on_hand"] for one in positions if one["location_id"] == where)


def _units(line: Json) -> Json:
    return {"line_id": line["line_id"], "quantity": line["quantity"]}
