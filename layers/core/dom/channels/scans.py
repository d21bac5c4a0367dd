"""What channels of carriers share: when a parcel was seen, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated

from pydantic import BeforeValidator

from dom.model.facts import ReturnEvent, ReturnNews, Scans


def instant(value: object, zone: tzinfo | None = None) -> datetime | None:
    """When a carrier says it was; None where it names no instant: nothing, or a time of no zone,
    unless `zone` is known. A guess could put a scan behind one that it followed; one without a time
    counts by how far it is. ValueError: no date and time.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("not a date and time")
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except OverflowError:
        raise ValueError("out of range") from None


SeenAt = Annotated[datetime | None, BeforeValidator(lambda value: instant(value))]
# Of a field that is UTC by its name.
SeenUtc = Annotated[datetime | None, BeforeValidator(lambda value: instant(value, UTC))]


def scanned(
    number: str, scan: str, at: datetime | None, arrives_on: date | None = None
) -> ReturnNews:
    """One scan, in the words by which scans are known here."""
    return ReturnNews(
        ReturnEvent.SCANNED, at, tracking_number=number, scan=scan, arrives_on=arrives_on
    )


def all_told(news: Sequence[ReturnNews]) -> ReturnNews | Scans | None:
    """What a body tells; None where that is nothing."""
    return Scans(tuple(news)) if len(news) > 1 else next(iter(news), None)
