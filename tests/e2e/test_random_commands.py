"""Many people act on the same orders at once, legally or not: answers are those of the reference
model, and everything can be brought to an end with units, stock and processes accounted for.
"""

from __future__ import annotations

import uuid
from collections import Counter
from functools import partial
from random import Random
from typing import Any

import pytest
from support.asking import good, together, units_by_bucket, until
from support.floor_model import ACTIONS, MODEL, ONWARD
from support.world import Json, World

from tools.client import Answer, path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e
ORDERS, ACTORS, COMMANDS, UNITS = 4, 4, 16, 3
BOUNDS = {"daily_capacity": 1000, "daily_effort": 1000}  # an effort unit for each unit
ENDED = {"cancelled", "fulfilled", "closed"}


def test_many_hands_on_the_same_orders(stack: dict[str, Any]) -> None:
    # GIVEN orders that two places can serve
    world = World(stack)
    places = [world.location(name, **BOUNDS) for name in ("NORTH", "SOUTH")]
    world.stock(world.sku(), dict.fromkeys(places, 100))
    bodies = [world.placed((world.sku(), UNITS)) for _ in range(ORDERS)]
    orders = [world.routed(body)["order_id"] for body in bodies]

    # WHEN people command what they like
    seed = Random().randrange(2**32)
    actors = [Actor(world, orders, places, Random(f"{seed}/{n}")) for n in range(ACTORS)]
    answers = sum(together([actor.act for actor in actors]), Counter[int]())
    assert {200, 409} <= answers.keys() <= {200, 400, 409}, (seed, answers)

    # THEN each order comes to its end by the next steps of the floor, or somebody's cancellation
    for place in places:
        good(switch(world, place, "activate"))
    ended = together([partial(bring_to_an_end, world, order_id) for order_id in orders])
    for order in ended:
        assert units_by_bucket(order).total() == UNITS, (seed, order)
        assert order["status"] in ENDED, (seed, order)

    # AND of their days the places have given up what they delivered, and nothing else
    for place in places:
        assert taken(world, place) == delivered(ended, place), (seed, place)

    # AND nothing is reserved, what left is what is missing, and no process waits
    left = sum(units_by_bucket(order)["delivered"] for order in ended)
    positions = [world.position(world.sku(), place) for place in places]
    assert [position["reserved"] for position in positions] == [0, 0], seed
    assert sum(position["on_hand"] for position in positions) == 200 - left, seed
    for place in places:
        world.assert_ledger_sums_up(world.sku(), place)
    for work in (work for order in ended for work in order["fulfillment_orders"]):
        until(partial(world.back.execution_status, work["id"]), lambda s: s in ("", "SUCCEEDED"))


