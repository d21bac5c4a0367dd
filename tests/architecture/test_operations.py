"""Whoever is woken by an alarm finds what to do; every dead letter can be given back."""

from __future__ import annotations

import re

import pytest
from support.code import ROOT, resources

from tools.redrive import HANDLERS

RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^#|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
ALARMS = resources("AWS::CloudWatch::Alarm")


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_every_alarm_leads_to_its_runbook(name: str) -> None:
    assert f"docs/operations.md, {name}" in ALARMS[name]["AlarmDescription"]
    assert len(SECTIONS[name].split()) > 20, f"{name} says too little"


def test_no_runbook_is_for_an_alarm_that_is_gone() -> None:
    assert {name for name in SECTIONS if name.endswith("Alarm")} == set(ALARMS)


def test_every_alarm_reaches_somebody_and_says_when_it_is_over() -> None:
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name


def test_every_dead_letter_queue_has_an_alarm_and_a_way_back() -> None:
    dead = {name for name in resources("AWS::SQS::Queue") if name.endswith("Dlq")}
    assert dead == set(HANDLERS)
    assert {f"{name}Alarm" for name in dead} <= set(ALARMS)


def test_every_working_queue_has_an_alarm_on_its_age() -> None:
    working = {name for name in resources("AWS::SQS::Queue") if name.endswith("Queue")}
    assert {f"{name.removesuffix('Queue')}AgeAlarm" for name in working} <= set(ALARMS)


def test_every_command_in_the_runbook_is_a_target_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    used = set(re.findall(r"`make ([a-z0-9-]+)", RUNBOOK))
    assert used
    assert used <= targets
