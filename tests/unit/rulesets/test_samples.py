"""The rule sets that are shipped as documents are what they say, and may be activated."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from dom.api.ruleset_document import read_rule_set
from dom.model.location import Location, LocationType
from dom.model.order import Method
from dom.model.rules import RuleSet, Service
from dom.rulesets.lint import errors_of, lint
from dom.sourcing.release import release_at
from support.builders import BOSTON, NOW, RENO, location

API = Path(__file__).parents[3] / "events" / "api"
SAMPLES = sorted(API.glob("ruleset*.yaml"))
PLACES = (location("RENO", RENO), location("BOSTON", BOSTON, type=LocationType.STORE))
MORNING, EVENING = datetime(2026, 3, 4, 15, tzinfo=UTC), datetime(2026, 3, 4, 23, tzinfo=UTC)


def read(path: Path) -> RuleSet:
    return read_rule_set(path.read_bytes(), "application/yaml", "default-1")


def store() -> Location:
    return location("NYC", type=LocationType.STORE, timezone="America/New_York")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_linter_finds_no_error_in_a_sample(path: Path) -> None:
    assert errors_of(lint(read(path), PLACES, NOW)) == []


def test_the_measured_rule_set_is_the_one_built_in_with_a_wave_for_every_type() -> None:
    waves = dict.fromkeys(LocationType, (time(20),))
    assert read(API / "ruleset-waves.yaml") == RuleSet(service=Service(waves=waves))


def test_with_waves_even_a_store_is_told_in_the_evening_or_at_the_cutoff_it_promised() -> None:
    service = read(API / "ruleset-waves.yaml").service
    # 10:00 in New York, before the store's cut-off at 14:00; and 18:00, after it
    assert release_at(store(), Method.SHIP, service, MORNING) == MORNING.replace(hour=19)
    assert release_at(store(), Method.SHIP, service, EVENING) == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert release_at(store(), Method.SHIP, RuleSet().service, EVENING) == EVENING
