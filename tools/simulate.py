"""Simulate orders under rule sets: a table, report.json, and a picture of cost against days.

Without --from and --until orders are generated on the demo's network. The first rule set is the
default one, or --base. With --seek a rule set is looked for that reaches a goal.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

from dom.api.ruleset_document import render_yaml
from dom.api.simulations import render_report
from dom.errors import InvalidInput
from dom.model.clock import from_text
from dom.simulation.outcome import Outcome, measure
from dom.simulation.scenario import Scenario
from dom.simulation.seek import RUNS, Goal, Proposal, seek
from dom.simulation.simulation import History, Simulation, Variant, Window, prepare, report, run
from dom.simulation.world import Situation
from rich.console import Console

from tools.console import say
from tools.shell import BUILD
from tools.simulate_plot import draw, points
from tools.simulate_source import DemoHistory, base_of, history_of, scenario_of, variant_of
from tools.simulate_table import show_proposal, show_report
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
        _seek(options, base, situation)
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
    began = time.perf_counter()
    outcome = run(variant, situation)
    spent = time.perf_counter() - began
    rate = outcome.sums.orders / spent
    say(f"▸ {variant.name}: {outcome.sums.orders:,} orders, {spent:.1f} s ({rate:,.0f} a second)")
    return outcome


def _show(scenario: Scenario | None, outcomes: tuple[Outcome, ...], out: Path) -> None:
    made = report(outcomes)
    show_report(made, Console())
    title = scenario.name if scenario else "simulation"
    _write(out, render_report(made))
    _tell(draw(points(outcomes), (), title, out))


def _seek(options: argparse.Namespace, base: Variant, situation: Situation) -> None:
    goal = goal_of(options.seek, options.keep)

    def oracle(name: str, rules: Any) -> Outcome:
        return measure(name, situation, rules)

    try:
        found = seek(goal, base.rules, oracle, options.runs)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    show_proposal(found, Console())
    _propose(found, base, options.out)


def goal_of(text: str, keep: Sequence[str] | None) -> Goal:
    """The goal of `days=-20%`, with what may become worse as `cash=1%`; SystemExit otherwise."""
    try:
        name, change = _share(text)
        kept = dict(_share(one) for one in keep) if keep is not None else None
    except ValueError:
        raise SystemExit("a goal is written as days=-20%, what is kept as cash=1%") from None
    return Goal(name, change, kept) if kept is not None else Goal(name, change)


def _share(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    return name.strip(), float(share.strip().removesuffix("%")) / 100


def _propose(found: Proposal, base: Variant, out: Path) -> None:
    """What changes in the rule set's document, the document itself, and all trials."""
    before, after = (render_yaml(rules) for rules in (base.rules, found.best.rules))
    lines = unified_diff(
        before.splitlines(), after.splitlines(), base.name, "proposed", lineterm="", n=1
    )
    say("\n".join(lines) or "Nothing changes.")
    (out / "proposed.yaml").write_text(after, encoding="utf-8")
    named = [found.trials[0].outcome, found.best.outcome]
    first, best = points(named)
    shown = [first._replace(name=base.name)]
    shown += [best._replace(name="proposed")] if found.changes else []
    others = points([one.outcome for one in found.trials])
    title = f"{found.goal.measure} {found.goal.change:+.0%}: {len(found.trials)} runs"
    _write(out, _plain(found))
    _tell(draw(shown, others, title, out))


def _plain(found: Proposal) -> dict[str, object]:
    return {
        "goal": {"measure": found.goal.measure, "change": found.goal.change},
        "keep": dict(found.goal.keep),
        "reached": found.reached,
        "changes": {path: list(change) for path, change in found.changes.items()},
        "achieved": dict(found.achieved),
        "trials": [
            {"values": dict(one.values), "figures": dict(one.figures)} for one in found.trials
        ],
    }


def _write(out: Path, document: object) -> None:
    path = out / "report.json"
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    _tell([path])


def _tell(paths: Sequence[Path]) -> None:
    for path in paths:
        say(f"▸ {path}")


if __name__ == "__main__":
    main()
