"""How what is left of a location's days follows its description."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dom.aws.capacity_writes import BOUNDS, day_name
from dom.aws.reads import Plain
from dom.model.clock import to_text
from dom.model.location import Location

# Yesterday to the day after tomorrow (UTC) hold today and tomorrow of every time zone.
_DAYS = range(-1, 3)

Shift = tuple[Plain, dict[str, int], list[str], Plain]


def capacity_shift(state: Plain, location: Location, now: datetime) -> Shift:
    """What to set, add and remove of a state, and what must not have changed (None: absent)."""
    values: Plain = {"open": location.active, "version": state.get("version", 0) + 1}
    absent = [] if location.inactive_until else ["closed_until"]
    if location.inactive_until:
        values["closed_until"] = to_text(location.inactive_until)
    shift: Shift = values, {}, absent, {"version": state.get("version")}
    for counter, bound in BOUNDS.items():
        _shift_bound(shift, state, counter, getattr(location, bound), now)
    return shift


def _shift_bound(
    shift: Shift, state: Plain, counter: str, now_is: int | None, now: datetime
) -> None:
    """Let one bound follow the description.

    A changed one moves what is left of the days already begun by the difference, so that what is
    taken stays taken; days that routing begins meanwhile refuse the change.
    """
    values, added, absent, expected = shift
    bound = BOUNDS[counter]
    begun = {name for name in state if name.startswith(f"{counter}#")}
    was = expected[bound] = state.get(bound)
    if now_is is not None:
        values[bound] = now_is
    if was == now_is:
        return
    near = [day_name(counter, day) for day in _near(now)]
    if now_is is None:
        absent += [bound, *sorted(begun)]
        return
    if was is None:
        # Without a bound nothing was counted: days given back then mean nothing under a bound. What
        # was taken then may be given back now, and must find a day that starts with all of it.
        fresh = near if state else []
        values.update(dict.fromkeys(fresh, now_is))
        absent += sorted(begun.difference(fresh))
        return
    added.update(dict.fromkeys(sorted(begun), now_is - was))
    expected.update(dict.fromkeys(near))
    for name in begun:
        expected.pop(name, None)


def _near(now: datetime) -> Iterator[date]:
    return ((now + timedelta(days=offset)).date() for offset in _DAYS)
