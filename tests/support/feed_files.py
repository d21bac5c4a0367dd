"""Files of stock in memory: a bucket, runs and sources, and a world that they are played in."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dom.aws.codec import from_plain, to_plain
from dom.errors import InvalidInput, NotFound, Outdated
from dom.inventory.apply_feed import Intake
from dom.inventory.files import steps
from dom.inventory.files.decide import approve, dismiss
from dom.inventory.files.ports import Desk, Upload
from dom.inventory.files.prepare import REJECTS
from dom.inventory.files.receive import Dropped, receive
from dom.model.feed import FeedMode, QuantityIs
from dom.model.feed_source import (
    UNUSED,
    FeedRun,
    FeedSource,
    FileFormat,
    RunStatus,
    drop_prefix,
)
from dom.model.ids import Sku, digest
from support.builders import NOW
from support.fakes import FakeLedger


def source(**changes: Any) -> FeedSource:
    """A warehouse's CSV of what is on hand, which nobody has to look at."""
    made = FeedSource("wms", FileFormat.CSV, FeedMode.SNAPSHOT, QuantityIs.ON_HAND)
    return replace(made, **changes)


@dataclass
class FakeFiling:
    """`dom.inventory.files.ports.Filing`: documents are kept as they would be in S3."""

    files: dict[str, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    def open(self, run: FeedRun) -> Upload:
        body, metadata = self.files.get(run.key, (b"", {}))
        if digest(body.hex()) != run.etag:
            raise InvalidInput("file", "another file of that name came before it was read")
        return Upload(io.BytesIO(body), metadata.get("as-of"), metadata.get("rows"))

    def put(self, run: FeedRun, name: str, document: object) -> str:
        self.documents[f"{run.run_id}/{name}"] = to_plain(document)
        return f"{run.run_id}/{name}"

    def get(self, run: FeedRun, name: str, kind: type[Any]) -> Any:
        return from_plain(kind, self.documents[f"{run.run_id}/{name}"])

    def put_file(self, run: FeedRun, name: str, path: Path) -> None:
        self.documents[f"{run.run_id}/{name}"] = path.read_bytes().decode()


@dataclass
class FakeRuns:
    """`dom.inventory.files.ports.Runs`."""

    runs: dict[tuple[str, str], FeedRun] = field(default_factory=dict)
    claims: dict[tuple[str, str], str] = field(default_factory=dict)

    def receive(self, run: FeedRun) -> FeedRun:
        return self.runs.setdefault((run.source, run.run_id), run)

    def load(self, source: str, run_id: str) -> FeedRun:
        if (source, run_id) not in self.runs:
            raise NotFound("feed run", run_id)
        return self.runs[source, run_id]

    def save(self, run: FeedRun) -> FeedRun:
        stored = self.load(run.source, run.run_id)
        if stored.version != run.version:
            raise Outdated("feed run", run.run_id, run.version, stored.version)
        self.runs[run.source, run.run_id] = replace(run, version=run.version + 1)
        return self.runs[run.source, run.run_id]

    def claim(self, run: FeedRun) -> str:
        holder = self.claims.get((run.source, run.digest))
        other = self.runs.get((run.source, holder or ""))
        if other is None or other.status in UNUSED:
            self.claims[run.source, run.digest] = run.run_id
        return self.claims[run.source, run.digest]

    def last_rows(self, source: str) -> int | None:
        applied = [
            run
            for (name, _), run in self.runs.items()
            if name == source and run.status is RunStatus.APPLIED
        ]
        return max(applied, key=lambda run: run.run_id).tally.rows if applied else None


@dataclass
class FeedWorld:
    """A ledger, locations, sources and their files; the state machine is played step by step."""

    by: FeedSource = field(default_factory=source)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    filing: FakeFiling = field(default_factory=FakeFiling)
    runs: FakeRuns = field(default_factory=FakeRuns)
    counted: Counter[str] = field(default_factory=Counter)
    described: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=lambda: {"RENO", "BOSTON"})
    now: datetime = NOW
    _uploads: int = 0

    @property
    def desk(self) -> Desk:
        """Ports of the steps."""
        intake = Intake(self.ledger, self, self.ledger, lambda: self.now)
        scratch = Path(tempfile.gettempdir())
        return Desk(self.filing, self.runs, intake, self, lambda: self.now, scratch, self._count)

    def _count(self, name: str, value: int) -> None:
        self.counted[name] += value

    def existing(self, location_ids: Iterable[str]) -> set[str]:
        """Of places."""
        return set(location_ids) & self.places

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        """Of the catalog."""
        stocked = {position.sku for position in self.ledger.positions.values()}
        return {sku for sku in skus if sku in self.described or sku in stocked}

    def find(self, source: str) -> FeedSource | None:
        """The one source."""
        return self.by if source == self.by.source else None

    def drop(self, body: str | bytes, name: str = "stock.csv", **metadata: str) -> FeedRun:
        """Drop a file a minute after the one before, and play its state machine to its end."""
        run = self.received(body, name, **metadata)
        return self.play(run)

    def received(self, body: str | bytes, name: str = "stock.csv", **metadata: str) -> FeedRun:
        """Drop a file."""
        raw = body.encode() if isinstance(body, str) else body
        self._uploads += 1
        told = {key.replace("_", "-"): value for key, value in metadata.items()}
        key = drop_prefix(self.by.source) + name
        self.filing.files[key] = (raw, told)
        at = self.now - timedelta(hours=1) + timedelta(minutes=self._uploads)
        dropped = Dropped(key, digest(raw.hex()), at)
        return receive(dropped, self, self.runs, lambda run: None, lambda: self.now)

    def play(self, run: FeedRun) -> FeedRun:
        """As statemachines/feed.asl.json has it."""
        found = steps.prepared(run, self.desk)
        if not found.open:
            return found
        for number in range(found.parts):
            steps.looked_at(found, number, self.desk)
        weighed = steps.weighed(found, self.desk)
        return self.write(weighed) if weighed.open else weighed

    def write(self, run: FeedRun) -> FeedRun:
        """Its second half."""
        for number in range(run.parts):
            steps.applied(run, number, self.desk)
        return steps.reported(run, self.desk)

    def approve(self, run: FeedRun) -> FeedRun:
        """A person lets it through."""
        return self.write(approve(run.source, run.run_id, "ops", self.runs, lambda run: None))

    def dismiss(self, run: FeedRun) -> FeedRun:
        """A person drops it."""
        return dismiss(run.source, run.run_id, "ops", self.runs, lambda: self.now)

    def units(self, location_id: str = "RENO") -> dict[str, int]:
        """What is on hand at a location, by SKU."""
        return {
            position.sku: position.on_hand
            for position in self.ledger.positions.values()
            if position.location_id == location_id
        }

    def rejects(self, run: FeedRun) -> list[str]:
        """The lines of the rejects file after its header."""
        text = self.filing.documents.get(f"{run.run_id}/{REJECTS}", "")
        return text.splitlines()[1:]
