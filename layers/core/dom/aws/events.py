"""The one publisher to EventBridge: chunks, retries what was refused, cuts what is too large."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dom.events import Event

SOURCE = "dom"
# PutEvents: at most 10 entries and 256 KB a request, so an entry of 256 KB travels alone.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
MAX_ENTRIES = 10
MAX_BYTES = 256 * 1024
_TIME_BYTES = 14
# Source, detail type, time and the note of what was cut.
_HEADROOM = 1024
ATTEMPTS = 3

Entry = dict[str, Any]


class EventBus:
    """Publishes on one bus."""

    def __init__(self, client: Any, bus: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._bus = bus
        self._sleep = sleep

    def publish(self, events: Sequence[Event]) -> list[Event]:
        """Publish in order; returns the events that the bus still refused after three attempts.

        A refused request (throttled, denied) raises: nothing of it was taken.
        """
        failed = list(events)
        for attempt in range(ATTEMPTS):
            if failed and attempt:
                self._sleep(0.1 * 2**attempt)
            failed = [event for chunk in _chunks(failed, self._bus) for event in self._put(chunk)]
        return failed

    def _put(self, chunk: Sequence[tuple[Event, Entry]]) -> list[Event]:
        response = self._client.put_events(Entries=[entry for _, entry in chunk])
        if not response["FailedEntryCount"]:
            return []
        results = zip(chunk, response["Entries"], strict=True)
        return [event for (event, _), result in results if result.get("ErrorCode")]


def _chunks(events: Sequence[Event], bus: str) -> Iterator[list[tuple[Event, Entry]]]:
    chunk: list[tuple[Event, Entry]] = []
    size = 0
    for event in events:
        entry = _entry(event, bus)
        weight = _size(entry)
        if chunk and (len(chunk) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append((event, entry))
        size += weight
    if chunk:
        yield chunk


def _entry(event: Event, bus: str) -> Entry:
    return {
        "EventBusName": bus,
        "Source": SOURCE,
        "DetailType": event.type,
        "Time": event.occurred_at,
        "Detail": _fitting(event.detail),
    }


def _fitting(detail: Mapping[str, object]) -> str:
    """The detail as JSON, without its largest data fields if it must: `cut` names those.

    Consumers who need them read the item that the event speaks of.
    """
    text, cut = _text(detail), list[str]()
    while len(text.encode()) > MAX_BYTES - _HEADROOM:
        data, largest = _without_largest(detail["data"])
        cut.append(largest)
        detail = {**detail, "data": data, "cut": cut}
        text = _text(detail)
    return text


def _without_largest(data: Any) -> tuple[dict[str, Any], str]:
    largest = max(data, key=lambda name: len(_text(data[name])))
    return {name: value for name, value in data.items() if name != largest}, largest


def _size(entry: Entry) -> int:
    texts = (entry["Source"], entry["DetailType"], entry["Detail"])
    return _TIME_BYTES + sum(len(text.encode()) for text in texts)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
