"""Which reader is for which format: a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dom.inventory.files.csv_rows import read_csv
from dom.inventory.files.ndjson_rows import read_ndjson
from dom.inventory.files.records import Record
from dom.inventory.files.text import Line
from dom.model.feed_source import FeedSource, FileFormat

Reader = Callable[[Iterable[Line], FeedSource], Iterator[Record]]
READERS: Mapping[FileFormat, Reader] = {
    FileFormat.CSV: read_csv,
    FileFormat.NDJSON: read_ndjson,
}
