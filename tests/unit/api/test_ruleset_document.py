"""Rule sets as documents: what goes in comes out, and what is wrong is named by its path."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path

import pytest
from dom.api.problem import UnsupportedMediaType
from dom.api.request import InvalidBody
from dom.api.rule_tree import MOST_BYTES
from dom.api.ruleset_document import read_rule_set, render_rule_set, render_yaml
from dom.errors import InvalidInput
from dom.model.location import LocationType
from dom.model.overlay import Change, Overlay, Rule
from dom.model.rate_card import RateCard
from dom.model.rules import Fences, Handling, Pass, RuleSet, Service, Weights
from dom.model.scope import When, Where
from hypothesis import given, settings
from support import rule_sets

DEFAULT = RuleSet(version="x-1")


def read(text: str | bytes, content_type: str = "application/yaml") -> RuleSet:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_rule_set(raw, content_type, "x-1")


def refusal(text: str | bytes, content_type: str = "application/yaml") -> dict[str, str]:
    """What a refusal says, by field."""
    with pytest.raises(InvalidInput) as refused:
        read(text, content_type)
    if isinstance(refused.value, InvalidBody):
        return {one["field"]: one["reason"] for one in refused.value.errors}
    return {refused.value.field: refused.value.reason}


@pytest.mark.parametrize("kind", ["", "application/json", "application/yaml", "text/yaml"])
def test_an_empty_document_is_the_default_rule_set(kind: str) -> None:
    assert read("", kind) == DEFAULT


def test_a_document_of_headings_alone_is_the_default_rule_set() -> None:
    headings = "weights:\nfences:\npasses:\nrules:\noverlays:\nservice:\nrate_card:\n"
    assert read("# nothing yet\n" + headings) == DEFAULT


@settings(max_examples=60, deadline=None)
@given(rule_sets.rule_sets)
def test_what_is_rendered_reads_as_the_same_rule_set(rules: RuleSet) -> None:
    assert read(json.dumps(render_rule_set(rules)), "application/json") == rules
    assert read(json.dumps(render_rule_set(rules, full=False)), "application/json") == rules


@settings(max_examples=40, deadline=None)
@given(rule_sets.rule_sets)
def test_yaml_reads_as_the_same_rule_set_in_full_and_in_short(rules: RuleSet) -> None:
    assert read(render_yaml(rules)) == rules
    assert read(render_yaml(rules, full=True)) == rules


def test_only_what_differs_from_the_defaults_is_written_for_people() -> None:
    rules = RuleSet(
        weights=Weights(day=300),
        rules=(Rule("calm", Change(exclude=True), When(tiers=frozenset({"a"}))),),
    )
    assert render_yaml(RuleSet()) == ""
    assert render_yaml(rules) == (
        "weights: {day: 300}\n"
        "rules:\n"
        "- name: calm\n"
        "  change: {exclude: true}\n"
        "  when:\n"
        "    tiers: [a]\n"
    )


def test_the_whole_document_names_every_field_of_the_model() -> None:
    """A field added to the model is a field of the document, without a line of code for it."""
    day = datetime.fromisoformat("2026-01-01T00:00")
    overlay = Overlay(Rule("r", Change()), day, day)
    rules = RuleSet(passes=(Pass("p"),), rules=(overlay.rule,), overlays=(overlay,))
    document = render_rule_set(rules)
    assert set(document) == {one.name for one in fields(RuleSet)} - {"version"}
    for part, kind in (
        ("weights", Weights),
        ("fences", Fences),
        ("service", Service),
        ("rate_card", RateCard),
    ):
        assert set(document[part]) == {one.name for one in fields(kind)}
    rule = document["rules"][0]
    for part, kind in (("when", When), ("where", Where), ("change", Change)):
        assert set(rule[part]) == {one.name for one in fields(kind)}
    assert set(document["overlays"][0]) == set(rule) | {"starts", "ends", "timezone", "priority"}


def test_what_is_given_of_a_mapping_is_laid_over_its_defaults_and_null_takes_away() -> None:
    rules = read(
        "weights: {handling: {store: {parcel: 1, unit: 2}}}\n"
        "service: {cutoffs: {store: null, dark_store: 13:30}}\n"
    )
    assert rules.weights.handling == {
        **Weights().handling,
        LocationType.STORE: Handling(1, 2),
    }
    assert rules.service.cutoffs == {
        LocationType.SUPPLIER: time(12, 0),
        LocationType.DARK_STORE: time(13, 30),
    }


def test_yaml_words_mean_what_the_field_says() -> None:
    rules = read(
        "fences: {ships_to: {NO: [NO, SE]}, excluded: [no, 007, yes, 1e3, 0x1F]}\n"
        "service: {cutoff: 14:00, holidays: [2026-12-25]}\n"
    )
    assert rules.fences.ships_to == {"NO": frozenset({"NO", "SE"})}
    assert rules.fences.excluded == {"no", "007", "yes", "1e3", "0x1F"}
    assert rules.service.cutoff == time(14, 0)
    assert rules.service.holidays == {date(2026, 12, 25)}


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("weights: {day: yes}", "weights.day", "valid integer"),
        ("weights: {day: true}", "weights.day", "valid integer"),
        ("weights: {day: 1.5}", "weights.day", "valid integer"),
        ("weights: {day: -1}", "weights.day", "greater than or equal to 0"),
        ("weights: {days: 1}", "weights.days", "not permitted"),
        ("fences: {excluded: [7]}", "fences.excluded.0", "valid string"),
        ("fences: {ship_complete: no}", "fences.ship_complete", "valid boolean"),
        ("fences: {ships_to: {Norway: [NO]}}", "fences.ships_to.Norway.[key]", "pattern"),
        ("service: {cutoff: 25:00}", "service.cutoff", "14:00"),
        ("service: {cutoff: 840}", "service.cutoff", "valid string"),
        ("service: {holidays: [20261225]}", "service.holidays.0", "valid string"),
        ("service: {transit_days: [1, 2]}", "body", "transit days"),
        ("rate_card: {prices: [[1, 2]]}", "rate_card", "one row per weight break"),
        ("rules: [{name: a}]", "rules.0.change", "required"),
        ("rules: [{change: {weights: {handling: 1}}}]", "rules.0.change.weights.handling", "permi"),
        ("rules: [{change: {fences: {radius: 1}}}]", "rules.0.change.fences.radius", "permitted"),
        ("overlays: [{starts: 2026-01-01}]", "overlays.0.starts", "2026-11-27T00:00"),
        ("overlays: [{starts: 2026-01-01T00:00Z}]", "overlays.0.starts", "2026-11-27T00:00"),
        ("overlays: [{timezone: CET/Mars}]", "overlays.0.timezone", "IANA"),
        ("- a list", "body", "mapping"),
        ("version: x-2", "version", "not permitted"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_path(text: str, field: str, reason: str) -> None:
    told = refusal(text)
    assert field in told
    assert reason in told[field]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: &a [x]\n" + "b: [*a, *a, *a]", "aliases"),
        ("!!python/object/apply:os.system [ls]", "tags"),
        ("weights: {day: !!int '1'}", "tags"),
        ("weights:\n  day: 1\n  day: 2", "line 3, column 3: 'day' stands twice"),
        ("a: 1\n---\nb: 2", "line 2"),
        ("[" * 100, "nested deeper"),
        ("{a: " * 100, "nested deeper"),
        ("? [a]\n: b", "a name must be text"),
        ("a: [", "line 1"),
        ("a: \x00", "not allowed"),
        (b"a: \xff", "UTF-8"),
        ("a" * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_yaml_that_does_more_than_hold_data_is_refused(text: str | bytes, reason: str) -> None:
    assert reason in refusal(text)["body"]


@pytest.mark.parametrize("text", ['{"weights": {}, "weights": {}}', "[" * 100_000, "{", "1" * 5000])
def test_json_that_cannot_be_taken_at_its_word_is_refused(text: str) -> None:
    assert "body" in refusal(text, "application/json")


@pytest.mark.parametrize("page", ["rules.md", "rulesets.md"])
def test_examples_in_the_documents_are_rule_sets(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    for example in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        assert read(example) != DEFAULT


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(UnsupportedMediaType):
        read("<rules/>", "application/xml")


def test_waves_are_written_as_times_by_type_and_by_location() -> None:
    rules = read("service: {waves: {warehouse: ['10:30', '14:00']}, waves_at: {DC-1: ['07:00']}}")
    assert rules.service.waves == {LocationType.WAREHOUSE: (time(10, 30), time(14))}
    assert rules.service.waves_at == {"DC-1": (time(7),)}
    assert read(render_yaml(rules)) == rules
