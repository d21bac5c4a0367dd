"""How a customer wants to be told of an order, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day, by the wall clock, from `start` to `end`: over midnight if `end` is earlier.
    None at all if they are the same.
    """

    start: time
    end: time

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the hours that it is in end (UTC); None: it is in none.

        On days when clocks change the end is what the clock on the wall shows (PEP 495, fold 0).
        """
        if self.start == self.end:
            return None
        local = now.astimezone(zone)
        clock = local.time().replace(tzinfo=None)
        over_midnight = self.end < self.start
        after_start, before_end = clock >= self.start, clock < self.end
        inside = (after_start or before_end) if over_midnight else (after_start and before_end)
        if not inside:
            return None
        days = 1 if over_midnight and after_start else 0
        day = local.date() + timedelta(days=days)
        ends = datetime.combine(day, self.end, zone).astimezone(UTC)
        # Where the clock shows the end twice, the first of them is over already.
        return max(ends, now + timedelta(minutes=1))


def quiet_hours(text: str) -> Quiet | None:
    """From `21:00-08:00`; None from an empty text. ValueError: it is neither."""
    if not text:
        return None
    start, _, end = text.partition("-")
    return Quiet(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer's wishes. `sms` only for those who asked for it.

    `locale`, `time_zone` (IANA) and `quiet` (`21:00-08:00`; `00:00-00:00`: never) are "" where
    what is known otherwise is good: the order's language, the zone of its address, the hours of
    the stack.
    """

    email: bool = True
    sms: bool = False
    locale: str = ""
    time_zone: str = ""
    quiet: str = ""


DEFAULT = Contact()
