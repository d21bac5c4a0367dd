"""Rule sets over HTTP, on tables: written, linted, put in force, and what routing makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.api.ruleset_document import read_rule_set, render_rule_set
from dom.aws import keys
from dom.aws.active_rules import ActiveRules
from dom.aws.ruleset_store import RuleSetStore
from dom.model.rules import RuleSet
from support.api import Backend, backend
from support.http import LambdaContext, Reply, proxy_event

SAMPLE = Path(__file__).parents[2] / "events" / "api" / "ruleset.yaml"
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO")
        yield made


def put(api: Backend, body: object = "", set_id: str = "peak", **headers: str) -> Reply:
    kind = YAML if isinstance(body, str) else {}
    return api.call("PUT", f"/rulesets/{set_id}", body, headers={**kind, **headers})


def do(api: Backend, step: str, body: Any = None, set_id: str = "peak") -> Reply:
    return api.call("POST", f"/rulesets/{set_id}/{step}", body)


def in_force(api: Backend) -> Any:
    return api.call("GET", "/rulesets").json


def text(api: Backend, path: str, **query: str) -> dict[str, Any]:
    headers = {"Accept": "application/yaml"}
    event = proxy_event("GET", path, headers=headers, query=query)
    answer: dict[str, Any] = api.functions["rulesets"].handler(event, LambdaContext())
    return answer


def test_the_built_in_rule_set_is_there_before_anything_was_written(api: Backend) -> None:
    found = api.call("GET", "/rulesets/default").json
    assert (found["rule_version"], found["number"]) == ("default-1", 1)
    assert found["document"] == render_rule_set(RuleSet())
    assert in_force(api) == {
        "active": "default-1",
        "shadow": None,
        "before": [],
        "version": 0,
        "history": [],
    }


def test_the_sample_is_written_linted_activated_and_reverted(api: Backend) -> None:
    # GIVEN
    written = put(api, SAMPLE.read_text())
    assert (written.status, written.json["rule_version"]) == (200, "peak-1")
    assert written.json["created_by"] == "admin"
    # WHEN it is linted, THEN only what the network lacks is said
    linted = do(api, "lint").json
    assert linted["activatable"]
    # WHEN
    active = do(api, "activate", {"reason": "season"}).json
    # THEN
    assert (active["active"], active["before"], active["version"]) == ("peak-1", ["default-1"], 1)
    assert active["history"][0]["actor"] == "admin"
    assert active["history"][0]["data"]["reason"] == "season"
    assert in_force(api) == active
    assert do(api, "revert", {"reason": "too slow"}).json["active"] == "default-1"


def test_yaml_and_json_are_one_document(api: Backend) -> None:
    first = put(api, SAMPLE.read_text()).json["document"]
    second = put(api, first).json["document"]
    assert first == second
    rules = read_rule_set(SAMPLE.read_bytes(), "application/yaml", "x")
    assert rules == read_rule_set(json.dumps(second).encode(), "application/json", "x")


def test_who_accepts_yaml_gets_what_differs_from_the_defaults(api: Backend) -> None:
    put(api, "weights: {day: 300}")
    answer = text(api, "/rulesets/peak")
    assert answer["headers"]["Content-Type"] == "application/yaml"
    assert answer["body"].splitlines()[0].startswith("# peak-1, by admin, 20")
    assert answer["body"].splitlines()[1:] == ["weights: {day: 300}"]
    assert "rate_card" in text(api, "/rulesets/peak", full="true")["body"]
    assert put(api, answer["body"]).json["number"] == 2


def test_each_put_is_a_version_and_old_ones_stay(api: Backend) -> None:
    for day in (1, 2):
        put(api, {"weights": {"day": day}})
    found = api.call("GET", "/rulesets/peak", query={"version": "1"}).json
    assert found["document"]["weights"]["day"] == 1
    assert [one["number"] for one in found["versions"]] == [2, 1]
    assert api.call("GET", "/rulesets/peak").json["number"] == 2
    assert api.call("GET", "/rulesets/peak", query={"version": "3"}).status == 404
    assert api.call("GET", "/rulesets/other").status == 404


def test_a_mistake_is_named_by_its_path_and_nothing_is_written(api: Backend) -> None:
    refused = put(api, "rules:\n- name: a\n  change: {exclude: no}\n")
    assert refused.status == 400
    assert refused.json["errors"][0]["field"] == "rules.0.change.exclude"
    assert put(api, "a: &a [*a]").json["errors"][0]["field"] == "body"
    assert put(api, "<a/>", **{"Content-Type": "application/xml"}).status == 415
    assert api.call("GET", "/rulesets/peak").status == 404


def test_a_draft_on_top_of_another_than_was_seen_is_refused(api: Backend) -> None:
    assert put(api, **{"If-Match": "0"}).status == 200
    assert put(api, **{"If-Match": "0"}).status == 409
    assert put(api, **{"If-Match": '"1"'}).json["number"] == 2
    assert put(api, **{"If-Match": "latest"}).status == 400


def test_a_version_with_errors_is_not_activated_and_the_findings_say_why(api: Backend) -> None:
    never = {"starts": "2026-01-02T00:00", "ends": "2026-01-01T00:00"}
    put(api, {"overlays": [{"name": "a", "change": {"parcel": 1}, **never}]})
    assert not do(api, "lint").json["activatable"]
    refused = do(api, "activate")
    assert (refused.status, refused.json["type"]) == (409, "urn:dom:problem:lint-failed")
    assert [one["path"] for one in refused.json["findings"]] == ["overlays.0.ends"]
    assert in_force(api)["active"] == "default-1"


def test_a_step_on_top_of_another_than_was_seen_is_refused(api: Backend) -> None:
    put(api)
    assert do(api, "activate", {"expected_version": 5}).status == 409
    assert do(api, "activate", {"version": 1, "expected_version": 0}).status == 200
    assert do(api, "revert", {"expected_version": 0}).status == 409
    assert do(api, "revert", set_id="other").status == 409
    assert do(api, "activate", {"version": 9}).status == 404


def test_a_shadow_is_set_and_ended(api: Backend) -> None:
    put(api)
    assert do(api, "shadow").json["shadow"] == "peak-1"
    assert do(api, "shadow", {"end": True}).json["shadow"] is None
    do(api, "activate")
    assert do(api, "shadow").status == 409


def test_reading_and_writing_need_their_scopes_and_the_whole_network(api: Backend) -> None:
    reader = Identity("reader", frozenset({"rules:read"}))
    store = Identity("store", frozenset({"rules:write"}), frozenset({"RENO"}))
    assert api.call("GET", "/rulesets", caller=reader).status == 200
    assert api.call("PUT", "/rulesets/peak", {}, caller=reader).status == 403
    assert api.call("PUT", "/rulesets/peak", {}, caller=store).status == 403
    put(api)
    for step in ("activate", "revert", "shadow"):
        path = f"/rulesets/peak/{step}"
        assert api.call("POST", path, caller=reader).status == 403
        assert api.call("POST", path, caller=store).status == 403
    assert api.call("POST", "/rulesets/peak/lint", caller=reader).status == 200


@pytest.mark.parametrize("set_id", ["Peak", "1a", "a" * 61, "a_b", "a%2Fb"])
def test_an_id_is_lower_case_letters_digits_and_hyphens(api: Backend, set_id: str) -> None:
    assert put(api, set_id=set_id).status in {400, 404}


def test_what_is_activated_is_what_functions_decide_with(api: Backend) -> None:
    put(api, "weights: {day: 777}")
    do(api, "activate")
    store = RuleSetStore(api.dynamodb, api.environment["NETWORK_TABLE"])
    found = ActiveRules(store, lambda error: None).active()
    assert (found.version, found.weights.day) == ("peak-1", 777)


def test_an_activation_is_there_for_the_relay_to_publish(api: Backend) -> None:
    put(api)
    do(api, "activate")
    item = api.item("NETWORK_TABLE", keys.rules_in_force())
    assert item["unrelayed"] == 1
    assert [one["type"] for one in item["history"]] == ["RuleSetActivated"]
