"""Quick tests first: who waits for the embedded AWS learns of a broken unit before it starts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import botocore.session
import pytest

# Each session reads the models of services from their files, and tests make thousands of sessions.
botocore.session.create_loader = cache(botocore.session.create_loader)

END_TO_END = Path(__file__).parent / "e2e"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in e2e/ and put it last; otherwise the order stays."""
    for item in items:
        if item.path.is_relative_to(END_TO_END):
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
