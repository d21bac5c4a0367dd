"""Returns on the deployed packages: from the customer's wish to goods on sale and money paid."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.connected import carried, connected
from support.world import PORTLAND, World

from tools.client import path_of

pytestmark = pytest.mark.e2e
Json = dict[str, Any]
PARCEL = {"tracking_number": "1Z999AA10123456784", "carrier": "UPS"}


def delivered(world: World, units: int) -> Json:
    """An order of so many units that the customer has."""
    body, work = world.released(world.sku(), units)
    world.act(work, "ship", {"parcels": [PARCEL]})
    world.act(work, "deliver")
    return world.settled(body, "closed", delivered=units)


def ask(world: World, order: Json, units: int, **changes: Any) -> Json:
    line = {
        "line_id": order["lines"][0]["line_id"],
        "quantity": units,
        "reason": "size_too_small",
    }
    wanted = {
        "order_id": order["order_id"],
        "lines": [line],
        "method": "mail",
        "outcome": "refund",
        **changes,
    }
    return good(world.api.call("POST", "/returns", wanted)).json


def step(world: World, name: str, action: str, body: Json) -> Json:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    return good(world.api.call("POST", path_of("returns", name, action), body, key)).json


def seen(world: World, name: str) -> Json:
    return good(world.api.call("GET", path_of("returns", name))).json


def test_a_return_is_labelled_received_graded_restocked_paid_and_closed(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 5})
    with connected(world) as shopify:
        # GIVEN three units that the customer has
        order = delivered(world, 3)
        shopify.paid[f"gid://shopify/Order/{order['external_id']}"] = "1000.00"

        # WHEN two of them come back, one as new and one damaged
        made = ask(world, order, 2)
        assert (made["status"], made["decision"]["verdict"]) == ("approved", "approved")
        where = made["destination"]["location_id"]
        name = made["return_id"]
        labelled = until(lambda: seen(world, name), lambda one: one["status"] == "labelled")
        page = world.api.pool.request("GET", labelled["label_url"])
        assert page.status == 200 and b"<svg" in page.data
        line_id = order["lines"][0]["line_id"]
        received = {"location_id": where, "lines": [{"line_id": line_id, "quantity": 2}]}
        assert step(world, name, "receive", received)["status"] == "received"
        found = [
            {"line_id": line_id, "quantity": 1, "condition": "new"},
            {"line_id": line_id, "quantity": 1, "condition": "damaged"},
        ]
        answer = step(world, name, "inspect", {"lines": found})

        # THEN the new one is on sale with that very answer, the refund is sent, the return closed
        assert answer["dispositions"][0]["disposition"] == "restock"
        closed = until(lambda: seen(world, name), lambda one: one["status"] == "closed")
        assert closed["refund"]["amount"] == answer["refund"]["amount"] > 0
        assert [one["status"] for one in closed["refunds"]] == ["sent"]
        [paid] = shopify.refunds
        assert paid["input"]["refundLineItems"][0]["restockType"] == "RETURN"
        assert round(float(paid["amount"]) * 100) == closed["refund"]["amount"]
        assert world.position(world.sku(), where)["on_hand"] == (3 if where == shop else 1)
        world.assert_ledger_sums_up(world.sku(), where)
        after = good(world.api.order(order["order_id"])).json
        assert (after["status"], after["lines"][0]["buckets"]) == (
            "closed",
            {"delivered": 1, "returned": 2},
        )
        until(lambda: world.back.execution_status(name, "return"), lambda one: one == "SUCCEEDED")


def test_a_return_that_is_cancelled_ends_its_execution_and_frees_its_units(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    name = ask(world, order, 1)["return_id"]
    until(lambda: seen(world, name), lambda one: one["status"] == "labelled")
    line = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
    body = {"order_id": order["order_id"], "lines": [line]}
    assert_problem(world.api.call("POST", "/returns", body), 400)

    assert step(world, name, "cancel", {"reason": "keeps it"})["status"] == "cancelled"

    until(lambda: world.back.execution_status(name, "return"), lambda one: one == "SUCCEEDED")
    other = ask(world, order, 1)["return_id"]
    assert other.endswith("-R2")
    step(world, other, "cancel", {"reason": "keeps it after all"})

    # WHEN the parcel of the first comes all the same
    with connected(world) as shopify:
        shopify.paid[f"gid://shopify/Order/{order['external_id']}"] = "1000.00"
        assert step(world, name, "receive", {"location_id": shop, "lines": [line]})["lines"]
        found = {"lines": [{**line, "condition": "new"}]}
        step(world, name, "inspect", found)

        # THEN an execution of its own pays for it and closes it
        closed = until(lambda: seen(world, name), lambda one: one["status"] == "closed")
        assert [one["status"] for one in closed["refunds"]] == ["sent"]
        assert len(shopify.refunds) == 1
        again = f"{name}-again1"
        until(lambda: world.back.execution_status(again, "return"), lambda one: one == "SUCCEEDED")


def test_a_restocked_unit_goes_to_the_order_that_waits_for_it(stack: dict[str, Any]) -> None:
    # GIVEN the last unit sold and delivered, and another order on backorder
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    waiting = world.placed((world.sku(), 1))
    world.settled(waiting, "open", backordered=1)

    # WHEN the unit comes back as new, received at another place than it was sent to
    name = ask(world, order, 1, method="store", location_id=shop)["return_id"]
    other = world.location("OTHER", PORTLAND, capabilities=["ship", "returns"])
    line_id = order["lines"][0]["line_id"]
    received = {"location_id": other, "lines": [{"line_id": line_id, "quantity": 1}]}
    step(world, name, "receive", received)
    step(
        world,
        name,
        "inspect",
        {"lines": [{"line_id": line_id, "quantity": 1, "condition": "good"}]},
    )

    # THEN the order that waited has it within seconds, not with the next retry
    routed = world.settled(waiting, "allocated", allocated=1)
    assert routed["fulfillment_orders"][0]["location_id"] == other


def test_a_refund_that_the_channel_refuses_waits_for_a_person_and_is_paid_once(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    with connected(world) as shopify:
        gid = f"gid://shopify/Order/{order['external_id']}"
        shopify.paid[gid] = "0.01"  # less than the customer is owed
        name = ask(world, order, 1)["return_id"]
        line_id = order["lines"][0]["line_id"]
        received = {"location_id": shop, "lines": [{"line_id": line_id, "quantity": 1}]}
        step(world, name, "receive", received)
        found = {"lines": [{"line_id": line_id, "quantity": 1, "condition": "new"}]}
        step(world, name, "inspect", found)

        def failed(one: Json) -> bool:
            return [refund["status"] for refund in one["refunds"]] == ["failed"]

        waits = until(lambda: seen(world, name), failed)
        assert "less than is to be paid back" in waits["refunds"][0]["detail"]

        # WHEN somebody puts it right; the first answer of the shop is lost on the way
        shopify.paid[gid], shopify.lost = "1000.00", 1
        step(world, name, "retry-refund", {"reason": "the capture was late"})

        until(lambda: seen(world, name), lambda one: one["status"] == "closed")
        assert len(shopify.refunds) == 1


def test_tokens_see_and_do_only_what_they_may(stack: dict[str, Any]) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    name = ask(world, order, 1)["return_id"]
    assert_problem(world.store.call("GET", path_of("returns", name)), 403)
    assert_problem(world.nobody.call("GET", path_of("returns", name)), 401)
    assert_problem(world.api.call("GET", path_of("returns", "ord_x-R1")), 404)


def test_a_channel_asks_and_a_carrier_tells_by_signed_webhooks(stack: dict[str, Any]) -> None:
    # GIVEN an EasyPost account, and an order that the customer has
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    account, number = f"main-{world.tag.lower()}", f"1Z {world.tag}"
    secrets = world.back.client("secretsmanager")
    secret = json.dumps({"webhook_secrets": ["whsec"]})
    secrets.create_secret(Name=f"{stack['stack']}/channels/easypost/{account}", SecretString=secret)

    # WHEN Shopify says that it is to come back, twice
    item = {"id": int(order["lines"][0]["line_id"])}
    line = {"quantity": 1, "return_reason": "style", "fulfillment_line_item": {"line_item": item}}
    asked = {"id": 77, "order": {"id": int(order["external_id"])}, "return_line_items": [line]}
    for _ in range(2):
        world.deliver(asked, "returns/request")
    name = f"{order['order_id']}-R1"
    until(
        lambda: world.api.call("GET", path_of("returns", name)).json,
        lambda one: one.get("status") == "labelled",
    )
    found = f"/returns?order_id={order['order_id']}"
    assert len(good(world.api.call("GET", found)).json["returns"]) == 1

    # AND the carrier sees the parcel whose number the customer told
    step(world, name, "track", {"tracking_number": number, "carrier": "UPS"})
    tracker = {"tracking_code": number, "status": "in_transit"}
    tracker["updated_at"] = "2026-03-05T09:12:40Z"
    event = {"id": f"evt_{world.tag}", "description": "tracker.updated", "mode": "production"}
    raw = json.dumps({**event, "result": tracker}).encode()
    path = path_of("webhooks", "easypost", account)
    headers = {"Content-Type": "application/json", "X-Hmac-Signature": "hmac-sha256-hex=00"}
    assert_problem(world.nobody.send("POST", path, raw, headers), 401)
    good(world.nobody.send("POST", path, raw, {**headers, "X-Hmac-Signature": signed(raw)}))

    # THEN the return is on its way
    until(lambda: seen(world, name), lambda one: one["status"] == "in_transit")


def test_a_carriers_label_is_bought_once_and_its_scans_reach_the_return(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    order = delivered(world, 1)
    with carried(world) as carrier:
        # GIVEN a carrier that refuses the address at first
        carrier.refuses = [{"code": "ADDRESS.VERIFY.FAILURE", "message": "unknown street"}]
        name = ask(world, order, 1)["return_id"]

        def refused(one: Json) -> bool:
            return any(entry["type"] == "ReturnLabelRefused" for entry in one["timeline"])

        assert until(lambda: seen(world, name), refused)["label_url"] is None

        # WHEN a person has it asked again, and the carrier's answers get lost
        carrier.lost = 2
        step(world, name, "retry-label", {"reason": "the street has a new name"})

        # THEN one label was bought, and the customer gets it
        labelled = until(lambda: seen(world, name), lambda one: one["status"] == "labelled")
        [sold] = carrier.sold
        assert labelled["tracking_number"] == sold["tracking_code"]
        assert (labelled["carrier"], labelled["label_cost"]["amount"]) == ("USPS", 834)
        assert sold["is_return"] and sold["to_address"]["street1"]
        page = world.api.pool.request("GET", labelled["label_url"])
        assert (page.status, page.data[:5]) == (200, b"%PDF-")

        # AND its first scan reaches the return
        scan = carrier.scan(sold["tracking_code"], "in_transit", "2026-03-05T09:12:40Z")
        account, raw = f"labels-{world.tag.lower()}", json.dumps(scan).encode()
        secret = json.dumps({"webhook_secrets": ["whsec"]})
        where = f"{stack['stack']}/channels/easypost/{account}"
        world.back.client("secretsmanager").create_secret(Name=where, SecretString=secret)
        headers = {"Content-Type": "application/json", "X-Hmac-Signature": signed(raw)}
        path = path_of("webhooks", "easypost", account)
        good(world.nobody.send("POST", path, raw, headers))
        until(lambda: seen(world, name), lambda one: one["status"] == "in_transit")


def signed(raw: bytes) -> str:
    return "hmac-sha256-hex=" + hmac.new(b"whsec", raw, hashlib.sha256).hexdigest()


def test_an_exchange_is_reserved_at_once_and_released_with_the_receipt(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    shop = world.location("SHOP", capabilities=["ship", "returns"])
    world.stock(world.sku(), {shop: 1})
    world.stock(world.sku("BIGGER"), {shop: 1})
    order = delivered(world, 1)
    wanted = [{"sku": world.sku("BIGGER"), "quantity": 1}]
    made = ask(world, order, 1, outcome="exchange", exchange_lines=wanted)

    # THEN the bigger one is reserved for an order of its own, which no location is told of yet
    def exchange() -> Json:
        return good(world.api.order(made["exchange_order_id"])).json

    reserved = until(exchange, lambda one: one["status"] == "allocated")
    assert [one["status"] for one in reserved["fulfillment_orders"]] == ["assigned"]
    assert world.position(world.sku("BIGGER"), shop)["atp"] == 0

    # UNTIL what comes back is there
    line = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
    step(world, made["return_id"], "receive", {"location_id": shop, "lines": [line]})
    until(exchange, lambda one: one["fulfillment_orders"][0]["status"] == "released")
