"""What is to be made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is made: reproducible from `seed`.

    `cover_days`: days of mean demand of each SKU that the centers which have it, about three of
    five, hold together at the start; each store holds two to eight units of half of the SKUs.
    `restock_days`: as often centers get that many days' demand (0: never). `promise_days`: what
    customers are told.
    """

    seed: int = 1
    starts: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    days: int = 7
    orders_per_day: int = 300
    skus: int = 150
    cover_days: float = 6.0
    restock_days: int = 0
    promise_days: int = 4
