"""The shop's side in the demo: what it shows of our stock, and that its order was shipped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from tools.client import Api, Shop, path_of
from tools.demo_checks import Check
from tools.demo_model import Json, Unexpected, live
from tools.demo_orders import Run, fresh
from tools.demo_play import patiently
from tools.shop_stand_in import ShopStandIn, shop_stand_in
from tools.stack import Stack

STORE, SKU, PLACE = "STORE-26", "MUG-ENAMEL", "7"
PARCEL = {"tracking_number": "1Z999AA10123456792", "carrier": "UPS"}
PATIENCE = 60.0
Found = TypeVar("Found")


@contextmanager
def shop_api(stack: Stack, account: str) -> Iterator[ShopStandIn]:
    """A stand-in for the shop's Admin API, which the stack calls until the block ends."""
    secrets = stack.client("secretsmanager")
    name = f"{stack.name}/channels/shopify/{account}"
    before = secrets.get_secret_value(SecretId=name)["SecretString"]
    with shop_stand_in() as shop:
        more = {"access_token": "shpat_demo", "api_url": shop.url}
        known = json.dumps({**json.loads(before), **more})
        secrets.put_secret_value(SecretId=name, SecretString=known)
        try:
            yield shop
        finally:
            secrets.put_secret_value(SecretId=name, SecretString=before)


@dataclass(frozen=True)
class TwoWay:
    """Stock out, an order in, its shipment out; each answer says whether it is right."""

    api: Api
    shop: Shop
    run: Run
    stack: Stack

    def all(self) -> Iterator[Check]:
        """From what the shop shows to its fulfilled order."""
        path = path_of("channels", "shopify", self.shop.account)
        try:
            with shop_api(self.stack, self.shop.account) as shop:
                patiently(lambda: self.api.call("PUT", path, {"location": PLACE}))
                yield from self._loop(shop)
        except (Unexpected, KeyError, IndexError, TimeoutError) as error:
            yield "The shop", str(error), False
        finally:
            self.api.call("DELETE", path)

    def _loop(self, shop: ShopStandIn) -> Iterator[Check]:
        sku = self.run.sku(SKU)
        shop.stock.add(sku, PLACE, 9)
        patiently(lambda: self.api.put_stock(STORE, sku, 3))
        shown = until(lambda: shop.stock.shown(sku, PLACE), lambda units: units == 3)
        yield "Shows what may be sold", f"the shop showed 9 of {SKU}, and shows {shown} now", True
        shop.stock.buy(sku, PLACE)
        order = self._ordered(sku)
        gid = f"gid://shopify/Order/{order['external_id']}"
        shop.shipping.expect(gid, {order["lines"][0]["line_id"]: 1})
        (work,) = live(order)
        patiently(lambda: self.api.act(work["id"], "ship", {"parcels": [PARCEL]}))
        made = until(lambda: shop.shipping.fulfillments.get(gid, []), bool)
        numbers = [one["number"] for one in made[0]["trackingInfo"]]
        left = shop.stock.shown(sku, PLACE)
        text = f"{order['name']} is fulfilled there by {', '.join(numbers)}; it shows {left} more"
        right = (numbers, left) == ([PARCEL["tracking_number"]], 2)
        yield "Hears of the shipment", text, right

    def _ordered(self, sku: str) -> Json:
        """One unit, bought there and released to the store."""
        (body,) = fresh(["nearest"], self.run).values()
        number = body["id"] + 500
        line = {**body["line_items"][0], "id": number * 10, "sku": sku}
        gids = {"admin_graphql_api_id": f"gid://shopify/Order/{number}"}
        line |= {"admin_graphql_api_id": f"gid://shopify/LineItem/{number * 10}"}
        told = {**body, **gids, "id": number, "name": "#1550", "line_items": [line]}
        patiently(lambda: self.shop.deliver("orders/create", told, f"{self.run.tag}-two-way"))

        def find() -> Json:
            found = patiently(lambda: self.api.find_order("shopify", str(number))).json["orders"]
            return dict(found[0]) if found else {}

        return until(find, lambda one: [x["status"] for x in live(one)] == ["released"])


def until(look: Callable[[], Found], holds: Callable[[Found], bool]) -> Found:
    """Look again and again until it holds; TimeoutError when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not holds(seen := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {PATIENCE:.0f} s: {seen}")
        time.sleep(0.3)
    return seen
