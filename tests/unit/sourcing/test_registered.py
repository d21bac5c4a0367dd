"""Every objective and fence on disk is registered; sourcing needs only the standard library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dom.sourcing
import pytest
from dom.model.rules import Weights
from dom.sourcing.fences import LINE_FENCES, LOCATION_FENCES
from dom.sourcing.objectives import LOCAL_OBJECTIVES, OBJECTIVES, that_count

ROOT = Path(dom.sourcing.__file__).parent


@pytest.mark.parametrize(
    ("folder", "registered"),
    [
        ("objectives", [*OBJECTIVES.values(), *LOCAL_OBJECTIVES.values()]),
        ("fences", [*LOCATION_FENCES.values(), *LINE_FENCES.values()]),
    ],
)
def test_every_file_is_registered(folder: str, registered: list[object]) -> None:
    on_disk = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    assert {function.__module__.rpartition(".")[2] for function in registered} == on_disk


def test_sourcing_imports_no_third_party_package() -> None:
    heavy = ["boto3", "botocore", "pydantic", "aws_lambda_powertools", "numpy"]
    code = f"import sys, dom.sourcing.solve; print([m for m in {heavy} if m in sys.modules])"
    path = str(ROOT.parents[1])
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_a_local_objective_without_weight_is_not_asked() -> None:
    known = set(LOCAL_OBJECTIVES.values())
    assert set(that_count(Weights(capacity=0))) == {LOCAL_OBJECTIVES["surcharge"]}
    everything = Weights(capacity=1, reject=1, last_unit=1, markdown=1)
    assert set(that_count(everything)) == known
