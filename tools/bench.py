"""Measures what docs/benchmarks.md records, and rewrites the measured tables in it.

`python -m tools.bench` measures all; `python -m tools.bench imports costs` only these parts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

from tools.bench_report import stamp, write
from tools.console import say
from tools.shell import ROOT

PARTS = ("handlers", "imports", "flow", "costs", "groups", "sourcing", "promise", "feeds")


def main() -> None:
    """Measure the parts, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="default: all")
    parser.add_argument("--print", action="store_true", help="leave the document as it is")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    # Stacks of benchmarks stand beside the one of `make up`, on free ports.
    os.environ.pop("GATEWAY_PORT", None)
    for part in chosen.parts or PARTS:
        say(f"▸ Measuring {part}")
        text = f"{_measure(part)()}\n\n{stamp(f'python -m tools.bench {part}')}"
        say(f"\n{text}\n")
        if not chosen.print:
            write(part, text)


def _measure(part: str) -> Callable[[], str]:
    """Each part is a module; the one of sourcing prints by itself."""
    if part == "sourcing":
        return _sourcing
    measure: Callable[[], str] = import_module(f"tools.bench_{part}").measure
    return measure


def _sourcing() -> str:
    command = [sys.executable, "tools/bench_sourcing.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
