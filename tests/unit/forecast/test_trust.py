"""Trust in stock: by hand, faded, and better than raw shares where little was seen."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from dom.forecast.trust import HALF_LIFE, Trial, learn, trial_of
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Movement
from support.builders import NOW

MUG, RENO, BOSTON = Sku("MUG"), LocationId("RENO"), LocationId("BOSTON")
ROW = Movement("c1", MUG, RENO, Cause.SHIPMENT, NOW, NOW, references=({"quantity": 1},))


def asked(found: int, missed: int, place: LocationId = RENO, age: int = 0) -> list[Trial]:
    at = NOW - timedelta(days=age)
    return [Trial(MUG, place, at, n < found) for n in range(found + missed)]


def test_one_place_by_hand() -> None:
    # Network: (20 * 0.05 + 2) / 40 = 0.075; location: (20 * 0.075 + 2) / 40 = 0.0875; the SKU
    # there: (10 * 0.0875 + 2) / 30.
    learnt = learn(asked(18, 2), NOW)
    assert learnt[MUG, RENO].probability == pytest.approx(1 - 2.875 / 30)
    assert learnt[MUG, RENO].trials == 20


def test_a_place_that_rejects_is_trusted_less_than_its_neighbor() -> None:
    learnt = learn([*asked(10, 0), *asked(2, 8, BOSTON)], NOW)
    assert learnt[MUG, BOSTON].probability < 0.5 < 0.9 < learnt[MUG, RENO].probability


def test_what_was_long_ago_counts_half() -> None:
    old = learn(asked(0, 4, age=HALF_LIFE.days), NOW)[MUG, RENO]
    assert old.trials == 2.0
    assert old.probability == pytest.approx(learn(asked(0, 2), NOW)[MUG, RENO].probability)


def test_a_clock_ahead_of_ours_counts_once() -> None:
    assert learn(asked(1, 0, age=-3), NOW)[MUG, RENO].trials == 1.0


def test_shipments_and_rejects_are_trials_and_nothing_else_is() -> None:
    assert trial_of(ROW) == Trial(MUG, RENO, NOW, True)
    rejected = replace(ROW, cause=Cause.REJECT)
    assert trial_of(rejected) == Trial(MUG, RENO, NOW, False)
    for cause in set(Cause) - {Cause.SHIPMENT, Cause.REJECT}:
        assert trial_of(replace(ROW, cause=cause)) is None
    assert trial_of(replace(ROW, references=())) is None


def test_it_is_nearer_to_the_truth_than_raw_shares() -> None:
    rng, truth, seen = random.Random(5), {}, []
    for store in range(20):
        usual = rng.betavariate(1, 12)
        for number in range(30):
            place = Sku(f"S{number}"), LocationId(f"STORE-{store}")
            truth[place] = rng.betavariate(20 * usual + 0.05, 20 * (1 - usual) + 0.05)
            for _ in range(rng.randint(1, 12)):
                seen.append(Trial(*place, NOW, rng.random() >= truth[place]))
    learnt = learn(seen, NOW)
    raw = {p: [one.found for one in seen if one[:2] == p] for p in truth}
    ours = sum((1 - learnt[p].probability - truth[p]) ** 2 for p in truth)
    assert ours < 0.5 * sum((1 - sum(raw[p]) / len(raw[p]) - truth[p]) ** 2 for p in truth)
