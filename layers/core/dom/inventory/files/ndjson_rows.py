"""Records of an NDJSON file: one JSON object on each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from dom.inventory.files.records import Record
from dom.inventory.files.text import Line
from dom.model.feed_source import FeedSource


def read_ndjson(lines: Iterable[Line], source: FeedSource) -> Iterator[Record]:
    """The records; blank lines are none."""
    for line in lines:
        if line.text is None:
            yield Record(line.number, problem="the line has no end")
        elif line.text.strip():
            yield _record(line.number, line.text)


def _record(number: int, text: str) -> Record:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Record(number, problem=f"not JSON: {error}"[:200])
    if not isinstance(found, dict):
        return Record(number, problem="not a JSON object")
    return Record(number, found)
