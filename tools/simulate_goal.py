"""Goal seeking on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

from dom.api.ruleset_document import render_yaml
from dom.model.rules import RuleSet
from dom.simulation.goal import Goal
from dom.simulation.outcome import Outcome, measure
from dom.simulation.seek import Proposal, seek
from dom.simulation.simulation import Variant
from dom.simulation.world import Situation
from rich.console import Console

from tools.console import say
from tools.simulate_files import tell, write
from tools.simulate_plot import draw, points
from tools.simulate_table import show_proposal


def seek_goal(options: argparse.Namespace, base: Variant, situation: Situation) -> None:
    """Look for the rule set that reaches `--seek`, show it and write it down."""
    goal = goal_of(options.seek, options.keep)

    def oracle(name: str, rules: RuleSet) -> Outcome:
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
    write(out, _plain(found))
    tell(draw(shown, others, title, out))


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
