"""Tables (Markdown, to standard output) and plots (SVG) from the rows of `run` and `speed`.

`python -m tools.routing_bench.report rows.jsonl speed.jsonl --plots docs/img`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

Row = Mapping[str, Any]
ByPolicy = dict[str, Row]

COLUMNS = (
    "instance policy parcels/order extra_vs_nearest cash vs_list days vs_list CO2_vs_list fill_%"
    " total vs_lowest"
)
DRAWN = ("fewest_splits", "exact", "exact_paced", "lookahead", "batch_day", "default")
# Plots that do not change when nothing did.
mpl.rcParams.update({"svg.hashsalt": "routing", "svg.fonttype": "none", "font.size": 8})


def read(files: Iterable[Path]) -> list[Row]:
    """All rows, in order."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.startswith("{")]


def by_instance(rows: Iterable[Row]) -> dict[str, ByPolicy]:
    """The last row of each instance and policy."""
    found: dict[str, ByPolicy] = {}
    for row in rows:
        if "policy" in row:
            found.setdefault(row["instance"], {})[row["policy"]] = row
    return dict(sorted(found.items()))


def lowest(policies: ByPolicy) -> float:
    """The least total of the named policies; variants of `default` do not count."""
    return float(
        min(row["total"] for name, row in policies.items() if not name.startswith("default_"))
    )


def quality_table(instances: dict[str, ByPolicy], names: Sequence[str] = ()) -> str:
    """Every policy on every instance."""
    lines = [_cells(COLUMNS.split()), _cells(["---"] * len(COLUMNS.split()))]
    for instance, policies in instances.items():
        for name in names or policies:
            if name in policies:
                lines.append(_cells(_quality(instance, policies, policies[name])))
    return "\n".join(lines)


def _quality(instance: str, policies: ByPolicy, row: Row) -> list[str]:
    ranked, nearest = policies["priority_list"], policies["nearest_per_line"]
    return [
        instance,
        row["policy"],
        f"{row['parcels_per_order']:.3f}",
        _change(row["extra_parcels"], nearest["extra_parcels"], 0),
        f"{row['cash']:.2f}",
        _change(row["cash"], ranked["cash"]),
        f"{row['days']:.2f}",
        _change(row["days"], ranked["days"]),
        _change(row["co2"], ranked["co2"]),
        f"{100 * row['fill']:.2f}",
        f"{row['total']:.3f}",
        _change(row["total"], lowest(policies), 2),
    ]


def _change(value: float, base: float, digits: int = 1) -> str:
    return f"{100 * (value / base - 1):+.{digits}f} %" if base else "-"


def _cells(values: Sequence[str]) -> str:
    return f"| {' | '.join(values)} |"


def plain_table(rows: Sequence[Row], by: str) -> str:
    """Rows of `speed` of one kind, with the fields they have."""
    chosen = [row for row in rows if row.get("by") == by]
    names = [name for name in (chosen[0] if chosen else {}) if name != "by"]
    lines = [_cells(names), _cells(["---"] * len(names))]
    lines += [_cells([str(row.get(name, "")) for name in names]) for row in chosen]
    return "\n".join(lines)


def plot_totals(instances: dict[str, ByPolicy], file: Path) -> None:
    """How far each policy's total lies above the lowest."""
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    for name in DRAWN:
        points = [
            (n, 100 * (policies[name]["total"] / lowest(policies) - 1))
            for n, policies in enumerate(instances.values())
            if name in policies
        ]
        axes.plot(*zip(*points, strict=True), "o" if name != "default" else "D", label=name, ms=4)
    axes.axhline(0.5, color="grey", lw=0.6, ls="--")
    axes.set_yscale("symlog", linthresh=0.5)
    axes.set_xticks(range(len(instances)), list(instances), rotation=60, ha="right")
    axes.set_ylabel("total above the lowest, %")
    axes.legend(ncols=3, fontsize=7)
    _save(figure, file)


def plot_days(instances: dict[str, ByPolicy], file: Path) -> None:
    """What a day's value costs and brings: from 0 over `default`'s to 2 dollars."""
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    curve = ("default_day_0.00", "default", "default_day_2.00")
    for instance, policies in instances.items():
        if all(name in policies for name in curve):
            days = policies["priority_list"]["days"]
            xs = [100 * (policies[name]["days"] / days - 1) for name in curve]
            ys = [100 * (policies[name]["total"] / lowest(policies) - 1) for name in curve]
            axes.plot(xs, ys, "o-", label=instance, ms=3, lw=0.8)
    axes.axvline(-31, color="grey", lw=0.6, ls="--")
    axes.axhline(0.5, color="grey", lw=0.6, ls="--")
    axes.set_xlabel("days against priority_list, % (value of a day: $0, $0.75, $2)")
    axes.set_ylabel("total above the lowest, %")
    axes.legend(fontsize=7)
    _save(figure, file)


def plot_speed(rows: Sequence[Row], file: Path) -> None:
    """Median and 99th percentile of one decision, by locations and by lines."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    for axes, by, field in zip(
        figure.subplots(1, 2), ("locations", "lines"), ("locations", "lines"), strict=True
    ):
        chosen = [row for row in rows if row.get("by") == by]
        for count in sorted({row["locations"] for row in chosen}) if by == "lines" else [0]:
            kept = [row for row in chosen if not count or row["locations"] == count]
            tail = f", {count} locations" if count else ""
            for key, mark in (("p50_ms", "o-"), ("p99_ms", "s--")):
                values = [row[key] for row in kept]
                axes.plot([row[field] for row in kept], values, mark, ms=3, label=key + tail)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(field)
        axes.legend(fontsize=6)
    _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    """Print the tables, write the plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="+", type=Path)
    parser.add_argument("--policies", nargs="*", default=[])
    parser.add_argument("--plots", type=Path)
    options = parser.parse_args()
    rows = read(options.rows)
    instances = by_instance(rows)
    print(quality_table(instances, options.policies))
    for by in ("locations", "lines", "large", "joint"):
        print(f"\n{plain_table(rows, by)}")
    if options.plots:
        plot_totals(instances, options.plots / "routing-total.svg")
        plot_days(instances, options.plots / "routing-days.svg")
        plot_speed(rows, options.plots / "routing-speed.svg")


if __name__ == "__main__":
    main()
