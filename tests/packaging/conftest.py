"""What `sam build` makes of the project, for the interpreter that runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.build import Target, build


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """The folder of built artifacts, one per function and layer; built only when inputs changed."""
    target = Target()
    build(target)
    return target.template.parent
