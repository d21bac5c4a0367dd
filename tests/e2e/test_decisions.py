"""A decision on the running stack: on record, made again to the byte, and asked why."""

from __future__ import annotations

from typing import Any

import pytest
from support.asking import assert_problem, good
from support.world import MIAMI, PORTLAND, SEATTLE, World

from tools.replay_decision import asking_of, replay, tell_why
from tools.stack import Stack

pytestmark = pytest.mark.e2e


def test_an_order_is_decided_again_to_the_byte_and_says_why_it_went_there(
    stack: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    # GIVEN an order that Portland and Miami have, and Seattle has in part
    world = World(stack)
    cup, mug = world.sku("CUP"), world.sku("MUG")
    portland, miami = world.location("PORTLAND", PORTLAND), world.location("MIAMI", MIAMI)
    seattle = world.location("SEATTLE", SEATTLE)
    world.stock(cup, {portland: 5, miami: 5, seattle: 5})
    world.stock(mug, {portland: 5, miami: 5})
    order = world.routed(world.placed((cup, 1), (mug, 1)))
    # WHEN its decision is read
    answer = good(world.api.decision(order["order_id"])).json
    record = answer["decision"]
    # THEN it says where it went, and that it can be replayed
    assert [one["location_id"] for one in record["chosen"]] == [portland]
    assert record["replayable"] and record["inputs"]["solve"]
    assert [one["id"] for one in answer["decisions"]] == [record["id"]]
    # AND why not elsewhere, by the deployed function from the deployed bucket
    far = good(world.api.why(order["order_id"], location_id=miami)).json
    assert (far["replay"], far["verdict"]) == ("identical", "not_best")
    assert far["alternative"]["extra"] > 0
    part = good(world.api.why(order["order_id"], location_id=seattle)).json
    assert part["units"] == [1, 2]
    assert {"parameter", "text", "before", "after"} == set(part["changes"][0])
    # AND the operator's command agrees
    ports = asking_of(Stack(stack["stack"], stack["endpoint"], stack["region"]))
    found = ports.records.decisions_of(order["order_id"])
    assert replay(found, ports) == 0
    assert tell_why(found[0], miami, ports) == 0
    assert "identical" in capsys.readouterr().out


def test_who_may_not_read_orders_may_not_ask(stack: dict[str, Any]) -> None:
    world = World(stack)
    assert_problem(world.nobody.decision("ord_unknown"), 401)
    assert_problem(world.api.why("ord_unknown"), 404)
