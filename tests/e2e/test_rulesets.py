"""A rule set from draft to the order that it routes, and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from dom.aws.active_rules import TTL_SECONDS
from support.asking import good, until
from support.world import PORTLAND, SEATTLE, World

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
    # WHEN a draft keeps the nearer one out
    draft = {"fences": {"excluded": [near]}}
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
    # WHEN it is taken back, THEN all is as before
    good(world.api.call("POST", f"/rulesets/{name}/revert", {"reason": "test"}))
    seen()
    assert routed_to(world, sku) == near


def routed_to(world: World, sku: str) -> str:
    order = world.routed(world.placed((sku, 1)))
    place: str = order["fulfillment_orders"][0]["location_id"]
    return place
