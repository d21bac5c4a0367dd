"""The customer is told once: that the order was taken, and that it has left."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from support.asking import together, until
from support.shopify_bodies import shopify_order
from support.world import World

pytestmark = pytest.mark.e2e


def test_confirmed_and_shipped_are_mailed_exactly_once(stack: dict[str, Any]) -> None:
    # GIVEN an order whose webhook came three times, with other orders around it
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, webhook_id = shopify_order((world.sku(), 1)), str(uuid.uuid4())
    together([lambda: world.deliver(body, webhook_id=webhook_id)] * 3)
    work = world.work_with_status(body, "released")

    # WHEN it ships, reported twice
    request = {
        "request_id": uuid.uuid4().hex,
        "parcels": [{"tracking_number": "1Z999AA10123456784", "carrier": "UPS"}],
    }
    together([lambda: world.act(work, "ship", request)] * 2)

    # THEN the customer has two messages: the order's number first, the tracking number second
    until(lambda: world.back.mails(body["email"]), lambda mails: len(mails) >= 2)
    witness = world.placed((world.sku(), 1))
    until(lambda: world.back.mails(witness["email"]), lambda mails: len(mails) >= 1)
    confirmed, shipped = world.back.mails(body["email"])
    assert body["name"] in confirmed.subject + confirmed.text
    assert "1Z999AA10123456784" in shipped.text


def test_a_promise_that_cannot_be_kept_is_told_before_it_is_broken(stack: dict[str, Any]) -> None:
    # GIVEN work that its location was given, for a customer who reads German
    world = World(stack)
    place, sku = world.location("SHOP"), world.sku()
    world.stock(sku, {place: 5})
    body = {**shopify_order((sku, 1)), "customer_locale": "de-DE"}
    world.deliver(body)
    work = world.work_with_status(body, "released")
    assert world.order(body)["ship_groups"][0]["promised_by"] == work["delivers_by"]

    # WHEN the day is over on which it was to leave, and the sweeper comes by twice
    world.back.make_late(work["id"])
    world.back.sweep()
    world.back.sweep()

    # THEN the customer is told once that nobody knows when it comes
    mails = until(lambda: world.back.mails(body["email"]), lambda found: len(found) >= 2)
    assert [mail.subject.rpartition(" ")[2] for mail in mails] == [body["name"], "sich"]
    order = world.order(body)
    assert order["ship_groups"][0]["promised_by"] is None
    assert [entry["type"] for entry in order["timeline"]].count("PromiseMoved") == 1
