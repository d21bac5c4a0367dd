"""The subset DP alone: the cheapest way to divide pieces into parcels, given each parcel's price.

Knows nothing of scenes, tariffs or stock, so that the exact search of one order, the joint batch
and the benchmarks can share it. F[S] = min over T within S that hold S's lowest piece of
G[T] + F[S - T]; only sets without the first piece are ever a rest, which saves two thirds.
"""

from __future__ import annotations

from collections.abc import Sequence

# Beyond any price: a set that nobody can send.
NEVER = 1 << 60


def divide(prices: Sequence[int], lost: Sequence[int]) -> tuple[int, list[int]]:
    """The least cost, and the sets (bit masks of pieces) to send; pieces in no set are left over.

    `prices[S]` is what one parcel with exactly S costs (NEVER if there is none), `lost[i]` the
    price of leaving piece i over. Ties go to the first found: fewer pieces left over, then larger
    sets.
    """
    full = len(prices) - 1
    best, choice = _table(prices, lost, [*range(2, full, 2), full] if full else [])
    return best[full], _sets(full, choice)


def least(prices: Sequence[int], lost: Sequence[int]) -> list[int]:
    """The least cost of every set, by mask."""
    return _table(prices, lost, range(1, len(prices)))[0]


def _table(
    prices: Sequence[int], lost: Sequence[int], sets: Sequence[int]
) -> tuple[list[int], list[int]]:
    """F of those sets, ascending, and for each the parcel that holds its lowest piece (0: that
    piece is left over). One loop without calls: most of a decision's time is spent here."""
    best, choice = [0] * len(prices), [0] * len(prices)
    for s in sets:
        low = s & -s
        rest = t = s ^ low
        value, pick = prices[s], s
        while t:
            t = (t - 1) & rest
            price = prices[t | low]
            if price < value:
                price += best[rest ^ t]
                if price < value:
                    value, pick = price, t | low
        left = best[rest] + lost[low.bit_length() - 1]
        best[s], choice[s] = (left, 0) if left < value else (value, pick)
    return best, choice


def _sets(s: int, choice: list[int]) -> list[int]:
    sets = []
    while s:
        pick = choice[s]
        if pick:
            sets.append(pick)
        s ^= pick or s & -s
    return sets
