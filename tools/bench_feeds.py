"""Files of stock: reading and sorting them by size, and their whole way on the embedded AWS.

The first table reads files as `feed_tasks` does in its first step, each in a process of its own,
whose greatest memory is asked of the system. Nothing is stubbed but the bucket: it is a folder.
"""

from __future__ import annotations

import gzip
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from dom.aws.documents import Documents
from dom.aws.movement_store import MARGIN
from dom.inventory.apply_feed import Intake
from dom.inventory.files.ports import Desk, Upload
from dom.inventory.files.prepare import prepare
from dom.model.feed import FeedMode, QuantityIs
from dom.model.feed_source import FeedRun, FeedSource, FileFormat
from dom.model.ids import Sku

from tools import embedded
from tools.backstage import Backstage
from tools.bench_report import loop_ms, table
from tools.client import Api, connections, path_of
from tools.console import step
from tools.shell import BUILD, ROOT

T = TypeVar("T")
HOME = BUILD / "bench" / "stack"
SIZES = (10_000, 100_000, 1_000_000)
# Rows of the file that takes the whole way, and locations that they are of.
ROWS, PLACES = 20_000, 4
PATIENCE = 1800.0
# What moved within minutes before a file costs a query for each position, whatever came of it.
LATER = MARGIN.total_seconds() + 20


