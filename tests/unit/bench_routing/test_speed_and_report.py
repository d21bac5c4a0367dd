"""The program that the exact search is compared with, and what is made of measured rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.units import able_places
from support.wishes import random_batch

from tools.routing_bench.generate import make
from tools.routing_bench.reference import solve
from tools.routing_bench.report import by_instance, lowest, plain_table, plot_totals, quality_table
from tools.routing_bench.run import measure
from tools.routing_bench.speed import against_highs, figures, large, per_order
from tools.routing_bench.world import World


def test_the_textbook_program_and_the_exact_search_agree() -> None:
    compared = 0
    for seed in range(80):
        (wish, *_), market = random_batch(seed, orders=1, places=6, skus=5)
        if all(able_places(wish, market)):
            assert solve(wish, market)[0] == pytest.approx(best_plan(wish, market).cost)
            compared += 1
    assert compared > 30


def test_they_agree_on_real_looking_baskets_and_times_are_reported() -> None:
    world = World(make("ample", 2, orders=30, days=1))
    wishes, market = world.wishes, world.market()
    found = against_highs(wishes, market)
    assert found["mismatches"] == 0 and int(str(found["proven"])) > 15
    measured = figures(per_order(wishes, market, 1))
    assert 0 < float(str(measured["p50_ms"])) <= float(str(measured["p99_ms"]))


def test_large_orders_lie_within_reach_of_the_programs_plan() -> None:
    rows = list(large(make("ample", 2, orders=60, days=1), 1, 2.0))
    assert rows
    for row in rows:
        assert float(str(row["max_gap"])) < 10


def test_rows_become_a_table_and_a_plot(tmp_path: Path) -> None:
    names = ["priority_list", "nearest_per_line", "exact", "default"]
    rows = list(measure([make("ample", 2, orders=20, days=1)], names, tmp_path, steps=0))
    instances = by_instance(rows)
    (policies,) = instances.values()
    assert lowest(policies) == min(float(row["total"]) for row in policies.values())
    table = quality_table(instances)
    assert all(f"| {name} |" in table for name in names) and "+0.00 %" in table
    plot_totals(instances, tmp_path / "a.svg")
    plot_totals(instances, tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert "42" in plain_table([{"by": "lines", "lines": 42}], "lines")
