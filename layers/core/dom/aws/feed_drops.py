"""What S3 tells of dropped files, by SQS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from dom.inventory.files.receive import Dropped
from dom.model.clock import from_text


def drops_of(message: Mapping[str, Any]) -> Iterator[Dropped]:
    """The files that a message tells of: none in S3's test event and for folders of the console.

    KeyError or ValueError: it is no message of S3. Keys are encoded as forms are.
    """
    for record in _records(message):
        found = record["s3"]["object"]
        key = unquote_plus(found["key"])
        if not key.endswith("/"):
            yield Dropped(key, found["eTag"], from_text(record["eventTime"]))


def _records(message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """S3 asks once, when it is told to notify, whether the queue takes its messages."""
    return () if message.get("Event") == "s3:TestEvent" else message["Records"]
