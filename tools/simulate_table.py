"""A simulation's report in the terminal."""

from __future__ import annotations

from dom.simulation.compare import Interval
from dom.simulation.measures import MEASURES
from dom.simulation.seek import Proposal
from dom.simulation.simulation import Report
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# Shares are shown in percent, money with two decimals.
MONEY = frozenset({"cash", "shipping", "handling", "score", "markdown"})
SHARES = frozenset({"split", "fill", "backordered", "kept"})


def show_report(report: Report, console: Console) -> None:
    """One row for each measure, one column for each variant, differences below the values."""
    table = Table(title="Measures, and their differences from the first column (95 % interval)")
    table.add_column("")
    for one in report.variants:
        table.add_column(one.outcome.variant, justify="right")
    for name, measure in MEASURES.items():
        cells = [shown(name, one.intervals[name].value) for one in report.variants]
        gaps = [_gap(name, one.differences[name]) for one in report.comparisons]
        table.add_row(measure.title, cells[0], *map("\n".join, zip(cells[1:], gaps, strict=True)))
    for title, facts in _facts(report).items():
        table.add_row(title, *facts)
    console.print(table)


def _facts(report: Report) -> dict[str, list[str]]:
    outcomes = [one.outcome for one in report.variants]
    peaks = [
        max((use.peak_use for use in one.locations if use.peak_use), default=0.0)
        for one in outcomes
    ]
    return {
        "days, 95 of 100 orders": [f"{one.days_p95:.2f}" for one in outcomes],
        "orders": [f"{one.sums.orders:,}" for one in outcomes],
        "locations used": [str(one.locations_used) for one in outcomes],
        "fullest day of a location": [f"{peak:.0%}" for peak in peaks],
    }


def shown(name: str, value: float, sign: str = "") -> str:
    """A value in the unit that people read it in."""
    if name in MONEY:
        return f"{value / 100:{sign},.2f}"
    if name in SHARES:
        return f"{value * 100:{sign}.2f} %"
    return f"{value:{sign}.3f}" if abs(value) < 100 else f"{value:{sign},.0f}"


def _gap(name: str, found: Interval) -> str:
    low, high = shown(name, found.low, "+"), shown(name, found.high, "+")
    text = escape(f"{shown(name, found.value, '+')} [{low} … {high}]")
    return f"[bold]{text}[/]" if found.differs else f"[dim]{text}[/]"


def show_proposal(proposal: Proposal, console: Console) -> None:
    """What was asked, what was found, and how near it comes."""
    goal = proposal.goal
    keep = ", ".join(f"{name} within {share:.1%}" for name, share in goal.keep.items())
    console.print(f"Goal: {goal.measure} {goal.change:+.0%}, {keep}. {len(proposal.trials)} runs.")
    if proposal.reached:
        console.print("[bold green]Reached.[/]")
    else:
        console.print(
            "[bold red]Not reached[/] by any rule set that was tried; this comes nearest."
        )
    for path, (before, after) in proposal.changes.items():
        console.print(f"  {path}: {before:,} → {after:,}")
    gaps = {n: proposal.achieved[n] for n in dict.fromkeys([goal.measure, *goal.keep, "co2e"])}
    console.print("  " + ", ".join(f"{name} {share:+.1%}" for name, share in gaps.items()))
    table = Table(title=f"What no other trial beats in both cash and {goal.measure}")
    for title in ("cash per order", goal.measure, *proposal.best.values):
        table.add_column(title, justify="right")
    for trial in proposal.frontier:
        measures = (shown(n, trial.figures[n]) for n in ("cash", goal.measure))
        table.add_row(*measures, *(f"{value:,}" for value in trial.values.values()))
    console.print(table)
