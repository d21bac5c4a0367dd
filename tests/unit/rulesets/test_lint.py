"""The linter: each check finds its case, says where, and is silent on what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dom.rulesets.lint
import pytest
from dom.model.ids import LocationId
from dom.model.location import Location, LocationType
from dom.model.order import Method
from dom.model.overlay import AT_LOCATION, Change, Overlay, Rule
from dom.model.rate_card import RateCard
from dom.model.rules import Fences, Merging, Pass, RuleSet, Service, Weights
from dom.model.scope import When, Where
from dom.model.versions import Severity
from dom.rulesets.lint import CHECKS, errors_of, lint
from support.builders import BOSTON, NOW, RENO, location

STORE, WAREHOUSE = frozenset({LocationType.STORE}), frozenset({LocationType.WAREHOUSE})
PLACES = (
    location("RENO", RENO, groups=frozenset({"west"})),
    location("BOSTON", BOSTON, type=LocationType.STORE, groups=frozenset({"east"})),
    location("OLD", RENO, groups=frozenset({"gone"}), active=False),
)
TODAY = NOW.replace(tzinfo=None)


def found(rules: RuleSet, places: Iterable[Location] = PLACES) -> dict[str, str]:
    """Paths by code; one finding of each code is enough here."""
    return {one.code: one.path for one in lint(rules, places, NOW)}


def rule(
    name: str = "a", when: When | None = None, where: Where | None = None, **change: Any
) -> Rule:
    return Rule(name, Change(**change), when or When(), where or Where())


def of(*rules: Rule, **rest: Any) -> RuleSet:
    return RuleSet(rules=rules, **rest)


def overlay(
    one: Rule, starts: float = 0, days: float = 7, zone: str = "UTC", priority: int = 0
) -> Overlay:
    first = TODAY + timedelta(days=starts)
    return Overlay(one, first, first + timedelta(days=days), zone, priority)


def season(*overlays: Overlay) -> RuleSet:
    return RuleSet(overlays=overlays)


def test_every_check_on_disk_is_registered_under_its_name() -> None:
    helpers = {"__init__", "finding", "scopes", "names", "money"}
    on_disk = {path.stem for path in Path(dom.rulesets.lint.__file__).parent.glob("*.py")}
    assert on_disk - helpers == set(CHECKS)
    assert all(check.__module__ == f"dom.rulesets.lint.{name}" for name, check in CHECKS.items())


@pytest.mark.parametrize("places", [PLACES, (), (location("RENO", None),)])
def test_the_default_rule_set_is_without_findings(places: tuple[Location, ...]) -> None:
    assert lint(RuleSet(), places, NOW) == []


def test_a_rule_set_as_it_is_meant_is_without_findings() -> None:
    calm = rule("calm", When(tiers=frozenset({"gold"})), weights={"day": 500})
    stores = rule("rest stores", where=Where(types=STORE), exclude=True)
    passes = (Pass("promise", 0), Pass("late", 2), Pass("split", 2, 3), Pass("any"))
    rules = of(calm, passes=passes[:2] + passes[3:], overlays=(overlay(stores, 10),))
    assert lint(rules, PLACES, NOW) == []


@pytest.mark.parametrize(
    "when",
    [When(least_value=500, below_value=500), When(methods=frozenset({Method.DIGITAL}))],
)
def test_a_condition_that_cannot_be_met_is_an_error(when: When) -> None:
    findings = lint(of(rule(when=when, parcel=1)), PLACES, NOW)
    assert [one.code for one in errors_of(findings)] == ["rule_never_holds"]


def test_a_rule_that_changes_nothing_is_told() -> None:
    assert found(of(rule())) == {"rule_without_effect": "rules.0.change"}


def test_locations_of_a_kind_that_there_is_not_are_told() -> None:
    west_stores = Where(groups=frozenset({"west"}), types=STORE)
    assert found(of(rule(where=west_stores, parcel=1))) == {"rule_for_no_location": "rules.0.where"}
    assert found(of(rule(where=Where(groups=frozenset({"west"})), parcel=1))) == {}


US, GOLD = frozenset({"US"}), frozenset({"gold"})


@pytest.mark.parametrize(
    ("first", "later", "shadowed"),
    [
        ({"weights": {"day": 1}}, {"weights": {"day": 2}}, True),
        ({"weights": {"day": 1}}, {"weights": {"day": 2}, "fences": {"max_splits": 1}}, True),
        ({"weights": {"day": 1}}, {"weights": {"co2e_tonne": 2}}, False),
        ({"weights": {"day": 1}}, {"weights": {"day": 2}, "when": When(countries=US)}, False),
        ({"weights": {"day": 1}, "when": When(countries=US)}, {"weights": {"day": 2}}, True),
        (
            {"weights": {"day": 1}, "when": When(countries=US, tiers=GOLD)},
            {"weights": {"day": 2}, "when": When(tiers=GOLD)},
            True,
        ),
        (
            {"weights": {"day": 1}, "when": When(least_value=10)},
            {"weights": {"day": 2}, "when": When(least_value=5)},
            True,
        ),
        (
            {"weights": {"day": 1}, "when": When(least_value=10)},
            {"weights": {"day": 2}, "when": When(below_value=100)},
            False,
        ),
        ({"parcel": 1}, {"parcel": 2}, False),
        ({"radius_km": 1, "where": Where(types=STORE)}, {"radius_km": 2}, True),
        ({"radius_km": 1}, {"radius_km": 2, "where": Where(types=STORE)}, False),
        ({"exclude": True}, {"exclude": True}, True),
    ],
)  # fmt: skip
def test_a_rule_is_shadowed_if_later_ones_replace_all_it_does_wherever_it_holds(
    first: dict[str, Any], later: dict[str, Any], shadowed: bool
) -> None:
    told = found(of(rule("a", **first), rule("b", **later)))
    assert ("rule_shadowed" in told) is shadowed
    assert told.get("rule_shadowed", "rules.0") == "rules.0"


def test_several_later_rules_may_replace_a_rule_together() -> None:
    both = rule("a", weights={"day": 1, "co2e_tonne": 5})
    one, other = rule("b", weights={"day": 2}), rule("c", weights={"co2e_tonne": 9})
    assert "rule_shadowed" in found(of(both, one, other))
    assert "rule_shadowed" not in found(of(both, one))


def test_an_overlay_shadows_only_what_it_outlasts() -> None:
    first, later = rule("a", weights={"day": 1}), rule("b", weights={"day": 2})
    assert "rule_shadowed" in found(season(overlay(first, 1, 2), overlay(later, 0, 7, priority=1)))
    assert "rule_shadowed" not in found(
        season(overlay(first, 0, 9), overlay(later, 1, 2, priority=1))
    )
    assert "rule_shadowed" not in found(of(first, overlays=(overlay(later),)))


def test_overlays_of_one_priority_that_disagree_are_told() -> None:
    one, other = rule("a", weights={"day": 1}), rule("b", weights={"day": 2})
    assert found(season(overlay(one), overlay(other, 5, 9)))["overlays_overlap"] == (
        "overlays.1.priority"
    )


ONE_A_DAY = overlay(rule("a", weights={"day": 1}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE_A_DAY, overlay(rule("b", weights={"day": 2}), 7)),
        (ONE_A_DAY, overlay(rule("b", weights={"day": 2}), 1, 9, priority=1)),
        (ONE_A_DAY, overlay(rule("b", weights={"day": 1}), 1, 9)),
        (ONE_A_DAY, overlay(rule("b", weights={"co2e_tonne": 2}), 1, 9)),
        (overlay(rule("a", parcel=1)), overlay(rule("b", parcel=2), 1, 9)),
        (
            overlay(rule("a", When(countries=US), weights={"day": 1})),
            overlay(rule("b", When(countries=frozenset({"CA"})), weights={"day": 2}), 1, 9),
        ),
        (
            overlay(rule("a", When(below_value=10), weights={"day": 1})),
            overlay(rule("b", When(least_value=10), weights={"day": 2}), 1, 9),
        ),
        (
            overlay(rule("a", where=Where(types=STORE), radius_km=1)),
            overlay(rule("b", where=Where(types=WAREHOUSE), radius_km=2), 1, 9),
        ),
    ],
)  # fmt: skip
def test_overlays_that_never_meet_or_agree_may_have_one_priority(
    one: Overlay, other: Overlay
) -> None:
    assert "overlays_overlap" not in found(season(one, other))


def test_overlays_of_different_time_zones_meet_by_the_instant() -> None:
    one, other = rule("a", weights={"day": 1}), rule("b", weights={"day": 2})
    tokyo = overlay(other, 7.2, 1, "Asia/Tokyo")  # begins nine hours before the same clock in UTC
    assert "overlays_overlap" in found(season(overlay(one), tokyo))
    assert "overlays_overlap" not in found(season(overlay(one), overlay(other, 7.2, 1, "UTC")))


def test_an_overlay_that_never_starts_is_an_error_and_an_old_one_a_warning() -> None:
    never = lint(season(overlay(rule(parcel=1), 0, 0)), PLACES, NOW)
    assert [(one.code, one.severity) for one in never] == [("overlay_never_starts", Severity.ERROR)]
    old = lint(season(overlay(rule(parcel=1), -9, 9)), PLACES, NOW)
    assert [(one.code, one.severity) for one in old] == [("overlay_ended", Severity.WARNING)]
    # At the location's own time it goes on for some hours in the west.
    assert found(season(overlay(rule(parcel=1), -9, 9, AT_LOCATION))) == {}
    assert "overlay_ended" in found(season(overlay(rule(parcel=1), -9, 8, AT_LOCATION)))


def test_a_local_time_cannot_change_what_belongs_to_the_demand() -> None:
    assert found(season(overlay(rule(weights={"day": 1}), zone=AT_LOCATION))) == {
        "overlay_without_place": "overlays.0.timezone"
    }


def test_groups_that_no_active_location_has_are_told_wherever_they_are_named() -> None:
    gone = frozenset({"gone"})
    for rules, path in (
        (RuleSet(fences=Fences(groups=gone | {"west"})), "fences.groups"),
        (of(rule(where=Where(groups=gone | {"west"}), parcel=1)), "rules.0.where.groups"),
        (of(rule(fences={"groups": gone})), "rules.0.change.fences.groups"),
        (season(overlay(rule(fences={"groups": gone}))), "overlays.0.change.fences.groups"),
    ):
        assert found(rules)["unknown_group"] == path
    assert found(RuleSet(fences=Fences(groups=frozenset({"west"})))) == {}


def test_locations_that_do_not_exist_are_told() -> None:
    mars = frozenset({LocationId("MARS"), LocationId("RENO")})
    for rules, path in (
        (RuleSet(fences=Fences(excluded=frozenset({LocationId("MARS")}))), "fences.excluded"),
        (of(rule(where=Where(locations=mars), parcel=1)), "rules.0.where.locations"),
        (of(rule(fences={"excluded": mars})), "rules.0.change.fences.excluded"),
    ):
        assert found(rules)["unknown_location"] == path
    assert found(of(rule(where=Where(locations=frozenset({LocationId("RENO")})), parcel=1))) == {}


def test_a_country_that_nothing_reaches_is_told() -> None:
    only_at_home = {"US": frozenset({"US"}), "DE": frozenset({"FR"})}
    berlin = location("BERLIN", None, country_code="DE")
    rules = RuleSet(fences=Fences(ships_to=only_at_home))
    assert found(rules, (*PLACES, berlin)) == {}
    assert found(rules) == {"country_not_served": "fences"}


def test_areas_out_of_reach_are_told_by_their_zip() -> None:
    near = RuleSet(fences=Fences(radius_km=400))
    far = RuleSet(fences=Fences(radius_km=20_000))
    by_rule = of(rule(where=Where(countries=US), radius_km=400))
    for rules, path in ((near, "fences.radius_km"), (by_rule, "fences.radius_km")):
        assert found(rules) == {"area_not_served": path}
    assert found(far) == {}
    (told,) = lint(near, PLACES, NOW)
    assert "006, 007" in told.message  # Puerto Rico
    # Where a location is, is not known: its distance to anything is not, either.
    assert found(near, (location("RENO", None),)) == {"area_not_served": "fences.radius_km"}


def test_a_location_that_is_excluded_serves_nothing() -> None:
    everybody = frozenset({LocationId("RENO"), LocationId("BOSTON")})
    assert found(RuleSet(fences=Fences(excluded=everybody))) == {"nothing_served": "fences"}
    assert found(of(rule(exclude=True))) == {"nothing_served": "fences"}
    only_gold = When(tiers=frozenset({"gold"}))
    assert found(of(rule(when=only_gold, exclude=True))) == {}


def test_fences_that_keep_everything_out_are_an_error() -> None:
    pickup_only = [replace(one, capabilities=frozenset()) for one in PLACES]
    assert [one.code for one in errors_of(lint(RuleSet(), pickup_only, NOW))] == ["nothing_served"]


def test_weights_that_count_for_nothing_are_told() -> None:
    assert found(RuleSet(weights=Weights(markdown_cap=900))) == {
        "weight_is_off": "weights.markdown_cap"
    }
    assert found(RuleSet(weights=Weights(markdown_cap=900, markdown=10))) == {}
    assert found(of(rule(weights={"reject": 0}))) == {
        "weight_is_off": "rules.0.change.weights.reject"
    }
    assert found(of(rule(weights={"capacity": 0}))) == {}
    assert found(of(rule(weights={"day": 0}))) == {}
    assert found(RuleSet(weights=Weights(co2e_tonne=1))) == {
        "weight_rounds_to_nothing": "weights.co2e_tonne"
    }


def test_a_split_penalty_beyond_any_tariff_is_told() -> None:
    assert found(RuleSet(weights=Weights(parcel=900_000))) == {
        "penalty_beyond_all": "weights.parcel"
    }
    assert found(of(rule(weights={"parcel": 900_000}))) == {
        "penalty_beyond_all": "rules.0.change.weights.parcel"
    }
    assert found(RuleSet(weights=Weights(parcel=500))) == {}


def test_a_unit_left_over_must_not_be_cheaper_than_a_parcel() -> None:
    for rules, path in (
        (RuleSet(weights=Weights(unallocated=10_000)), "weights.unallocated"),
        (of(rule(weights={"unallocated": 5})), "rules.0.change.weights.unallocated"),
        (of(rule(weights={"parcel": 10**9})), "rules.0.change.weights.unallocated"),
    ):
        findings = errors_of(lint(rules, PLACES, NOW))
        assert [(one.code, one.path) for one in findings] == [("leftover_too_cheap", path)]


@pytest.mark.parametrize(
    ("passes", "lost"),
    [
        ([Pass("a"), Pass("b", 2)], True),
        ([Pass("a", 2), Pass("b", 2)], True),
        ([Pass("a", 2, 1), Pass("b", 1, 1), Pass("c")], True),
        ([Pass("a", 0), Pass("b", 2), Pass("c")], False),
        ([Pass("a", 2, 0), Pass("b", 0, 2)], False),
    ],
)
def test_a_pass_that_allows_nothing_new_is_told(passes: list[Pass], lost: bool) -> None:
    told = found(RuleSet(passes=tuple(passes)))
    assert told == ({"pass_never_reached": "passes.1"} if lost else {})


def test_what_the_fence_forbids_makes_no_pass_looser() -> None:
    passes = (Pass("a", 2, 1), Pass("b", 2, 5))
    assert found(RuleSet(passes=passes)) == {}
    assert "pass_never_reached" in found(RuleSet(passes=passes, fences=Fences(max_splits=1)))


def test_a_card_on_which_two_parcels_are_cheaper_than_one_is_told() -> None:
    service = Service(transit_days=(1, 2))
    fair = RateCard((100,), (1000, 2000), ((500, 500), (900, 1000)))
    steep = RateCard((100,), (1000, 2000), ((500, 500), (900, 1001)))
    assert found(RuleSet(rate_card=fair, service=service)) == {}
    assert found(RuleSet(rate_card=steep, service=service)) == {
        "parcel_dearer_than_two": "rate_card.prices"
    }


def test_a_wait_for_a_merge_that_never_comes_is_told() -> None:
    waits = Merging(merge_wait=30, consolidate_wait=60)
    told = {f"merging.{name}" for name in ("merge_wait", "consolidate_wait")}
    assert {one.path for one in lint(RuleSet(merging=waits), PLACES, NOW)} == told
    assert found(RuleSet(merging=replace(waits, merge=True))) == {}


def test_names_that_stand_twice_are_told() -> None:
    twice = of(rule("a", parcel=1), overlays=(overlay(rule("a", unit=1)),))
    assert found(twice) == {"name_twice": "rules.0.name"}
    assert found(RuleSet(passes=(Pass("a", 0), Pass("a", 2)))) == {"name_twice": "passes.1.name"}


def test_errors_come_first_and_speak_in_words() -> None:
    rules = of(rule("a"), overlays=(overlay(rule("b", parcel=1), 0, -1),))
    findings = lint(rules, PLACES, NOW)
    assert [one.severity for one in findings] == ["error", "warning"]
    assert findings[0].record() == {
        "severity": "error",
        "code": "overlay_never_starts",
        "path": "overlays.0.ends",
        "message": findings[0].message,
    }
    assert str(datetime.fromisoformat("2026-03-03T15:00")) in findings[0].message


def test_every_code_is_explained_to_people() -> None:
    folder = Path(dom.rulesets.lint.__file__).parent
    page = (Path(__file__).parents[3] / "docs" / "rulesets.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'(?:error|warning)\(\s*"(\w+)"', sources))
    assert len(codes) > 15
    assert {code for code in codes if f"`{code}`" not in page} == set()
