"""Names of the published events, for whoever asks for some of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Written by tools.event_catalog: the schemas themselves are not deployed.
_FILE = Path(__file__).with_name("event_types.txt")


@cache
def event_types() -> frozenset[str]:
    """All that the catalogue has."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())
