"""The returns benchmark: one world for all policies, and sums that add up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.rules import RuleSet

from tools.returns_bench.play import SOLD_OFF, play
from tools.returns_bench.policies import POLICIES, names
from tools.returns_bench.run import table
from tools.returns_bench.season import DAYS, Season, draw

RULES = RuleSet()


@pytest.fixture(scope="module")
def season() -> Season:
    return draw(1, stores=6, centers=1, skus=12, a_day=4, data=None)


def test_a_seed_is_one_season(season: Season) -> None:
    assert draw(1, 6, 1, 12, 4, None) == season
    assert draw(2, 6, 1, 12, 4, None) != season
    assert len(season.returns) == 4 * DAYS


def test_what_nobody_returns_and_nobody_wants_is_sold_off(season: Season) -> None:
    still = replace(season, sales=((),) * DAYS, returns=())
    pairs = zip(still.goods, still.stock, strict=True)
    left = sum(round(one.price * SOLD_OFF) * sum(units) for one, units in pairs)
    assert play(still, RULES, None).revenue == left


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_every_unit_comes_back_once_or_is_kept(season: Season, name: str) -> None:
    result = play(season, RULES, POLICIES[name])
    assert result.units == sum(one.units for one in season.returns)
    assert 0 <= result.resold <= result.units - result.kept
    assert play(season, RULES, POLICIES[name]) == result


def test_keeping_everything_costs_and_brings_nothing(season: Season) -> None:
    result, without = play(season, RULES, lambda one, known: None), play(season, RULES, None)
    assert (result.cash, result.kept, result.revenue) == (0, result.units, without.revenue)


def test_the_nearest_place_is_cheaper_to_reach_than_the_origin(season: Season) -> None:
    near, origin = (play(season, RULES, POLICIES[x]) for x in ("nearest", "back_to_origin"))
    assert near.co2e_grams < origin.co2e_grams


def test_the_table_says_how_sure_a_difference_is() -> None:
    rows = {
        "a": [[1.0, 2, 3, 4, 5, 6, 7]] * 5,
        "b": [[1.0, 2, 3, 5 + n, 5, 6, 7] for n in range(5)],
    }
    text = table(rows).splitlines()
    assert text[2].startswith("| a | 1.00 | 2.0 | 3.00 | 4.00 | – |")
    assert "| +3.00 ± 1.96 |" in text[3]
    with pytest.raises(SystemExit):
        names(["fastest"])
