"""What the demo's scenarios expect is what routing decides, whenever the demo is run."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from dom.api.locations import LocationBody
from dom.channels.shopify import ShopifyChannel
from dom.intake.hold import Policy
from dom.intake.merge import merge
from dom.model.ids import LocationId, Sku
from dom.model.order import Order
from dom.model.rules import RuleSet
from dom.routing.demand import demands_of
from dom.sourcing.network import Network
from dom.sourcing.solve import solve
from dom.sourcing.supply import Supply

from tools.demo_model import Await, Expect, Scenario, Webhook
from tools.demo_network import read_locations
from tools.demo_orders import read_event
from tools.demo_scenarios import SCENARIOS

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
HOURS = range(0, 7 * 24, 7)
NETWORK = Network(
    {
        LocationId(key): LocationBody.model_validate(body).location(LocationId(key))
        for key, body in read_locations().items()
    }
)


def first_routed(scenario: Scenario) -> tuple[Order | None, Expect]:
    """The order when it is expected to have parcels for the first time, else at the end."""
    order: Order | None = None
    for step in scenario.steps:
        if isinstance(step, Webhook) and not step.forged:
            body = json.dumps(read_event(step.event)).encode()
            facts = ShopifyChannel().parse(step.topic, "demo.myshopify.com", body)
            merged = merge(order, facts, MONDAY, Policy()) if facts else None
            order = merged.order if merged else order
        if isinstance(step, Await) and step.expect.parcels:
            return order, step.expect
    return order, scenario.expect


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_a_scenario_is_routed_as_it_says_at_any_hour_of_the_week(scenario: Scenario) -> None:
    order, expected = first_routed(scenario)
    stock = {
        Sku(product): {LocationId(place): units for place, units in places.items()}
        for product, places in scenario.stock.items()
    }
    for hour in HOURS:
        sent: dict[str, int] = {}
        for demand in demands_of(order) if order else ():
            now = MONDAY + timedelta(hours=hour)
            for one in solve(demand, Supply(stock), NETWORK, RuleSet(), now).assignments:
                sent[one.location_id] = sum(units for _, _, units in one.lines)
        assert sent == dict(expected.parcels), hour
