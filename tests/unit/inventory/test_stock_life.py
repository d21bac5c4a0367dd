"""Whatever happens to stock, in whatever order and however often, the books are right."""

from __future__ import annotations

from random import Random

import pytest
from support.stock_life import Life, Sums, since_snapshot

STEPS = 5_000
KINDS = {
    "allocate",
    "allocated",
    "ship",
    "cancel",
    "reject",
    "count",
    "feed",
    "reconciled",
    "repeat",
}


@pytest.mark.parametrize("seed", range(5))
def test_through_a_random_life_of_stock_every_position_is_the_sum_of_its_movements(
    seed: int,
) -> None:
    life, sums = Life(Random(seed)), Sums()
    for _ in range(STEPS):
        life.step()
        sums.check(life)
    for key in life.ledger.positions:
        on_hand, told = since_snapshot(life, key)
        assert on_hand == told
    # A life in which something never happened would prove nothing of it.
    assert {name for name in KINDS if life.done[name] < 100} == set()


@pytest.mark.parametrize("seed", range(5))
def test_when_all_work_has_ended_nothing_is_reserved(seed: int) -> None:
    life, sums = Life(Random(100 + seed)), Sums()
    for _ in range(500):
        life.step()
    life.close()
    sums.check(life)
    assert {position.reserved for position in life.ledger.positions.values()} == {0}
