"""What a policy hands back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dom.sourcing.joint.wish import Plan, Wish


@dataclass
class Outcome:
    """Plans in the order of the wishes, CPU seconds per order, and what else is worth saying.

    `batch_seconds`: work that belongs to no single order.
    """

    plans: list[Plan]
    times: list[float]
    notes: dict[str, object] = field(default_factory=dict)
    batch_seconds: float = 0.0


def by_day(wishes: Iterable[Wish]) -> list[list[Wish]]:
    """Wishes of each day, days ascending."""
    days: dict[int, list[Wish]] = {}
    for wish in wishes:
        days.setdefault(wish.day, []).append(wish)
    return [days[day] for day in sorted(days)]
