"""Rules that never hold, or change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.order import Method
from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, Named, error, warning
from dom.rulesets.lint.scopes import adds, replaces


def check(matter: Matter) -> Iterator[Finding]:
    """A condition that cannot be met, a change without effect, locations of a kind there is not."""
    for named in matter.named:
        yield from _never(named)
        change = named.rule.change
        if not replaces(change) and not adds(change):
            yield warning("rule_without_effect", f"{named.path}.change", "it changes nothing")
        yield from _nowhere(named, matter)


def _never(named: Named) -> Iterator[Finding]:
    when = named.rule.when
    if when.below_value is not None and when.below_value <= when.least_value:
        text = f"no value is at least {when.least_value} and below {when.below_value}"
        yield error("rule_never_holds", f"{named.path}.when.below_value", text)
    if when.methods == {Method.DIGITAL}:
        text = "digital goods are not routed: it never holds"
        yield error("rule_never_holds", f"{named.path}.when.methods", text)


def _nowhere(named: Named, matter: Matter) -> Iterator[Finding]:
    """Each thing asked for exists, but no active location has all of them."""
    where, active = named.rule.where, [one for one in matter.locations if one.active]
    asked = sum(map(bool, (where.locations, where.groups, where.types, where.countries)))
    if asked and active and not any(map(where.holds, active)):
        text = "no active location is of that kind, so it changes nothing there"
        yield warning("rule_for_no_location", f"{named.path}.where", text)
