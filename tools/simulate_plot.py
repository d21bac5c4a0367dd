"""Cost against days as a picture: each variant with its confidence, its size by CO2e."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl

mpl.use("Agg")
# Texts stay texts, and the same picture is the same file.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "dom", "font.size": 9})

from dom.simulation.compare import Interval, compare  # noqa: E402
from dom.simulation.measures import MEASURES  # noqa: E402
from dom.simulation.outcome import Outcome  # noqa: E402
from matplotlib import pyplot  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

LARGEST = 260.0
COLORS = ("#1b6ca8", "#c8553d", "#3d8361", "#8e5aa8", "#b08900", "#4f5d75")


class Point(NamedTuple):
    """A variant in the picture; the intervals are those of its difference from the base."""

    name: str
    days: Interval
    cash: Interval
    co2e: float


def points(outcomes: Sequence[Outcome]) -> list[Point]:
    """Days, cash (major units) and CO2e of each; the first is the base and has no interval."""
    base = outcomes[0]
    return [_point(base, one) for one in outcomes]


def _point(base: Outcome, one: Outcome) -> Point:
    gaps = compare(base, one, measures={name: MEASURES[name] for name in ("days", "cash")})
    days, cash = (_from(base, name, gaps.differences[name]) for name in ("days", "cash"))
    major = Interval(*(round(value / 100, 6) for value in (cash.value, cash.low, cash.high)))
    return Point(one.variant, days, major, MEASURES["co2e"].of(one.sums))


def _from(base: Outcome, name: str, gap: Interval) -> Interval:
    start = MEASURES[name].of(base.sums)
    return Interval(start + gap.value, start + gap.low, start + gap.high)


def draw(found: Sequence[Point], others: Sequence[Point], title: str, out: Path) -> list[Path]:
    """Write `pareto.svg` and `pareto.png`; `others` stand behind, without a name."""
    figure, axes = pyplot.subplots(figsize=(7.2, 4.6), layout="constrained")
    axes.scatter(
        [one.days.value for one in others],
        [one.cash.value for one in others],
        color="#b9bec6",
        s=16,
        zorder=1,
        label="tried" if others else None,
    )
    sizes = _sizes(found)
    for number, (one, size) in enumerate(zip(found, sizes, strict=True)):
        _variant(axes, one, size, COLORS[number % len(COLORS)])
    _frontier(axes, [*found, *others])
    bars = f"days until the last parcel (bars: 95 % of the difference from {found[0].name})"
    axes.set(xlabel=bars, ylabel="cash per order", title=title)
    axes.grid(color="#e6e8eb", linewidth=0.6)
    axes.margins(0.12)
    axes.legend(loc="best", frameon=False, markerscale=0.7)
    paths = [out / f"pareto.{kind}" for kind in ("svg", "png")]
    for path in paths:
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
    return paths


def _variant(axes: Axes, one: Point, size: float, color: str) -> None:
    axes.errorbar(
        one.days.value,
        one.cash.value,
        xerr=[[one.days.value - one.days.low], [one.days.high - one.days.value]],
        yerr=[[one.cash.value - one.cash.low], [one.cash.high - one.cash.value]],
        color=color,
        capsize=2,
        linewidth=1,
        zorder=2,
    )
    label = f"{one.name} ({one.co2e:,.0f} g CO2e)"
    axes.scatter(
        one.days.value, one.cash.value, s=size, color=color, alpha=0.6, zorder=3, label=label
    )


def _frontier(axes: Axes, all_points: Sequence[Point]) -> None:
    """The line of those that no other beats in both."""
    best: list[Point] = []
    for one in sorted(all_points, key=lambda one: (one.days.value, one.cash.value)):
        if not best or one.cash.value < best[-1].cash.value:
            best.append(one)
    axes.plot(
        [one.days.value for one in best],
        [one.cash.value for one in best],
        color="#59616d",
        linewidth=0.9,
        linestyle="--",
        zorder=1,
    )


def _sizes(found: Sequence[Point]) -> list[float]:
    """Areas that grow with the fourth power, so that small differences of CO2e are seen."""
    most = max(one.co2e for one in found) or 1.0
    return [LARGEST * (one.co2e / most) ** 4 for one in found]
