"""What is tested is what is shipped: versions and defaults that must agree, agree."""

from __future__ import annotations

import re

import pytest
from support.code import ROOT, template

LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
LAYERS = ("deps", "solver", "crypto")
SHIPPED = [
    (ROOT / "layers" / name / "requirements.txt").read_text(encoding="utf-8") for name in LAYERS
]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)$", re.MULTILINE)


def pins(text: str) -> dict[str, str]:
    """Versions by normalized name."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


def lines(text: str) -> list[str]:
    """What is neither empty nor a comment."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("text", [LOCK, *SHIPPED], ids=["lock", *LAYERS])
def test_every_package_has_one_exact_version_and_no_address(text: str) -> None:
    assert len(pins(text)) == len(lines(text))


@pytest.mark.parametrize("text", SHIPPED, ids=LAYERS)
def test_a_layer_ships_the_versions_that_the_tests_run_with(text: str) -> None:
    locked = pins(LOCK)
    assert {name: locked.get(name) for name in pins(text)} == pins(text)


@pytest.mark.parametrize("makefile", [f"layers/{name}/Makefile" for name in (*LAYERS, "core")])
def test_layers_are_built_by_default_for_what_the_template_deploys_by_default(
    makefile: str,
) -> None:
    text, parameters = (ROOT / makefile).read_text(encoding="utf-8"), template()["Parameters"]
    defaults = dict(re.findall(r"^(DOM_\w+) \?= (\S+)$", text, re.MULTILINE))
    assert defaults["DOM_RUNTIME"] == parameters["PythonRuntime"]["Default"]
    if "DOM_ARCHITECTURE" in defaults:
        assert defaults["DOM_ARCHITECTURE"] == parameters["Architecture"]["Default"]
