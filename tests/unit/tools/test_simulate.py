"""The command: what it reads, what it shows, what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dom.api.ruleset_document import read_rule_set
from dom.model.rules import RuleSet

from tools.simulate import main
from tools.simulate_goal import goal_of
from tools.simulate_source import SCENARIOS, YAML, DemoHistory, scenario_of, variant_of

SMALL = """
name: small
orders: {days: 2, orders_per_day: 15, skus: 12}
changes:
  - order_rate: {factor: 1.5, from_day: 1}
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_file_is_read_and_does_something(path: Path) -> None:
    scenario = scenario_of(path.stem)
    assert scenario.name == path.stem
    assert bool(scenario.changes) is (path.stem != "as-usual")


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("rules/*.yaml")), ids=lambda one: one.stem)
def test_every_sample_rule_set_differs_from_the_default(path: Path) -> None:
    assert variant_of(path).rules != RuleSet(version=path.stem)


def test_variants_are_compared_in_a_table_a_report_and_a_picture(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fast = tmp_path / "fast.yaml"
    fast.write_text("weights: {day: 900}\n", encoding="utf-8")
    main(["--scenario", small, "--variants", str(fast), "--out", str(tmp_path / "out")])
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in report["variants"]] == ["default", "fast"]
    assert report["comparisons"][0]["variant"] == "fast"
    assert (tmp_path / "out/pareto.png").read_bytes().startswith(b"\x89PNG")
    assert "fast (" in (tmp_path / "out/pareto.svg").read_text(encoding="utf-8")
    shown = capsys.readouterr().out
    assert "cash per order" in shown and "a second" in shown


def test_the_same_command_writes_the_same_files(small: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        main(["--scenario", small, "--out", str(tmp_path / name)])
    for file in ("report.json", "pareto.svg"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_goal_ends_with_a_rule_set_document(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = tmp_path / "blind.yaml"
    blind.write_text("weights: {day: 0}\n", encoding="utf-8")
    goal = ["--seek", "days=-1%", "--keep", "cash=5%", "--runs", "8"]
    main(["--scenario", small, "--base", str(blind), *goal, "--out", str(tmp_path)])
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    proposed = read_rule_set((tmp_path / "proposed.yaml").read_bytes(), YAML, "proposed")
    assert len(report["trials"]) == 8
    assert report["reached"] is (report["achieved"]["days"] <= -0.01)
    assert proposed.weights.day == report["changes"].get("weights.day", [0, 0])[1]
    assert ("Reached" in capsys.readouterr().out) is report["reached"]


def test_a_goal_is_a_measure_and_a_share() -> None:
    goal = goal_of("days=-20%", ["cash=1%", "co2e=0"])
    assert (goal.measure, goal.change, dict(goal.keep)) == ("days", -0.2, {"cash": 0.01, "co2e": 0})
    with pytest.raises(SystemExit, match="a goal is written"):
        goal_of("faster", None)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--scenario", "doomsday"], "known are: as-usual, busiest-day"),
        (["--variants", "nowhere.yaml"], "nowhere.yaml"),
        (["--from", "yesterday", "--until", "today"], "two instants"),
        (["--seek", "speed=-20%", "--scenario", "as-usual"], "a goal is one of"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=reason):
        main([*arguments, "--out", str(tmp_path)])


def test_the_demo_network_has_places_of_both_kinds() -> None:
    kinds = {one.type.value for one in DemoHistory().locations()}
    assert kinds == {"warehouse", "store"}
