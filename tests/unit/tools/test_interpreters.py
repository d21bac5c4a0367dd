"""Interpreters are asked who they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.interpreters import find

HERE = f"python{sys.version_info.major}.{sys.version_info.minor}"


def script(path: Path, text: str) -> Path:
    """An executable."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_interpreter_that_runs_is_taken_when_it_is_of_that_version() -> None:
    assert find(HERE) == sys.executable


def test_a_shim_that_only_fails_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a python3.99 that fails like a version manager's shim, and another that answers
    script(tmp_path / "python3.99", "echo 'command not found' >&2; exit 127")
    good = script(tmp_path / "good", "echo python3.99 /opt/python3.99")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    # THEN the shim is not believed
    assert find("python3.99", [str(good)]) == "/opt/python3.99"


def test_an_interpreter_that_lies_about_its_version_in_its_name_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "python3.99", "echo python3.9 /usr/bin/python3.9")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SystemExit, match=r"python3\.99 needs that Python"):
        find("python3.99", [])
