"""Carriers that speak for themselves: each proves it in its way, and tells of several parcels."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from support.asking import assert_problem, good
from support.world import Json, World

from tools.client import path_of

pytestmark = pytest.mark.e2e

SECRET = "not for strangers"


def account(world: World, channel: str) -> str:
    """An account of a carrier, for this test; its name."""
    name = f"main-{world.tag.lower()}"
    world.back.client("secretsmanager").create_secret(
        Name=f"{world.stack['stack']}/channels/{channel}/{name}",
        SecretString=json.dumps({"webhook_secrets": [SECRET]}),
    )
    return name


def tell(world: World, path: str, body: object, headers: Mapping[str, str]) -> Any:
    """The answer to a hook."""
    raw = json.dumps(body).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()
    signed = {name: text or signature for name, text in headers.items()}
    return world.nobody.send("POST", path, raw, {"Content-Type": "application/json", **signed})


def shipped(world: World, *numbers: str) -> Json:
    """An order that left in these parcels, a unit in each."""
    body, work = world.released(world.sku())
    parcels = [{"tracking_number": number, "carrier": "any"} for number in numbers]
    world.act(work, "ship", {"parcels": parcels})
    return body


def test_two_parcels_that_fedex_tells_of_at_once_are_delivered(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("SHOP"): 5})
    numbers = [f"79{n}{world.tag}" for n in range(2)]
    bodies = [shipped(world, number) for number in numbers]
    path = path_of("webhooks", "fedex", account(world, "fedex"))
    now = datetime.now(UTC).isoformat()
    results = [
        {"trackingNumber": number, "scanEvents": [{"date": now, "eventType": "DL"}]}
        for number in numbers
    ]

    # WHEN FedEx tells of both at once; strangers are not believed
    assert_problem(tell(world, path, {"trackResults": results}, {"fdx-signature": "AAAA"}), 401)
    good(tell(world, path, {"trackResults": results}, {"fdx-signature": ""}))

    # THEN both orders are delivered
    for body in bodies:
        assert world.settled(body, "closed", delivered=1)


def test_ups_is_known_by_its_credential_and_its_last_word_counts(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("SHOP"): 5})
    number = f"1Z{world.tag}"
    body = shipped(world, number)
    path = path_of("webhooks", "ups", account(world, "ups"))
    now = datetime.now(UTC)
    event = {
        "trackingNumber": number,
        "activityStatus": {"type": "D", "code": "FS", "descriptionCode": "011"},
        "gmtActivityDate": f"{now:%Y%m%d}",
        "gmtActivityTime": f"{now:%H%M%S}",
    }

    assert_problem(tell(world, path, event, {"credential": "guessed"}), 401)
    good(tell(world, path, event, {"credential": SECRET}))

    assert world.settled(body, "closed", delivered=1)


def test_a_hook_that_can_sign_nothing_carries_its_secret_in_its_address(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    path = path_of("webhooks", "shipstation", account(world, "shipstation"))
    hook = {"resource_type": "ORDER_NOTIFY", "resource_url": "http://169.254.169.254/"}

    assert_problem(tell(world, path, hook, {}), 401)
    assert_problem(tell(world, f"{path}?secret=guessed", hook, {}), 401)
    good(tell(world, f"{path}?secret={SECRET.replace(' ', '%20')}", hook, {}))
