"""Finds a Python by asking candidates who they are: one on the PATH may be a shim that fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

_QUESTION = "import sys; print('python%d.%d' % sys.version_info[:2], sys.executable)"


def find(runtime: str, others: Iterable[str] = ("python3", "python")) -> str:
    """Path of an interpreter of a Lambda runtime (`python3.13`); SystemExit if none answers."""
    for candidate in (sys.executable, runtime, *others):
        version, _, path = _ask(candidate).partition(" ")
        if version == runtime:
            return path
    raise SystemExit(
        f"Building for {runtime} needs that Python here, and none answers. Install it, or set "
        f"PythonRuntime in samconfig.toml to {_ask(sys.executable).partition(' ')[0]}."
    )


def _ask(candidate: str) -> str:
    try:
        asked = subprocess.run([candidate, "-c", _QUESTION], capture_output=True, text=True)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
