"""How far a method is off: sums over windows of a week, and the ratios that are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from dom.forecast.forecast import Forecast
from dom.forecast.safety import chance_used_up, cover
from dom.forecast.smoothing import WEEK
from dom.sourcing.poisson import used_up

LEVEL = 0.95
# Of so many units at a place, one is the last: how sure is it that a week takes them all?
LAST = (1, 3, 10)


@dataclass(frozen=True, slots=True)
class Window:
    """What was known at an origin, and the week that followed."""

    history: Sequence[int]
    actual: Sequence[int]

    @property
    def scale(self) -> float:
        """Mean absolute error of the seasonal naive method in the history: MASE's divisor."""
        pairs = zip(self.history, self.history[WEEK:], strict=False)
        return fmean(abs(b - a) for a, b in pairs)


@dataclass(slots=True)
class Score:
    """Sums over windows. Errors are in units; `scaled` is in those of the window's scale."""

    windows: int = 0
    demand: int = 0
    error: float = 0.0
    bias: float = 0.0
    scaled: float = 0.0
    scales: int = 0
    pinball: float = 0.0
    served: int = 0
    stock: int = 0
    brier: float = 0.0
    brier_poisson: float = 0.0

    def add(self, known: Forecast, window: Window) -> None:
        """Count one week."""
        total, expected = sum(window.actual), known.over(WEEK)
        self.windows += 1
        self.demand += total
        self.error += abs(total - expected)
        self.bias += expected - total
        self._scale(known, window)
        self._stock(cover(known, LEVEL, WEEK).reorder_point, total)
        self._last(known, total)

    def _scale(self, known: Forecast, window: Window) -> None:
        scale = window.scale
        if scale:
            days = zip(window.actual, known.week, strict=True)
            self.scaled += fmean(abs(one - known.velocity * share) for one, share in days) / scale
            self.scales += 1

    def _stock(self, stock: int, total: int) -> None:
        short = total - stock
        self.pinball += LEVEL * short if short > 0 else (LEVEL - 1) * short
        self.served += short <= 0
        self.stock += stock

    def _last(self, known: Forecast, total: int) -> None:
        for units in LAST:
            happened = float(total >= units)
            self.brier += (chance_used_up(known, units, WEEK) - happened) ** 2 / len(LAST)
            poisson = used_up(known.velocity * WEEK, units)
            self.brier_poisson += (poisson - happened) ** 2 / len(LAST)

    @property
    def row(self) -> tuple[str, ...]:
        """WAPE, bias, MASE, pinball, service reached, stock, Brier, that of Poisson."""
        demand, windows = max(1, self.demand), max(1, self.windows)
        return (
            f"{self.error / demand:.3f}",
            f"{self.bias / demand:+.3f}",
            f"{self.scaled / max(1, self.scales):.3f}",
            f"{self.pinball / demand:.3f}",
            f"{100 * self.served / windows:.1f} %",
            f"{self.stock / demand:.2f}",
            f"{self.brier / windows:.3f}",
            f"{self.brier_poisson / windows:.3f}",
        )
