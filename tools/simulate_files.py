"""What a simulation leaves behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tools.console import say


def write(out: Path, document: object) -> None:
    """Write report.json."""
    path = out / "report.json"
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    tell([path])


def tell(paths: Sequence[Path]) -> None:
    """Say where files are."""
    for path in paths:
        say(f"▸ {path}")
