"""FedEx's tracking results, told as news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pydantic import Field

from dom.channels.fedex_words import BACK, DELIVERED, scan_of
from dom.channels.payload import Day, Many, Payload, Text, read
from dom.channels.scans import SeenAt, all_told, scanned
from dom.errors import InvalidInput
from dom.model.facts import UNKNOWN_SCAN, ReturnNews, Scans

_ESTIMATED = "ESTIMATED_DELIVERY"


class _Seen(Payload):
    """One scan."""

    date: SeenAt = None
    eventType: Text = ""
    derivedStatusCode: Text = ""


class _Latest(Payload):
    """How far it is."""

    code: Text = ""
    derivedCode: Text = ""


class _Dated(Payload):
    """A day, and what it is the day of."""

    type: Text = ""
    dateTime: Day = None


class _Number(Payload):
    """What the parcel is called."""

    trackingNumber: Text = Field("", max_length=100)


class _Result(_Number):
    """A parcel and what FedEx saw of it, or `error`: that it knows none."""

    trackingNumberInfo: _Number | None = None
    latestStatusDetail: _Latest | None = None
    dateAndTimes: Many[_Dated] = ()
    scanEvents: Many[_Seen] = ()
    error: dict[str, object] | None = None


class _Complete(_Number):
    """All that FedEx knows by one number, which it may have used twice."""

    trackResults: Many[_Result] = ()


class _Output(Payload):
    """As the Track API answers."""

    completeTrackResults: Many[_Complete]


class _Event(Payload):
    """The results as the Track API answers, or by themselves."""

    output: _Output | None = None
    trackResults: Many[_Result] | None = None


def parse(body: bytes) -> ReturnNews | Scans | None:
    """The scans; None where FedEx knows nothing of any parcel. InvalidInput names the field."""
    event = read(_Event, body)
    if event.output is None and event.trackResults is None:
        raise InvalidInput("output", "tells of no parcel")
    return all_told(
        [news for where, name, one in _results(event) for news in _of(where, name, one)]
    )


def _results(event: _Event) -> Iterator[tuple[str, str, _Result]]:
    """Each with its path and what its number is, if it does not say so itself."""
    for i, one in enumerate(event.trackResults or ()):
        yield f"trackResults.{i}", "", one
    for i, complete in enumerate(event.output.completeTrackResults if event.output else ()):
        for k, one in enumerate(complete.trackResults):
            path = f"output.completeTrackResults.{i}.trackResults.{k}"
            yield path, complete.trackingNumber, one


def _of(where: str, name: str, one: _Result) -> list[ReturnNews]:
    if one.error and not one.scanEvents:
        return []
    info = one.trackingNumberInfo
    number = (info.trackingNumber if info else "") or one.trackingNumber or name
    if not number:
        raise InvalidInput(f"{where}.trackingNumber", "no number")
    seen = [
        scanned(number, scan_of(x.eventType, x.derivedStatusCode), x.date, _day(one))
        for x in one.scanEvents
    ]
    if not seen and one.latestStatusDetail:
        latest = one.latestStatusDetail
        seen = [scanned(number, scan_of(latest.code, latest.derivedCode), None, _day(one))]
    return _telling(seen)


def _day(one: _Result) -> date | None:
    return next((x.dateTime for x in one.dateAndTimes if x.type == _ESTIMATED and x.dateTime), None)


def _telling(seen: list[ReturnNews]) -> list[ReturnNews]:
    """Of all scans of a parcel the last one, unless it was handed over before, which a scan that
    came late does not undo, or goes back: then it is handed over to its sender. That is told as of
    the last scan: as of its own it could look older than what was heard already.
    """
    known = [one for one in seen if one.scan != UNKNOWN_SCAN]
    if not known:
        return seen[:1]
    ordered = sorted(known, key=lambda one: (one.at is not None, one.at or 0))
    last = ordered[-1]
    ends = (one for word in (BACK, DELIVERED) for one in ordered if one.scan == word)
    return [replace(next(ends, last), at=last.at)]