class Actor:
    """Somebody who reads an order, and then commands something that may or may not be legal."""

    def __init__(self, world: World, orders: list[str], places: list[str], dice: Random) -> None:
        self.world, self.orders, self.places, self.dice = world, orders, places, dice

    def act(self) -> Counter[int]:
        """So many commands; the statuses of their answers."""
        return Counter(self._one().status for _ in range(COMMANDS))

    def _one(self) -> Answer:
        order_id = self.dice.choice(self.orders)
        order = order_of(self.world, order_id)
        works = order["fulfillment_orders"] if self.dice.random() < 0.2 else live(order)
        if works and self.dice.random() < 0.1:
            return self._elsewhere(self.dice.choice(works))
        if works and self.dice.random() < 0.8:
            return self._on_the_floor(self.dice.choice(works))
        if self.dice.random() < 0.2:
            place = self.dice.choice(self.places)
            action = self.dice.choice(("activate", "deactivate"))
            return switch(self.world, place, action, **_how(self.dice, action))
        action = self.dice.choice(("hold", "release", "release", "cancel", "expedite"))
        body: Json = {"reason": "dice"}
        if action == "cancel" and self.dice.random() < 0.3:
            return self._less(order)
        return self.world.api.call("POST", path_of("orders", order_id, action), body)

    def _less(self, order: Json) -> Answer:
        """One unit less. 400: there is none any more that could be stopped."""
        path = path_of("orders", order["order_id"], "cancel")
        one = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
        return self.world.api.call("POST", path, {"reason": "dice", "lines": [one]})

    def _elsewhere(self, work: Json) -> Answer:
        """Given by hand. Refused as busy while its order is being changed: something else, then."""
        body = {
            "location_id": self.dice.choice(self.places),
            "reason": "dice",
            "force": self.dice.random() < 0.5,
            "version": work["version"],
            "request_id": uuid.uuid4().hex,
        }
        answer = self.world.api.act(work["id"], "reassign", body)
        return answer if answer.status != 503 else self._one()

    def _on_the_floor(self, work: Json) -> Answer:
        """The answer must be the model's; only who was not the first may be refused beyond it."""
        onward = ONWARD.get(work["status"]) if self.dice.random() < 0.5 else None
        action = onward or self.dice.choice(ACTIONS)
        body: Json = {"version": work["version"], "request_id": uuid.uuid4().hex}
        if action == "reject":
            body["reason"] = "no_variance"
        answer = self.world.api.act(work["id"], action, body)
        expected = MODEL.get((work["status"], action))
        told = (work["status"], action, answer.status, answer.body[:300])
        if answer.status == 200:
            assert answer.json["status"] == expected or _keeps_the_rest(work, answer.json), told
        elif expected is not None:
            now = good(self.world.api.call("GET", path_of("fulfillments", work["id"]))).json
            assert (answer.status, now["version"] > work["version"]) == (409, True), told
        return answer


def _keeps_the_rest(work: Json, now: Json) -> bool:
    """Whether it is packed as before: only a part of it was to be stopped, or other work was."""
    if (work["status"], now["status"]) != ("cancel_requested", "packed"):
        return False
    before, after = (sum(line["quantity"] for line in one["lines"]) for one in (work, now))
    return 0 < after <= before


def _how(dice: Random, action: str) -> Json:
    return {"open_work": dice.choice(("keep", "reroute"))} if action == "deactivate" else {}


def switch(world: World, place: str, action: str, **how: Any) -> Answer:
    return world.api.call("POST", path_of("locations", place, action), how)


def taken(world: World, place: str) -> tuple[int, int]:
    """Slots and effort that its days have given up."""
    days = good(world.api.call("GET", path_of("locations", place, "capacity"))).json["days"]
    return sum(day["used"] for day in days), sum(day["effort_used"] for day in days)


def delivered(orders: list[Json], place: str) -> tuple[int, int]:
    """FulfillmentOrders and units that came from there."""
    works = [work for order in orders for work in order["fulfillment_orders"]]
    came = [x for x in works if (x["status"], x["location_id"]) == ("delivered", place)]
    return len(came), sum(line["quantity"] for work in came for line in work["lines"])


def order_of(world: World, order_id: str) -> Json:
    found: Json = good(world.api.order(order_id)).json
    return found


def bring_to_an_end(world: World, order_id: str) -> Json:
    """Let the order go, do what the floor would do next, and cancel what nobody can deliver."""
    world.api.call("POST", path_of("orders", order_id, "release"), {"reason": "settled"})

    def ended() -> Json:
        order = order_of(world, order_id)
        for work in live(order):
            if action := ONWARD.get(work["status"]):
                world.api.act(work["id"], action, {"version": work["version"]})
        if units_by_bucket(order)["backordered"]:
            # Both places have rejected it: it waits for stock elsewhere, or for its customer.
            world.api.call("POST", path_of("orders", order_id, "cancel"), {"reason": "settled"})
        return order_of(world, order_id)

    def over(order: Json) -> bool:
        units = units_by_bucket(order)
        return units["delivered"] + units["cancelled"] == UNITS and not order["withdrawing"]

    return until(ended, over)
