"""Simulate orders under rule sets: a table, report.json, and a picture of cost against days.

Without --from and --until orders are generated on the demo's network. The first rule set is the
default one, or --base. With --seek a rule set is looked for that reaches a goal.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from dom.api.simulations import render_report
from dom.errors import InvalidInput
from dom.model.clock import from_text
from dom.simulation.outcome import Outcome
from dom.simulation.scenario import Scenario
from dom.simulation.seek import RUNS
from dom.simulation.simulation import History, Simulation, Variant, Window, prepare, report, run
from dom.simulation.world import Situation
from rich.console import Console

from tools.console import say
from tools.shell import BUILD
from tools.simulate_files import tell, write
from tools.simulate_goal import seek_goal
from tools.simulate_plot import draw, points
from tools.simulate_source import DemoHistory, base_of, history_of, scenario_of, variant_of
from tools.simulate_table import show_report
from tools.stack import add_stack_option, chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, show and write."""
    options = _parser().parse_args(arguments)
    base = base_of(options.base)
    variants = (base, *(variant_of(path) for path in options.variants))
    simulation = Simulation(variants, _window(options), scenario_of(options.scenario))
    situation = _prepared(simulation, _history(options))
    options.out.mkdir(parents=True, exist_ok=True)
    if options.seek:
        seek_goal(options, base, situation)
    else:
        outcomes = tuple(_timed(variant, situation) for variant in variants)
        _show(simulation.scenario, outcomes, options.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.simulate", description=__doc__)
    parser.add_argument("--scenario", default="as-usual", help="a file, or one of tools/scenarios")
    parser.add_argument("--base", type=Path, help="rule set that others are compared with")
    parser.add_argument("--variants", type=Path, nargs="*", default=[], help="rule set documents")
    parser.add_argument("--from", dest="since", help="first instant of real orders (ISO 8601)")
    parser.add_argument("--until", help="end of the window, not included")
    parser.add_argument("--seek", metavar="MEASURE=CHANGE", help='a goal, such as "days=-20%%"')
    parser.add_argument("--keep", metavar="MEASURE=SHARE", nargs="*", help="what may become worse")
    parser.add_argument("--runs", type=int, default=RUNS, help="most runs of a search")
    parser.add_argument("--out", type=Path, default=BUILD / "simulation", help="where files go")
    add_stack_option(parser)
    return parser


def _window(options: argparse.Namespace) -> Window | None:
    if not (options.since or options.until):
        return None
    try:
        return Window(from_text(options.since), from_text(options.until))
    except (TypeError, ValueError):
        raise SystemExit("--from and --until are two instants with their offset.") from None


def _history(options: argparse.Namespace) -> History:
    return history_of(chosen(options)) if options.since else DemoHistory()


def _prepared(simulation: Simulation, history: History) -> Situation:
    try:
        return prepare(simulation, history)
    except InvalidInput as error:
        raise SystemExit(str(error)) from None


def _timed(variant: Variant, situation: Situation) -> Outcome:
    began = time.process_time()
    outcome = run(variant, situation)
    spent = time.process_time() - began
    rate = outcome.sums.orders / spent
    orders = f"{outcome.sums.orders:,} orders"
    say(f"▸ {variant.name}: {orders}, {spent:.1f} s of a processor ({rate:,.0f} a second)")
    return outcome


def _show(scenario: Scenario | None, outcomes: tuple[Outcome, ...], out: Path) -> None:
    made = report(outcomes)
    show_report(made, Console())
    title = scenario.name if scenario else "simulation"
    write(out, render_report(made))
    tell(draw(points(outcomes), (), title, out))


if __name__ == "__main__":
    main()
