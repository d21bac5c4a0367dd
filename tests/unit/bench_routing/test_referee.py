"""The referee, on an instance small enough to reckon by hand; and every policy before it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tools.routing_bench.generate import make
from tools.routing_bench.instance import Instance, Shipments, load
from tools.routing_bench.policies import POLICIES
from tools.routing_bench.referee import Infeasible, judge
from tools.routing_bench.run import measure
from tools.routing_bench.world import World, shipments

# One order of history, then one of two lines: 2 x SKU 0 (3 lb each) and 1 x SKU 1 (12 lb).
SMALL = Instance(
    name="small",
    ptr=np.array([0, 1, 3]),
    sku=np.array([0, 0, 1]),
    qty=np.array([1, 2, 1]),
    day=np.array([-1, 0]),
    n_hist=1,
    dist=np.array([[10.0, 10.0], [100.0, 1000.0]]),
    zone=np.array([[1, 1], [2, 5]]),
    inv=np.array([[2, 1], [1, 1]]),
    weight=np.array([3.0, 12.0]),
    isfc=np.array([True, False]),
    cap=np.array([2, 1]),
    rate_lb=np.array([5.0, 10.0]),
    rate=np.array([[4.0] * 8, [6.0] * 8]),
    hp=np.array([1.0, 2.0]),
    hu=np.array([0.5, 1.0]),
    days_by_zone=np.array([0, 1, 1, 2, 3, 3, 4, 4, 5]),
    lost_pen=100.0,
    dpl=0.001,
)


def plan(*rows: tuple[int, int, int]) -> Shipments:
    table = np.array(rows, int).reshape(-1, 3)
    return Shipments(table[:, 0], table[:, 1], table[:, 2])


def test_a_parcel_costs_its_rate_and_its_labor_and_what_is_missing_is_lost() -> None:
    verdict = judge(SMALL, plan((1, 0, 2)))
    assert verdict.cash == 6 + 1 + 2 * 0.5
    assert verdict.total == verdict.cash + 100
    assert (verdict.fill, verdict.days, verdict.parcels_per_order) == (0.5, 1.5, 1)
    assert verdict.co2 == pytest.approx(0.5 + 0.001 * 100 * 6.3)


def test_what_is_heavier_than_the_last_break_is_several_boxes() -> None:
    verdict = judge(SMALL, plan((1, 0, 2), (2, 0, 1)))
    assert verdict.parcels_per_order == 2
    assert verdict.cash == 2 * (6 + 1) + 3 * 0.5


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(1, 1, 2)], "not enough"),
        ([(1, 0, 2), (1, 1, 1)], "more than it asks"),
        ([(2, 1, 1)], "sends 2 parcels"),
        ([(0, 0, 1)], "not one to route"),
        ([(1, 2, 1)], "does not exist"),
        ([(1, 0, 0)], "not positive"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(rows: list[tuple[int, int, int]], why: str) -> None:
    with pytest.raises(Infeasible, match=why):
        judge(SMALL, plan(*rows))


@pytest.mark.parametrize("name", sorted(POLICIES))
@pytest.mark.parametrize("regime", ["scarce", "peak"])
def test_every_policy_keeps_the_rules_and_plans_at_the_referees_price(
    name: str, regime: str
) -> None:
    instance = make(regime, 3, orders=60, days=3)
    outcome = POLICIES[name](World(instance))
    verdict = judge(instance, shipments(outcome.plans))
    assert verdict.fill > (0.1 if name == "legacy_center" else 0.7)
    if name != "default":
        planned = sum(plan.cost for plan in outcome.plans) / 1000 / len(outcome.plans)
        assert verdict.total == pytest.approx(planned, abs=0.02)


def test_rows_have_all_fields_and_the_bound_lies_below_every_total(tmp_path: Path) -> None:
    instance = make("peak", 5, orders=40, days=2)
    rows = list(measure([instance], ["exact", "batch_day", "default"], tmp_path, steps=10))
    fields = (
        "instance policy parcels_per_order extra_parcels split_rate cash total fill days co2 bound "
        "orders_per_s p50_ms p99_ms seconds"
    )
    for row in rows:
        assert set(fields.split()) <= set(row)
        assert row["bound"] <= row["total"] + 1e-3  # type: ignore[operator]
        json.dumps(row)
    assert (tmp_path / "own-peak-5.exact.npz").exists()


def test_an_instance_survives_its_file(tmp_path: Path) -> None:
    file = tmp_path / "small.npz"
    np.savez(file, **dict(vars(SMALL)))
    again = load(file)
    assert again.name == "small" and again.lost_pen == 100.0
    assert judge(again, plan((1, 0, 2))) == judge(SMALL, plan((1, 0, 2)))


def test_the_same_seed_makes_the_same_instance_and_another_one_another() -> None:
    first, second = make("ample", 1, orders=20), make("ample", 1, orders=20)
    assert (first.inv == second.inv).all() and (first.sku == second.sku).all()
    assert len(replace(first).sku) != 0
    assert not np.array_equal(first.inv, make("ample", 2, orders=20).inv)
