"""What kind of demand a series is: how often somebody asks, and how evenly.

Source: Syntetos, Boylan & Croston, "On the categorization of demand patterns", Journal of the
Operational Research Society 56 (2005), whose cut-offs these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean, pvariance

INTERVAL = 1.32
CV2 = 0.49


class Kind(StrEnum):
    """Demand by its mean interval (ADI) and the squared variation of its sizes (CV²)."""

    NONE = "none"
    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


RARE = frozenset({Kind.INTERMITTENT, Kind.LUMPY})


def interval(units: Sequence[int]) -> float:
    """Days per day with demand; infinite if there is none."""
    asked = sum(1 for one in units if one)
    return len(units) / asked if asked else float("inf")


def cv2(units: Sequence[int]) -> float:
    """Squared coefficient of variation of the sizes on days with demand; 0 if there is none."""
    sizes = [one for one in units if one]
    return pvariance(sizes) / fmean(sizes) ** 2 if sizes else 0.0


def kind_of(units: Sequence[int]) -> Kind:
    """The class of a series."""
    if not any(units):
        return Kind.NONE
    even = cv2(units) < CV2
    if interval(units) < INTERVAL:
        return Kind.SMOOTH if even else Kind.ERRATIC
    return Kind.INTERMITTENT if even else Kind.LUMPY
