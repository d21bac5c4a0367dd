"""Rules whose every effect a later rule replaces wherever they hold."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, Named, warning
from dom.rulesets.lint.scopes import (
    adds,
    is_about_locations,
    replaces,
    time_within,
    when_within,
    where_within,
)


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each rule that can be deleted without a change."""
    for place, named in enumerate(matter.named):
        effects, later = replaces(named.rule.change), matter.named[place + 1 :]
        if not effects or adds(named.rule.change):
            continue
        winners = [_winner(effect, named, later) for effect in effects]
        if all(winners):
            names = ", ".join(sorted({winner.rule.name for winner in winners if winner}))
            text = f"all it changes is replaced by {names} whenever it holds"
            yield warning("rule_shadowed", named.path, text)


def _winner(effect: str, named: Named, later: list[Named]) -> Named | None:
    return next((one for one in later if _replaces(one, effect, named)), None)


def _replaces(winner: Named, effect: str, named: Named) -> bool:
    return (
        effect in replaces(winner.rule.change)
        and when_within(named.rule.when, winner.rule.when)
        and time_within(named.overlay, winner.overlay)
        and (not is_about_locations(effect) or where_within(named.rule.where, winner.rule.where))
    )
