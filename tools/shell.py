"""Runs another program quietly: its output goes to a log and is shown only when it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
SHOWN_LINES = 60


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run in the project's root with exactly this environment; SystemExit with the log's end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN_LINES:]
        raise SystemExit("\n".join([*tail, f"{command[0]} failed; the whole output is in {log}"]))
