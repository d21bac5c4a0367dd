"""A file's rows in the order of their positions, on disk: memory stays the same for any size."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from dom.inventory.files.records import Reject
from dom.inventory.files.rows import Row
from dom.inventory.ports import Place
from dom.model.clock import from_text, to_text
from dom.model.ids import LocationId, Sku

# Rows that are handed to the database at once.
_TOGETHER = 5_000
_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -32000;
    CREATE TABLE rows (line INT, sku TEXT, location TEXT, quantity INT, as_of TEXT);
    CREATE TABLE rejects (line INT, field TEXT, reason TEXT, text TEXT);
    CREATE TABLE stocked (sku TEXT, location TEXT);
"""


class Sorter:
    """Rows and rejects of one file. Source of the format: SQLite, which sorts beyond memory."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_TABLES)
        self.rows = 0

    def close(self) -> None:
        """Nothing is asked of it any more."""
        self._db.close()

    def take(self, found: Iterable[Row | Reject]) -> None:
        """Keep each, in any order."""
        stream = iter(found)
        while some := list(islice(stream, _TOGETHER)):
            self.rows += len(some)
            self._write(some)

    def _write(self, some: list[Row | Reject]) -> None:
        rows = [
            (one.line, one.sku, one.location_id, one.quantity, to_text(one.as_of))
            for one in some
            if isinstance(one, Row)
        ]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", rows)
        self.reject(one for one in some if isinstance(one, Reject))
        self._db.execute("COMMIT")

    def reject(self, found: Iterable[Reject]) -> None:
        """Keep why these are not used."""
        values = ((one.line, one.field, one.reason, _storable(one.text)) for one in found)
        self._db.executemany("INSERT INTO rejects VALUES (?, ?, ?, ?)", values)

    def locations(self) -> Iterator[LocationId]:
        """The locations that rows name."""
        found = self._db.execute("SELECT DISTINCT location FROM rows ORDER BY location")
        return (LocationId(location) for (location,) in found)

    def drop_location(self, location_id: LocationId, reason: str) -> None:
        """Its rows are not used."""
        self._db.execute(
            "INSERT INTO rejects SELECT line, 'location_id', ?, location FROM rows"
            " WHERE location = ?",
            (reason, location_id),
        )
        self._db.execute("DELETE FROM rows WHERE location = ?", (location_id,))

    def in_order(self) -> Iterator[Row]:
        """The rows by SKU, location, time and line."""
        found = self._db.execute(
            "SELECT line, sku, location, quantity, as_of FROM rows"
            " ORDER BY sku, location, as_of, line"
        )
        for line, sku, location, quantity, as_of in found:
            yield Row(line, Sku(sku), LocationId(location), quantity, from_text(as_of))

    def rejects(self) -> Iterator[Reject]:
        """What is not used, by line."""
        found = self._db.execute("SELECT line, field, reason, text FROM rejects ORDER BY line")
        return (Reject(*one) for one in found)

    def rejected(self) -> int:
        """How many are not used."""
        (count,) = self._db.execute("SELECT count(*) FROM rejects").fetchone()
        return int(count)

    def not_named(self, stocked: Iterable[Place]) -> Iterator[Place]:
        """Those of the positions that no row names, in order."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO stocked VALUES (?, ?)", stocked)
        self._db.execute("COMMIT")
        found = self._db.execute(
            "SELECT sku, location FROM stocked EXCEPT SELECT sku, location FROM rows"
            " ORDER BY sku, location"
        )
        return ((Sku(sku), LocationId(location)) for sku, location in found)


def _storable(text: str) -> str:
    """Bytes that were not of the file's encoding, as they can be shown."""
    return text.encode("utf-8", "backslashreplace").decode()
