"""How measurements are written down: tables, the machine, and the marked parts of the document."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from tools.shell import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
LOOP = 1_000_000


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table: the first column left, the others right."""
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """p50, p99 and the largest."""
    p99 = quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]
    return median(values), p99, max(values)


def loop_ms() -> float:
    """Milliseconds of a fixed pure-Python loop of a million additions: the speed of the moment."""

    def once() -> float:
        start, total = time.perf_counter(), 0
        for i in range(LOOP):
            total += i
        return 1000 * (time.perf_counter() - start)

    return median(once() for _ in range(5))


def stamp(command: str) -> str:
    """When, with what, on what and beside which load a part was measured."""
    load = os.getloadavg()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"`{command}` · {datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()} · "
        f"{os.cpu_count()} cores {platform.machine()}, {memory:.0f} GiB, {platform.system()} · "
        f"load average at the end {load[0]:.1f} · loop {loop_ms():.0f} ms"
    )


def write(part: str, text: str, document: Path = DOCUMENT) -> None:
    """Put the text between the part's markers; SystemExit if the document has none."""
    before = document.read_text(encoding="utf-8")
    block = f"<!-- {part} -->\n\n{text.strip()}\n\n<!-- /{part} -->"
    pattern = rf"<!-- {part} -->.*?<!-- /{part} -->"
    after, found = re.subn(pattern, lambda _: block, before, flags=re.DOTALL)
    if not found:
        raise SystemExit(f"{document} has no <!-- {part} --> … <!-- /{part} -->")
    document.write_text(after, encoding="utf-8")
