"""The chance that demand uses stock up."""

from __future__ import annotations

from math import exp

# Beyond so many expected units, or so many there, the answer is plain.
_LARGE = 200


def used_up(demand: float, units: int) -> float:
    """Probability that Poisson demand of that mean reaches so many units."""
    if demand <= 0:
        return 0.0 if units else 1.0
    if demand > _LARGE or units > _LARGE:
        return float(demand >= units)
    term = below = exp(-demand)
    for k in range(1, units):
        term *= demand / k
        below += term
    return max(0.0, 1.0 - below) if units else 1.0
