"""Quick tests first: who waits for the embedded AWS learns of a broken unit before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
END_TO_END = TESTS / "e2e"
PACKAGING = TESTS / "packaging"


# First: xdist reads the groups in a hook of its own.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in e2e/ and put it last; otherwise the order stays.

    What is built is shared by the tests of packaging/: of several workers, one runs them all.
    """
    for item in items:
        if item.path.is_relative_to(END_TO_END):
            item.add_marker(pytest.mark.e2e)
        if item.path.is_relative_to(PACKAGING):
            item.add_marker(pytest.mark.xdist_group("packaging"))
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
