"""Put a version in force, go back to the one before, or try one beside: one write each.

What is in force and the history of who put it there are one item, so neither is without the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dom.errors import Busy, CommitRefused, IllegalTransition, LintFailed, Outdated
from dom.model.history import append
from dom.model.versions import Finding, InForce, Ref, Version
from dom.rulesets.lint import errors_of, lint
from dom.rulesets.ports import Desk, Step

ATTEMPTS = 6
# It is read by every function that routes: what is older is on the bus and in the archive.
KEPT_ENTRIES = 50
KEPT_BEFORE = 20
ACTIVATED, SHADOWED = "RuleSetActivated", "RuleSetShadowed"


def check(version: Version, desk: Desk) -> list[Finding]:
    """What the linter says of a version in the network as it is now."""
    return lint(version.rules, desk.locations.all(), desk.clock())


def activate(version: Version, step: Step, desk: Desk) -> InForce:
    """Routing runs with this version from now on; the one that is active already changes nothing.

    LintFailed with the findings if there is an error among them; Outdated, Busy as `_change`.
    """
    findings = check(version, desk)
    if errors_of(findings):
        raise LintFailed(version.ref.label, tuple(one.record() for one in findings))

    def put(now: InForce) -> InForce:
        if now.active == version.ref:
            return now
        before = (*now.before, now.active)[-KEPT_BEFORE:]
        return _activated(replace(now, before=before), version.ref, step, desk, reverted=False)

    return _change(put, step, desk)


def revert(set_id: str, step: Step, desk: Desk) -> InForce:
    """The version that was active before is active again. It is not linted: it did run.

    IllegalTransition unless a version of that id is active, and another was before.
    """

    def back(now: InForce) -> InForce:
        if now.active.id != set_id:
            raise IllegalTransition("rule set", set_id, "not active", "reverted")
        if not now.before:
            raise IllegalTransition("rule set", now.active.label, "the first", "reverted")
        earlier = replace(now, before=now.before[:-1])
        return _activated(earlier, now.before[-1], step, desk, reverted=True)

    return _change(back, step, desk)


def shadow(version: Version | None, step: Step, desk: Desk) -> InForce:
    """Decide with this version, too, and only record it; None ends that.

    IllegalTransition for the version that is active.
    """
    ref = version.ref if version else None

    def beside(now: InForce) -> InForce:
        if ref == now.active:
            raise IllegalTransition("rule set", now.active.label, "active", "shadow")
        if ref == now.shadow:
            return now
        history = append(
            now.history,
            desk.clock(),
            SHADOWED,
            step.actor,
            rule_version=ref.label if ref else None,
            active=now.active.label,
            reason=step.reason,
        )
        return replace(now, shadow=ref, history=history)

    return _change(beside, step, desk)


def _activated(now: InForce, ref: Ref, step: Step, desk: Desk, *, reverted: bool) -> InForce:
    history = append(
        now.history,
        desk.clock(),
        ACTIVATED,
        step.actor,
        rule_version=ref.label,
        previous=now.active.label,
        reverted=reverted,
        reason=step.reason,
    )
    # Beside itself it would record nothing.
    return replace(
        now, active=ref, shadow=None if now.shadow == ref else now.shadow, history=history
    )


def _change(change: Callable[[InForce], InForce], step: Step, desk: Desk) -> InForce:
    """Apply and store; what changes nothing is not written.

    Outdated if the caller expected another version, Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        now = desk.book.in_force()
        if step.expected_version not in (None, now.version):
            seen = step.expected_version or 0
            raise Outdated("the rule set in force", now.active.label, seen, now.version)
        after = change(now)
        if after == now:
            return now
        after = replace(after, history=after.history[-KEPT_ENTRIES:])
        try:
            desk.book.save(after)
        except CommitRefused:
            continue
        return replace(after, version=after.version + 1)
    raise Busy("what is in force keeps changing")
