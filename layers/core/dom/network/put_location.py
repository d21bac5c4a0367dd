"""Describe a location: what it is from now on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum

from dom.errors import Busy, CommitRefused
from dom.model.clock import Clock
from dom.model.history import append
from dom.model.location import Location
from dom.network.ports import LocationRecord, LocationStore

ATTEMPTS = 6


class OpenWork(StrEnum):
    """What becomes of the work of a location that is switched off.

    KEEP: it does it. REROUTE: what is not packed is taken back and routed again. REPLAN: what is
    not released yet is planned again, if there is a better place.
    """

    KEEP = "keep"
    REROUTE = "reroute"
    REPLAN = "replan"


# Routing reads every location: what is older is on the bus and in the archive.
KEPT_ENTRIES = 20


def put_location(wanted: Location, store: LocationStore, clock: Clock, actor: str) -> Location:
    """Store the location as described and return it with its new version.

    The whole description is replaced, so a concurrent change does not refuse this one: the last
    writer wins. A description that changes nothing writes nothing. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        found = store.find(wanted.location_id)
        previous = found.location if found else None
        if previous and previous == replace(wanted, version=previous.version):
            return previous
        told = {} if wanted.active else {"open_work": OpenWork.REPLAN.value}
        record = changed(wanted, found, clock(), actor, **told)
        try:
            store.save(record, previous)
        except CommitRefused:
            continue
        return record.location
    raise Busy(f"location {wanted.location_id} keeps changing")


def changed(
    wanted: Location, found: LocationRecord | None, at: datetime, actor: str, **told: object
) -> LocationRecord:
    """The record to store over `found`, with one more entry, which also says what is `told`."""
    previous = found.location if found else None
    location = replace(wanted, version=previous.version + 1 if previous else 1)
    history = append(
        found.history if found else (),
        at,
        "LocationChanged",
        actor,
        location_id=location.location_id,
        active=location.active,
        daily_capacity=location.daily_capacity,
        daily_effort=location.daily_effort,
        changed=_differences(location, previous),
        **_lowered(location, previous),
        **told,
    )
    return LocationRecord(location, history[-KEPT_ENTRIES:])


def _differences(location: Location, previous: Location | None) -> list[str]:
    """Names of the fields that changed; all of a new location's are new, so none is named."""
    if previous is None:
        return []
    names = (field.name for field in fields(location) if field.name != "version")
    return [name for name in names if getattr(location, name) != getattr(previous, name)]


def _lowered(location: Location, previous: Location | None) -> dict[str, list[str]]:
    """Which of its bounds allow less than before; what had no bound was not counted."""
    bounds = ("daily_capacity", "daily_effort")
    pairs = ((name, getattr(location, name), getattr(previous, name, None)) for name in bounds)
    names = [name for name, now, was in pairs if None not in (now, was) and now < was]
    return {"lowered": names} if names else {}
