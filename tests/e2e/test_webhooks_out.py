"""Subscribers hear of what happens to an order, signed; one that is gone loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dom.http.signed import signature
from support.asking import good, until
from support.world import World

from tools.client import path_of
from tools.redrive import redrive
from tools.stack import Stack
from tools.subscriber_stand_in import SubscriberStandIn, subscriber_stand_in

pytestmark = pytest.mark.e2e

Json = dict[str, Any]
PASSES = ["OrderPlaced", "FulfillmentOrderReleased", "FulfillmentOrderShipped"]


def subscribed(world: World, to: SubscriberStandIn) -> Json:
    """A subscription to these types that goes to something on this machine."""
    nowhere = {"location_ids": [f"NOWHERE-{world.tag}"]}
    wanted = {"url": "https://hooks.example.com/x", "event_types": PASSES, **nowhere}
    made: Json = good(world.api.call("POST", "/subscriptions", wanted)).json
    name = f"{world.stack['stack']}/subscriptions/{made['subscription_id']}"
    known = json.dumps({"secret": made["secret"], "url": to.url})
    world.back.client("secretsmanager").put_secret_value(SecretId=name, SecretString=known)
    good(world.api.call("PATCH", path_for(made), {"location_ids": []}))
    return made


def path_for(made: Json, *more: str) -> str:
    return path_of("subscriptions", made["subscription_id"], *more)


def kept(world: World) -> int:
    found = world.back.dead_letters().items()
    return sum(letters for name, letters in found if "webhook" in name.lower())


def heard_of(to: SubscriberStandIn, order_id: str) -> list[str]:
    return [one.body["type"] for one in to.heard if one.body.get("order_id") == order_id]


def test_an_order_is_heard_of_from_beginning_to_end_also_by_one_that_was_gone(
    stack: Json,
) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    with subscriber_stand_in() as alice, subscriber_stand_in() as gone:
        # GIVEN two subscribers, of which one answers that it is gone
        made, other = subscribed(world, alice), subscribed(world, gone)
        try:
            told = good(world.api.call("POST", path_for(made, "test"), {})).json
            assert told["delivered"] is True
            gone.status = 410

            # WHEN an order is placed, and ships
            body, work = world.released(world.sku())
            world.act(work, "ship")
            order_id = world.order(body)["order_id"]

            # THEN the one hears of all of it, signed by its secret, under the event's own id
            until(lambda: sorted(set(heard_of(alice, order_id))), lambda seen: len(seen) == 3)
            for asked in alice.heard:
                text = json.dumps(asked.body, ensure_ascii=False, separators=(",", ":"))
                name, at = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
                made_of = signature(made["secret"], name, at, text.encode())
                assert asked.headers["webhook-signature"] == f"v1,{made_of}"

            # AND the other is paused, and all of it lies with the dead letters
            def paused() -> Json:
                found: Json = good(world.api.call("GET", path_for(other))).json
                return found

            assert "410" in until(paused, lambda one: one["status"] == "paused")["reason"]
            until(lambda: kept(world), lambda letters: letters >= 3)
            aws = Stack(stack["stack"], stack["endpoint"], stack["region"])
            assert list(redrive(aws, "WebhookDlq")) == ["left there: its subscription is paused"]

            # WHEN it is there again, and they are given back
            gone.status = 204
            good(world.api.call("PATCH", path_for(other), {"status": "active"}))

            def caught_up() -> set[str]:
                redrive(aws, "WebhookDlq")
                return {one.body["type"] for one in gone.heard if _taken(one.body, order_id)}

            # THEN it has heard of all of it, too
            until(caught_up, lambda seen: seen == set(PASSES))
            assert until(lambda: kept(world), lambda letters: not letters) == 0
        finally:
            for one in (made, other):
                good(world.api.call("DELETE", path_for(one)))


def _taken(body: Json, order_id: str) -> bool:
    return bool(body.get("order_id") == order_id)
