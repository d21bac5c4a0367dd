"""One stack for all end-to-end tests of a session, beside whatever `make up` left running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools import embedded
from tools.shell import BUILD

HOME = BUILD / "e2e"


@pytest.fixture(scope="session")
def stack() -> Iterator[dict[str, Any]]:
    """What stack.json says of a fresh stack on a free port, with IAM enforced."""
    embedded.down(HOME)
    yield embedded.up(HOME)
    embedded.down(HOME)
