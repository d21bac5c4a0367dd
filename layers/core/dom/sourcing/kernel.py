"""The subset DP alone: the cheapest way to divide pieces into parcels, given each parcel's price.

Knows nothing of scenes, tariffs or stock, so that the exact search of one order, the joint batch
and the benchmarks can share it. F[S] = min over T within S that hold S's lowest piece of
G[T] + F[S - T]; only sets without the first piece are ever a rest, which saves two thirds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

# Beyond any price: a set that nobody can send.
NEVER = 1 << 60


def divide(prices: Sequence[int], lost: Sequence[int]) -> tuple[int, list[int]]:
    """The least cost, and the sets (bit masks of pieces) to send; pieces in no set are left over.

    `prices[S]` is what one parcel with exactly S costs (NEVER if there is none), `lost[i]` the
    price of leaving piece i over. Ties go to the first found: fewer pieces left over, then larger
    sets.
    """
    full = len(prices) - 1
    best, choice = _table(prices, lost, _splits(full.bit_length(), whole=False))
    return best[full], _sets(full, choice)


def least(prices: Sequence[int], lost: Sequence[int]) -> list[int]:
    """The least cost of every set, by mask."""
    return _table(prices, lost, _splits((len(prices) - 1).bit_length(), whole=True))[0]


class _Split(NamedTuple):
    """A set, its lowest piece, the set without it, and each parcel that holds that piece, with
    what is then left; the largest parcels first."""

    set: int
    piece: int
    rest: int
    ways: tuple[tuple[int, int], ...]


def _table(
    prices: Sequence[int], lost: Sequence[int], splits: Sequence[_Split]
) -> tuple[list[int], list[int]]:
    """F of those sets, and for each the parcel that holds its lowest piece (0: that piece is left
    over). One loop without calls: most of a decision's time is spent here."""
    best, choice = [0] * len(prices), [0] * len(prices)
    for s, piece, rest, ways in splits:
        value, pick = prices[s], s
        for parcel, other in ways:
            price = prices[parcel]
            if price < value:
                price += best[other]
                if price < value:
                    value, pick = price, parcel
        left = best[rest] + lost[piece]
        best[s], choice[s] = (left, 0) if left < value else (value, pick)
    return best, choice


@cache
def _splits(pieces: int, *, whole: bool) -> tuple[_Split, ...]:
    """How to split each set of so many pieces, smaller sets first; unless `whole`, only those that
    are ever a rest. The same for every order: worked out once."""
    full = (1 << pieces) - 1
    sets = range(1, full + 1) if whole else [*range(2, full, 2), full] if full else []
    return tuple(_split(s) for s in sets)


def _split(s: int) -> _Split:
    low = s & -s
    rest = t = s ^ low
    ways = []
    while t:
        t = (t - 1) & rest
        ways.append((t | low, rest ^ t))
    return _Split(s, low.bit_length() - 1, rest, tuple(ways))


def _sets(s: int, choice: list[int]) -> list[int]:
    sets = []
    while s:
        pick = choice[s]
        if pick:
            sets.append(pick)
        s ^= pick or s & -s
    return sets
