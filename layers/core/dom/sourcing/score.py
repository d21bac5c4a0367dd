"""One integer that orders plans: money, then fewest parcels, then distance, then rank.

The parts of a plan add up, so the solvers add and compare plain integers and ties fall the same way
on every platform and for every order of the input.
"""

from __future__ import annotations

_RANK_BITS = 22
_METRE_BITS = 40
_PARCEL_BITS = 12
MONEY_SHIFT = _RANK_BITS + _METRE_BITS + _PARCEL_BITS

# Farther than any two places on Earth (half its circumference is 20,015 km): unknown ranks last.
UNKNOWN_METRES = 20_016_000

ONE_PARCEL = 1 << (_RANK_BITS + _METRE_BITS)

# No plan costs so much: marks what cannot be done.
IMPOSSIBLE = 1 << (MONEY_SHIFT + 80)


def impossible(total: int) -> bool:
    """Whether a sum holds something that cannot be done; what else is in it does not matter."""
    return total >= IMPOSSIBLE >> 1


def score(money: int, metres: int | None, rank: int) -> int:
    """The score of one parcel that costs `money` minor units, penalties included."""
    way = UNKNOWN_METRES if metres is None else metres
    return (money << MONEY_SHIFT) + ONE_PARCEL + (way << _RANK_BITS) + rank


def money_of(total: int) -> int:
    """The money in a score, penalties included."""
    return total >> MONEY_SHIFT
