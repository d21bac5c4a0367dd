"""Forecasts against what then was sold: from rolling origins, beside naive methods.

Without files, made series and the extract in tools/sales. The last `--origins` weeks of each series
are forecast one after the other, each from what lies before it alone.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dom.forecast.forecast import RECENT
from dom.forecast.kinds import Kind, kind_of
from dom.forecast.series import Series
from dom.forecast.smoothing import WEEK

from tools.backtest_data import EXTRACT, made, read_sales, whole
from tools.backtest_methods import METHODS
from tools.backtest_score import Score, Window
from tools.bench_report import stamp, table, write
from tools.console import say, step

LEAST_DAYS = 8 * WEEK
FIGURES = ("WAPE", "bias", "MASE", "pinball", "service", "stock / demand", "Brier", "Poisson's")
HEAD = ("class", "method", "windows", *FIGURES)
BY_CLASS = ("naive", "seasonal naive", "mean of 28 days", "ours")
Scores = dict[tuple[str, str], Score]


def windows(series: Series, origins: int) -> Iterator[Window]:
    """The last weeks of a series, each with what lies before it, if that is long enough."""
    for back in range(origins, 0, -1):
        origin = len(series.units) - back * WEEK
        if origin >= LEAST_DAYS:
            yield Window(series.units[:origin], series.units[origin : origin + WEEK])


def sample(all_series: Sequence[Series], most: int) -> Sequence[Series]:
    """At most so many, evenly by name, each from the middle of its part; all are sorted by it."""
    part = max(1, -(-len(all_series) // most))
    return all_series[part // 2 :: part]


def backtest(all_series: Iterable[Series], origins: int) -> Scores:
    """Scores by class of demand (as it was known at the origin) and method, and of all."""
    scores: Scores = defaultdict(Score)
    for series in all_series:
        for window in windows(series, origins):
            kind = kind_of(window.history[-RECENT:])
            for name, method in METHODS.items():
                known = method(window.history)
                scores[kind, name].add(known, window)
                scores["all", name].add(known, window)
    return scores


def report(scores: Scores) -> str:
    """A table: all methods over all windows, and by class those that a reader compares.

    Of what sold nothing in the recent days there is nothing to divide by: it is in `all` only.
    """
    names = [("all", name) for name in METHODS]
    names += [(kind, name) for kind in Kind if kind is not Kind.NONE for name in BY_CLASS]
    rows = [(*one, scores[one].windows, *scores[one].row) for one in names if one in scores]
    return table(HEAD, rows)


def sources(files: Sequence[Path]) -> Iterator[tuple[str, Sequence[Series]]]:
    """Made series, the extract that ships, and files, one after the other."""
    yield "made", made()
    yield "uci_extract", whole(read_sales(EXTRACT))
    for path in files:
        yield path.name.split(".")[0], whole(read_sales(path))


def main() -> None:
    """Print a table for each source of sales; with --write, docs/benchmarks.md takes them."""
    parser = argparse.ArgumentParser(prog="python -m tools.backtest", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="CSV of order lines: sku, ts, qty")
    parser.add_argument("--origins", type=int, default=8, help="weeks to forecast (default: 8)")
    parser.add_argument("--most", type=int, default=400, help="series of a source (default: 400)")
    parser.add_argument("--write", action="store_true", help="put the tables into the document")
    chosen = parser.parse_args()
    parts = []
    for name, all_series in sources(chosen.files):
        some = sample(all_series, chosen.most)
        with step(f"{name}: {len(some)} of {len(all_series)} series"):
            text = report(backtest(some, chosen.origins))
        parts.append(f"**{name}**, {len(some)} of {len(all_series)} series\n\n{text}")
        say(f"\n{text}\n")
    names = " ".join(path.name for path in chosen.files)
    command = f'make backtest ARGS="--most {chosen.most} {names}'.rstrip() + '"'
    text = "\n\n".join([*parts, stamp(command)])
    if chosen.write:
        write("forecast", text)


if __name__ == "__main__":
    main()
