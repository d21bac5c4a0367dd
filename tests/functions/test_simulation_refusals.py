"""What cannot be simulated is refused at the door, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.api import Backend, backend
from support.bodies import SIMULATION


@pytest.fixture(scope="module")
def door() -> Iterator[Backend]:
    """An API whose tables stay empty."""
    with backend() as made:
        yield made


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"window": None, "scenario": None}, "body"),
        ({"window": {"from": "2026-03-04T00:00:00Z", "until": "2026-03-04T00:00:00Z"}}, "window"),
        ({"window": {"from": "2026-03-04T00:00:00Z", "until": "2027-03-04T00:00:00Z"}}, "window"),
        ({"window": {"from": "2026-03-04T00:00:00", "until": "2026-03-05"}}, "window.from"),
        ({"variants": []}, "variants"),
        ({"variants": [{"name": f"v{n}"} for n in range(11)]}, "variants"),
        ({"variants": [{"name": "a"}, {"name": "a"}]}, "body"),
        (
            {"variants": [{"name": "a", "rule_set": {"weights": {"speed": 1}}}]},
            "variants.0.rule_set.weights.speed",
        ),
        ({"scenario": {"changes": [{"moon": {}}]}}, "scenario.changes.0"),
        ({"scenario": {"changes": [{"closed": {}, "stockout": {}}]}}, "scenario.changes.0"),
        ({"scenario": {"changes": [{"closed": {"shop": 1}}]}}, "scenario.changes.0.closed.shop"),
        (
            {"scenario": {"changes": [{"closed": {"from_day": 1e9}}]}},
            "scenario.changes.0.closed.from_day",
        ),
        (
            {"scenario": {"changes": [{"order_rate": {"factor": 500}}]}},
            "scenario.changes.0.order_rate",
        ),
        (
            {"scenario": {"orders": {"days": 90, "orders_per_day": 100_000}}},
            "scenario.orders",
        ),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_simulated_is_refused_by_field(
    door: Backend, changed: dict[str, Any], field: str
) -> None:
    reply = door.call("POST", "/simulations", {**SIMULATION, **changed})
    assert reply.status == 400
    assert reply.json["errors"][0]["field"].startswith(field), reply.json


@pytest.mark.parametrize("name", ["sim_aaaaaaaaaaaaaaaaaaaa", "sim_x", "ord_a", "..%2Fparked"])
def test_an_unknown_simulation_is_not_found(door: Backend, name: str) -> None:
    assert door.call("GET", f"/simulations/{name}").status == 404
