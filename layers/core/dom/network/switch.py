"""Switch a location off and on: the very next order avoids it, and open work stays or moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import Busy, CommitRefused, InvalidInput, NotFound
from dom.model.clock import Clock, to_text
from dom.model.location import Location
from dom.network.ports import LocationStore
from dom.network.put_location import ATTEMPTS, OpenWork, changed


@dataclass(frozen=True, slots=True)
class Switch:
    """What is to become of a location. `until`: it opens again by itself then; None: it does not.

    `reason` is people's own words: it is in events.
    """

    location_id: str
    active: bool
    open_work: OpenWork = OpenWork.KEEP
    until: datetime | None = None
    reason: str = ""


def switch(wanted: Switch, store: LocationStore, clock: Clock, actor: str) -> Location:
    """Store it and return the location as it stands now.

    What changes nothing writes nothing, but that open work is to move is said again each time.
    NotFound: there is no such location. InvalidInput: `until` is not ahead. Busy after six
    conflicts.
    """
    now = clock()
    if wanted.until is not None and wanted.until <= now:
        raise InvalidInput("until", "it must be in the future")
    for _ in range(ATTEMPTS):
        found = store.find(wanted.location_id)
        if found is None:
            raise NotFound("location", wanted.location_id)
        previous = found.location
        until = None if wanted.active else wanted.until
        location = replace(previous, active=wanted.active, inactive_until=until)
        moves = wanted.open_work is OpenWork.REROUTE and not wanted.active
        if location == previous and not moves:
            return location.at(now)
        record = changed(location, found, now, actor, **_facts(wanted))
        try:
            store.save(record, previous)
        except CommitRefused:
            continue
        return record.location.at(now)
    raise Busy(f"location {wanted.location_id} keeps changing")


def _facts(wanted: Switch) -> dict[str, object]:
    facts: dict[str, object] = {"reason": wanted.reason} if wanted.reason else {}
    if wanted.active:
        return facts
    until = {"until": to_text(wanted.until)} if wanted.until else {}
    return {**facts, **until, "open_work": wanted.open_work.value}
