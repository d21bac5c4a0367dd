"""State machines name errors and functions by text: the texts must mean something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dom import errors
from support.code import ROOT, resources

DEFINITIONS = sorted(ROOT.glob("statemachines/*.asl.json"))
OF_AWS = re.compile(r"(States|Lambda)\.\w+")


def values_of(node: Any, key: str) -> Iterator[Any]:
    """Every value under a key, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from values_of(value, key)
    elif isinstance(node, list):
        for one in node:
            yield from values_of(one, key)


def test_there_are_state_machines_and_all_are_deployed() -> None:
    deployed = {one["DefinitionUri"] for one in resources("AWS::Serverless::StateMachine").values()}
    assert deployed == {str(path.relative_to(ROOT)) for path in DEFINITIONS}


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_every_error_that_is_matched_can_be_raised(path: Path) -> None:
    names = {
        name for found in values_of(json.loads(path.read_text()), "ErrorEquals") for name in found
    }
    unknown = {name for name in names if not OF_AWS.fullmatch(name) and not hasattr(errors, name)}
    assert unknown == set()


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_every_placeholder_is_filled_and_none_is_left_over(path: Path) -> None:
    machines = resources("AWS::Serverless::StateMachine").values()
    (machine,) = [one for one in machines if one["DefinitionUri"].endswith(path.name)]
    assert set(re.findall(r"\$\{(\w+)\}", path.read_text())) == set(
        machine["DefinitionSubstitutions"]
    )


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_waits_are_numbers_and_no_expressions(path: Path) -> None:
    # The embedded AWS evaluates neither TimeoutSecondsPath nor an expression in TimeoutSeconds.
    definition = json.loads(path.read_text())
    assert all(isinstance(value, int) for value in values_of(definition, "TimeoutSeconds"))
    assert not list(values_of(definition, "TimeoutSecondsPath"))
