"""Carriers tell of parcels: delivered to the customer, or lost and sent again."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.connected import carried
from support.world import Json, World

from tools.client import path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e


class Carrier:
    """EasyPost, for an account of this test."""

    def __init__(self, world: World) -> None:
        self.world, self.account = world, f"out-{world.tag.lower()}"
        name = f"{world.stack['stack']}/channels/easypost/{self.account}"
        secret = json.dumps({"webhook_secrets": ["whsec"]})
        world.back.client("secretsmanager").create_secret(Name=name, SecretString=secret)

    def tells(self, number: str, status: str, *, forged: bool = False) -> Any:
        """A signed webhook of the tracker; the answer."""
        tracker = {"tracking_code": number, "status": status}
        tracker["updated_at"] = datetime.now(UTC).isoformat()
        event = {"id": f"evt_{number}_{status}", "description": "tracker.updated"}
        raw = json.dumps({**event, "mode": "production", "result": tracker}).encode()
        digest = hmac.new(b"forged" if forged else b"whsec", raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json"}
        headers["X-Hmac-Signature"] = f"hmac-sha256-hex={digest}"
        path = path_of("webhooks", "easypost", self.account)
        return self.world.nobody.send("POST", path, raw, headers)


def shipped(world: World, number: str) -> tuple[Json, Json]:
    """An order that left in one parcel: body and FulfillmentOrder."""
    body, work = world.released(world.sku())
    parcel = {"tracking_number": number, "carrier": "UPS"}
    return body, world.act(work, "ship", {"parcels": [parcel]})


def told(world: World, body: Json, words: str) -> None:
    """Wait until the customer has a mail whose subject says so."""
    until(
        lambda: [mail.subject for mail in world.back.mails(body["email"])],
        lambda subjects: any(words in subject for subject in subjects),
    )


def test_a_parcel_is_followed_to_the_door_and_its_customer_told(stack: dict[str, Any]) -> None:
    world = World(stack)
    carrier, number = Carrier(world), f"1Z {world.tag}"
    world.stock(world.sku(), {world.location("SHOP"): 5})
    body, _ = shipped(world, number)

    # WHEN its carrier tells of it; strangers are not believed
    assert_problem(carrier.tells(number, "delivered", forged=True), 401)
    for status in ("in_transit", "out_for_delivery"):
        good(carrier.tells(number, status))
    told(world, body, "arrives today")  # a scan that overtakes this one would spare its mail
    good(carrier.tells(number, "delivered"))

    # THEN it is delivered, and the customer knows
    assert world.settled(body, "closed", delivered=1)
    told(world, body, "was delivered")


def test_a_lost_parcel_is_sent_again(stack: dict[str, Any]) -> None:
    world = World(stack)
    carrier, number = Carrier(world), f"1Z {world.tag}"
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, work = shipped(world, number)

    # WHEN it is lost
    good(carrier.tells(number, "failure"))
    until(
        lambda: world.work_ids(world.api, location_id=place, status="delivery_failed"),
        lambda found: found == {work["id"]},
    )

    # AND somebody says that it is to be sent again
    assert world.act(work, "reship")["status"] == "cancelled"

    # THEN new work is there, and stock has lost the first one
    again = world.work_with_status(body, "released")
    assert again["id"] != work["id"]
    world.act(again, "ship")
    assert world.settled(body, "fulfilled", shipped=1)
    assert world.position(world.sku(), place)["on_hand"] == 3
    world.assert_ledger_sums_up(world.sku(), place)
    assert [one["status"] for one in live(world.order(body))] == ["shipped"]


def test_what_is_packed_gets_a_carriers_label_and_leaves_under_its_number(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    tracker = Carrier(world)
    world.stock(world.sku(), {world.location("SHOP"): 5})
    body, work = world.released(world.sku())
    path = path_of("fulfillments", work["id"], "label")
    with carried(world) as seller:
        # GIVEN work that is not packed yet, which gets none
        assert_problem(world.api.call("POST", path, {"weight_grams": 700}), 409)
        for action in ("accept", "pick", "pack"):
            world.act(work, action)

        # WHEN the carrier's answer to the purchase gets lost
        seller.lost = 2
        for _ in range(2):
            assert_problem(world.api.call("POST", path, {"weight_grams": 700}), 503)
        label = good(world.api.call("POST", path, {"weight_grams": 700})).json

        # THEN one was bought, and it can be printed
        [sold] = seller.sold
        assert (label["tracking_number"], label["carrier"]) == (sold["tracking_code"], "USPS")
        page = world.api.pool.request("GET", label["label_url"])
        assert (page.status, page.data[:5]) == (200, b"%PDF-")

    # AND the shipment has its number, so that the carrier's scans deliver it
    world.act(work, "ship")
    good(tracker.tells(label["tracking_number"], "delivered"))
    world.settled(body, "closed", delivered=1)