def measure() -> str:
    """Tables: preparing files of each size, and the way of one on the embedded AWS."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [_in_a_process(size, Path(folder)) for size in SIZES]
    loop = loop_ms()
    head = [
        "rows",
        "file MB",
        "parts",
        "seconds",
        "µs a row",
        "a row × loop of 1,000",
        "MB at most",
    ]
    shown = [_shown(row, loop) for row in rows]
    return f"{table(head, shown)}\n\n{_on_the_stack()}"


def _shown(row: list[float], loop: float) -> list[object]:
    rows, size, parts, seconds, memory = row
    each = 1e6 * seconds / rows
    return [
        f"{rows:,.0f}",
        f"{size:.1f}",
        f"{parts:.0f}",
        f"{seconds:.1f}",
        f"{each:.0f}",
        f"{each / loop:.2f}",
        f"{memory:.0f}",
    ]


def _in_a_process(rows: int, folder: Path) -> list[float]:
    """Rows, megabytes, parts, seconds and the most megabytes of memory."""
    with (folder / "stock.csv").open("w", encoding="utf-8") as file:
        file.writelines(_lines(rows, PLACES))
    command = [sys.executable, "-m", "tools.bench_feeds", str(rows), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(one) for one in done.stdout.split()]


@dataclass
class Folder:
    """A bucket that is a folder, the network, and a store without positions."""

    path: Path
    puts: int = 0
    documents: Documents = field(init=False)

    def __post_init__(self) -> None:
        """Documents are made as those in S3 are."""
        self.documents = Documents(self, "")

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        """Keep it."""
        self.puts += 1
        (self.path / Key.replace("/", "-")).write_bytes(Body)

    def open(self, run: FeedRun) -> Upload:
        """The file."""
        stream: BinaryIO = (self.path / "stock.csv").open("rb")
        return Upload(stream)

    def put(self, run: FeedRun, name: str, document: object) -> str:
        """As in S3."""
        return self.documents.put(name, document)

    def get(self, run: FeedRun, name: str, kind: type[T]) -> T:
        """Nobody reads here."""
        raise NotImplementedError

    def put_file(self, run: FeedRun, name: str, path: Path) -> None:
        """Keep it."""
        shutil.copy(path, self.path / name)

    def existing(self, location_ids: Iterable[str]) -> set[str]:
        """All of them."""
        return set(location_ids)

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        """All of them."""
        return set(skus)


def _prepare_once(rows: int, folder: Path) -> None:
    """Read the file, and print what it took."""
    bucket, now = Folder(folder), datetime.now(UTC)
    source = FeedSource("wms", FileFormat.CSV, FeedMode.SNAPSHOT, QuantityIs.ON_HAND)
    run = FeedRun("wms", "bench", "stock.csv", "", now, source)
    nothing: Any = bucket
    intake = Intake(nothing, bucket, nothing, lambda: now)
    desk = Desk(bucket, nothing, intake, bucket, lambda: now, folder, lambda *_: None)
    start = time.perf_counter()
    made = prepare(run, desk)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    megabytes = (folder / "stock.csv").stat().st_size / 1e6
    sys.stdout.write(f"{rows} {megabytes} {made.parts} {seconds} {memory}\n")


def _lines(rows: int, places: int) -> Iterator[str]:
    """A file in no order, one row in a thousand of which cannot be used."""
    order = list(range(rows))
    random.Random(1).shuffle(order)
    yield "sku,location_id,quantity\n"
    for number in order:
        quantity = "n/a" if number % 1_000 == 999 else str(number % 97)
        yield f"SKU-{number // places:07},BENCH-{number % places},{quantity}\n"


def _on_the_stack() -> str:
    """The same file twice: all of it is new, and then nothing of it."""
    try:
        site = _Site(embedded.up(HOME))
        with step("Describing a source"):
            site.describe()
        rows = []
        for name, pause in (("all of it is new", 0.0), ("the same again, later", LATER)):
            with step(f"A file of {ROWS:,} rows: {name}"):
                time.sleep(pause)
                rows.append([f"{ROWS:,} rows, {name}", *site.dropped()])
        return table(["on the embedded AWS", "seconds", "written", "unchanged", "rejected"], rows)
    finally:
        embedded.down(HOME)


class _Site:
    """The running stack, as far as files need it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.api = Api(facts["api_url"], facts["tokens"]["admin"], pool=connections(2))
        self.s3 = Backstage(facts).client("s3")
        self.drops = 0

    def describe(self) -> None:
        """Locations, and a source whose files nobody looks at."""
        for number in range(PLACES):
            self._asked("PUT", path_of("locations", f"BENCH-{number}"), _place(number))
        names = ("rows", "units", "changed", "emptied", "unknown", "rejected")
        gate = {f"{name}_percent": None for name in names}
        self._asked("PUT", "/feeds/bench", {"mode": "snapshot", "gate": gate})

    def dropped(self) -> list[object]:
        """Drop the file; seconds until it is applied, and what its run says."""
        body = gzip.compress("".join(_lines(ROWS, PLACES)).encode())
        self.drops += 1
        key = f"in/bench/{self.drops}.csv.gz"
        start = time.monotonic()
        self.s3.put_object(Bucket=self.facts["feeds_bucket"], Key=key, Body=body)
        while (run := self._run(key)).get("status") != "applied":
            if time.monotonic() - start > PATIENCE or run.get("status") in {"failed", "refused"}:
                raise SystemExit(f"The file was not applied: {run}")
            time.sleep(0.5)
        tally = run["tally"]
        seconds = f"{time.monotonic() - start:.0f}"
        return [seconds, *(f"{tally[name]:,}" for name in ("accepted", "unchanged", "rejected"))]

    def _run(self, key: str) -> dict[str, Any]:
        runs = self._asked("GET", "/feeds/bench/runs", None)["runs"]
        return next((run for run in runs if run["file"] == key), {})

    def _asked(self, method: str, path: str, body: object) -> Any:
        answer = self.api.call(method, path, body)
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} was answered {answer.status}: {answer.body[:300]!r}")
        return answer.json


def _place(number: int) -> dict[str, Any]:
    return {
        "name": f"Bench {number}",
        "type": "warehouse",
        "address": {
            "country_code": "US",
            "postal_code": "89501",
            "latitude": 39,
            "longitude": -119,
        },
        "timezone": "America/Los_Angeles",
        "capabilities": ["ship"],
    }


if __name__ == "__main__":
    _prepare_once(int(sys.argv[1]), Path(sys.argv[2]))
