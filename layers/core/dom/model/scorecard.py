"""What counts of a supplier's purchase orders mean."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from dom.model.tally import Tally

# Seconds to acknowledge are counted by the first of these bounds that they do not exceed: as many
# counters as there are bounds, however many purchase orders.
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
BOUNDS = (
    _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE,
    _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR,
    _DAY, 2 * _DAY, 3 * _DAY, 5 * _DAY, 7 * _DAY, 14 * _DAY,
)  # fmt: skip
BEYOND = 0
ACKNOWLEDGED_WITHIN = "acknowledged_within#"


def bucket_of(seconds: int) -> int:
    """The bound that it is counted under; BEYOND the last one: 0."""
    place = bisect_left(BOUNDS, seconds)
    return BOUNDS[place] if place < len(BOUNDS) else BEYOND


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Purchase orders of some days, by what became of them so far."""

    sent: int
    units: int
    acknowledged: int
    acknowledged_seconds: int
    buckets: tuple[int, ...]
    shipped: int
    shipped_on_time: int
    expired: int
    rejected: int
    rejected_units: int

    @property
    def mean_seconds(self) -> int | None:
        """From sending to acknowledging, on average; None: nothing was acknowledged."""
        return round(self.acknowledged_seconds / self.acknowledged) if self.acknowledged else None

    def within(self, share: Fraction) -> int | None:
        """The smallest bound within which at least this share of what was acknowledged, was.

        None: nothing was, or it took longer than the last bound.
        """
        needed, so_far = share * self.acknowledged, 0
        for bound, units in zip(BOUNDS, self.buckets, strict=True):
            so_far += units
            if so_far and so_far >= needed:
                return bound
        return None

    @property
    def on_time_percent(self) -> float | None:
        """On time, of what left or should have: 100 · shipped_on_time / (shipped + expired)."""
        return _percent(self.shipped_on_time, self.shipped + self.expired)

    @property
    def reject_percent(self) -> float | None:
        """Units refused, of those asked for: 100 · rejected_units / units."""
        return _percent(self.rejected_units, self.units)


def scorecard_of(tallies: Iterable[Tally]) -> Scorecard:
    """The counts of several days as one."""
    days = list(tallies)

    def total(name: str) -> int:
        return sum(day.count(name) for day in days)

    return Scorecard(
        total("sent"),
        total("units"),
        total("acknowledged"),
        total("acknowledged_seconds"),
        tuple(total(f"{ACKNOWLEDGED_WITHIN}{bound}") for bound in BOUNDS),
        total("shipped"),
        total("shipped_on_time"),
        total("expired"),
        total("rejected"),
        total("rejected_units"),
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
