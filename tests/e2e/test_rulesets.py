"""A rule set from draft to the order that it routes, and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from dom.aws.active_rules import TTL_SECONDS
from support.asking import good, until
from support.shopify_bodies import shopify_order
from support.world import PORTLAND, SEATTLE, World

from tools.demo_model import live

pytestmark = pytest.mark.e2e


@pytest.fixture
def world(stack: dict[str, Any]) -> Iterator[World]:
    """A corner of the stack; whatever happens, the others get the rule set back they had."""
    made = World(stack)
    before = in_force(made)["active"]
    yield made
    good(made.api.call("POST", "/rulesets/default/shadow", {"end": True}))
    while in_force(made)["active"] != before:
        set_id = in_force(made)["active"].rpartition("-")[0]
        good(made.api.call("POST", f"/rulesets/{set_id}/revert"))
    seen()


def in_force(world: World) -> Any:
    return good(world.api.call("GET", "/rulesets")).json


def seen() -> None:
    """Every function has dropped what it cached."""
    time.sleep(TTL_SECONDS + 1)


def test_an_order_is_routed_by_the_rule_set_that_was_activated(world: World) -> None:
    # GIVEN a mug in Seattle and one in Portland, and a customer in Seattle
    sku = world.sku()
    near, far = world.location("NEAR", SEATTLE), world.location("FAR", PORTLAND)
    world.stock(sku, {near: 5, far: 5})
    name = f"e2e-{world.tag.lower()}"
    # WHEN a draft keeps the nearer one out, and merges work
    draft = {"fences": {"excluded": [near]}, "merging": {"merge": True}}
    written = good(world.api.call("PUT", f"/rulesets/{name}", draft)).json
    linted = good(world.api.call("POST", f"/rulesets/{name}/lint")).json
    # THEN nothing runs with it
    assert linted["activatable"], linted
    assert routed_to(world, sku) == near
    # WHEN it is tried beside, THEN its decision stands beside the one that was made
    good(world.api.call("POST", f"/rulesets/{name}/shadow"))
    seen()
    body = world.placed((sku, 1))
    order = until(lambda: world.order(body), lambda found: bool(found.get("shadow_decisions")))
    assert order["fulfillment_orders"][0]["location_id"] == near
    assert order["shadow_decisions"][0]["location_ids"] == [far]
    # WHEN it is activated, THEN orders go where it says and name it
    good(world.api.call("POST", f"/rulesets/{name}/activate", {"reason": "test"}))
    seen()
    body = world.placed((sku, 1))
    order = world.routed(body)
    assert order["fulfillment_orders"][0]["location_id"] == far
    assert order["decisions"][0]["rule_version"] == written["rule_version"]
    # AND what the same customer orders next leaves in the same parcel
    assert_leaves_with(world, body, sku)
    # WHEN it is taken back, THEN all is as before
    good(world.api.call("POST", f"/rulesets/{name}/revert", {"reason": "test"}))
    seen()
    assert routed_to(world, sku) == near


def assert_leaves_with(world: World, body: Any, sku: str) -> None:
    """Another order of the customer joins the work of this one, and one command ships both."""
    same = {name: body[name] for name in ("email", "contact_email", "customer")}
    again = {**shopify_order((sku, 1)), **same}
    world.deliver(again)

    def merged(order: Any) -> bool:
        return bool(order) and any(work["together"] for work in live(order))

    (work,) = live(until(lambda: world.order(again), merged))
    parcel = {"tracking_number": f"1Z{world.tag}", "carrier": "UPS"}
    world.act(work, "ship", {"together": True, "parcels": [parcel]})
    for one in (body, again):
        assert world.settled(one, "fulfilled", shipped=1)
        (sent,) = live(world.order(one))
        assert sent["shipment_id"] == work["shipment_id"]
        assert sent["parcels"][0]["tracking_number"] == parcel["tracking_number"]


def routed_to(world: World, sku: str) -> str:
    order = world.routed(world.placed((sku, 1)))
    place: str = order["fulfillment_orders"][0]["location_id"]
    return place
