"""What files of stock need from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from dom.inventory.apply_feed import Intake
from dom.model.clock import Clock
from dom.model.feed_source import FeedRun, FeedSource
from dom.model.ids import Sku

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's bytes, and what its metadata says: the source's time, how many rows it has."""

    stream: BinaryIO
    as_of: str | None = None
    rows: str | None = None


class Filing(Protocol):
    """Files as they came, and what is made of them while a run lasts."""

    def open(self, run: FeedRun) -> Upload:
        """The file; InvalidInput: it is gone, or another lies in its place."""

    def put(self, run: FeedRun, name: str, document: object) -> str:
        """Keep plain data or a dataclass; its key."""

    def get(self, run: FeedRun, name: str, kind: type[T]) -> T:
        """The dataclass that was kept; NotFound if there is none."""

    def put_file(self, run: FeedRun, name: str, path: Path) -> None:
        """Keep a file for people."""


class Sources(Protocol):
    """Who sends files."""

    def find(self, source: str) -> FeedSource | None:
        """The source, read consistently, or None."""

    def save(self, wanted: FeedSource, previous: FeedSource | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""


class Runs(Protocol):
    """What became of files."""

    def receive(self, run: FeedRun) -> FeedRun:
        """Note a run that begins; the one that is noted already, if it is."""

    def load(self, source: str, run_id: str) -> FeedRun:
        """The run; NotFound."""

    def save(self, run: FeedRun) -> FeedRun:
        """Store it, one version on; Outdated if somebody else did."""

    def claim(self, run: FeedRun) -> str:
        """Whose the content of this digest is: the run's id that claimed it, or its own."""

    def last_rows(self, source: str) -> int | None:
        """Rows of the last file that was applied; None: there was none."""


class Catalog(Protocol):
    """What we have heard of."""

    def known(self, skus: Iterable[Sku]) -> Set[Sku]:
        """Those of the SKUs that lie or lay anywhere, or are described."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports of the steps. `count` adds to a metric; `scratch` is a folder on disk."""

    filing: Filing
    runs: Runs
    intake: Intake
    catalog: Catalog
    clock: Clock
    scratch: Path
    count: Callable[[str, int], object]
