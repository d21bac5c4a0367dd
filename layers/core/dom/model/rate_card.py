"""The price list of a carrier by weight and zone, in minor units as it is.

The defaults are cents of a USD-like parcel market; retailers bring their own contracts.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

# Zone edges follow the radii of parcel carriers (50, 150, 300, 600, 1000, 1400, 1800 miles).
_EDGES_KM = (80, 240, 480, 960, 1600, 2250, 2900)
# Even steps, so that one parcel never costs more than the same goods in two.
_BREAKS_GRAMS = (250, 500, *range(1000, 30_001, 1000))
_BASE = (690, 710, 740, 790, 850, 920, 1000, 1090)
_PER_KG = (35, 45, 60, 85, 115, 150, 190, 235)


def _default_prices() -> tuple[tuple[int, ...], ...]:
    """Our own numbers: a base by zone plus a price per kg of the break; dearer with each zone."""
    return tuple(
        tuple(base + rate * grams // 1000 for base, rate in zip(_BASE, _PER_KG, strict=True))
        for grams in _BREAKS_GRAMS
    )


def rises(numbers: tuple[int, ...]) -> bool:
    """Whether no number is less than the one before."""
    return all(a <= b for a, b in pairwise(numbers))


@dataclass(frozen=True, slots=True)
class RateCard:
    """Price of a parcel by weight and distance zone.

    Zone z (from 0) reaches up to `edges_km[z]`, the last one without end. `prices[b][z]` is paid
    up to and including `breaks_grams[b]`. What is heavier travels as boxes of the last break plus
    the rest. `divisor` (cm3 per kg, None: off) makes light but bulky goods pay by their volume.
    ValueError unless prices are positive and never fall with weight or distance: the
    solver relies on it, and a carrier's 0 means "no price", not "free". One parcel should never
    cost more than its goods in two; on a card where it does, a plan's gap says how far it may be
    from optimal.
    """

    edges_km: tuple[int, ...] = _EDGES_KM
    breaks_grams: tuple[int, ...] = _BREAKS_GRAMS
    prices: tuple[tuple[int, ...], ...] = field(default_factory=_default_prices)
    divisor: int | None = None
    cross_border: int = 1500
    same_day: int = 900
    same_day_per_km: int = 30

    def __post_init__(self) -> None:
        columns = tuple(zip(*self.prices, strict=True))
        if len(self.prices) != len(self.breaks_grams) or len(columns) != len(self.edges_km) + 1:
            raise ValueError("rate card: one row per weight break, one column per zone")
        ladders = (self.edges_km, self.breaks_grams, *self.prices, *columns)
        if min(columns[0]) <= 0 or not all(map(rises, ladders)):
            raise ValueError("rate card: prices must be positive and rise with weight and zone")
        if self.divisor is not None and self.divisor <= 0:
            raise ValueError("rate card: the divisor is a number of cm3 per kg")

    @property
    def last_zone(self) -> int:
        """The farthest zone, also used where the distance is unknown."""
        return len(self.edges_km)

    def zone(self, metres: int | None) -> int:
        """Zone index of a distance; an unknown distance is in the last zone."""
        return self.last_zone if metres is None else bisect_left(self.edges_km, metres / 1000)

    def billable(self, grams: int, cm3: int) -> int:
        """The weight that is paid for: the greater of the actual and the dimensional one.

        Rounded up, so that one parcel is never billed for more than its goods in two.
        """
        return grams if self.divisor is None else max(grams, -(-cm3 * 1000 // self.divisor))

    def boxes(self, grams: int) -> int:
        """Boxes that a carrier takes such a billable weight in."""
        return -(-max(grams, 1) // self.breaks_grams[-1])

    def price(self, grams: int, zone: int) -> int:
        """Price of that billable weight; exact at the breaks, which belong to the row below."""
        boxes, rest = divmod(max(grams, 1), self.breaks_grams[-1])
        price = boxes * self.prices[-1][zone]
        return price + (self.prices[bisect_left(self.breaks_grams, rest)][zone] if rest else 0)
