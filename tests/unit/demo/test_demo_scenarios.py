"""The demo's own parts: scenarios that fit their samples, fresh ids, expectations that can fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tools.demo_model import NO_ORDER, Expect, Scenario
from tools.demo_network import read_locations, stock_of
from tools.demo_orders import EVENTS, Run, fresh, read_event
from tools.demo_scenarios import SCENARIOS

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def work(location_id: str, units: int, status: str = "released") -> dict[str, object]:
    """A FulfillmentOrder as the API shows it."""
    return {"location_id": location_id, "status": status, "lines": [{"quantity": units}]}


def order(status: str, *works: dict[str, object], **buckets: int) -> dict[str, object]:
    """An order as the API shows it."""
    lines = [{"buckets": buckets}]
    return {"status": status, "lines": lines, "fulfillment_orders": list(works)}


def test_every_sample_is_played_and_every_scenario_has_its_samples() -> None:
    played = [name for scenario in SCENARIOS for name in scenario.events]

    assert sorted(played) == sorted(p.stem.removeprefix("demo-") for p in EVENTS.glob("demo-*"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_a_scenario_stocks_what_its_order_asks_for(scenario: Scenario) -> None:
    lines = [line for name in scenario.events for line in read_event(name)["line_items"]]
    shippable = {line["sku"] for line in lines if line["requires_shipping"] and line["sku"]}

    assert shippable == set(scenario.stock)


def test_the_network_is_large_enough_and_holds_every_place_the_scenarios_use() -> None:
    locations = read_locations()
    kinds = [location["type"] for location in locations.values()]
    used = {place for place, _, _ in stock_of(SCENARIOS, Run())}
    used |= {place for scenario in SCENARIOS for place in scenario.expect.parcels}

    assert (kinds.count("warehouse"), kinds.count("store")) == (4, 48)
    assert used <= locations.keys()
    assert "STORE-01" in locations  # the store token's


def test_a_second_run_brings_other_orders_of_other_articles_just_now() -> None:
    # GIVEN two runs, a second apart
    runs = [Run(NOW + timedelta(seconds=n), 1_795_000_000_000_000 + n * 1_000_000) for n in (0, 1)]
    names = ("updated-first", "updated-first-updated")

    # WHEN each takes the same samples
    first, second = (fresh(names, run) for run in runs)

    # THEN nothing that identifies is shared between runs, and all of it is within one
    for field in ("id", "admin_graphql_api_id", "email"):
        assert first[names[0]][field] != second[names[0]][field]
        assert first[names[0]][field] == first[names[1]][field]
    for field in ("id", "sku"):
        lines = [bodies[names[0]]["line_items"][0][field] for bodies in (first, second)]
        assert lines[0] != lines[1]
    # AND the newest event is of now, the older one four minutes before it, as in the samples
    moments = [datetime.fromisoformat(first[name]["updated_at"]) for name in names]
    assert moments == [NOW - timedelta(minutes=4), NOW]


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (order("allocated", work("A", 2), allocated=2), None),
        (order("allocated", work("B", 1, "rejected"), work("A", 2), allocated=2), None),
        (order("open", work("A", 2), allocated=2), "status is open, expected allocated"),
        (order("allocated", work("B", 2), allocated=2), "parcels is {'B': 2}, expected {'A': 2}"),
        (order("allocated", work("A", 1), allocated=2), "parcels is {'A': 1}, expected {'A': 2}"),
        (order("allocated", work("A", 2), allocated=1), "buckets is {'allocated': 1}"),
        (None, "no such order"),
    ],
)
def test_an_expectation_says_what_is_different(
    found: dict[str, object] | None, difference: str | None
) -> None:
    differences = Expect("allocated", {"A": 2}, {"allocated": 2}).differences(found)

    if difference is None:
        assert differences == []
    else:
        assert difference in differences[0]


def test_an_order_that_must_not_be_there_is_a_difference() -> None:
    assert Expect(NO_ORDER).differences(None) == []
    assert Expect(NO_ORDER).differences(order("open", pending=1)) != []
