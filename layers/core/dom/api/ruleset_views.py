"""Rule sets as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict

from dom.api.ruleset_document import render_rule_set
from dom.api.views import TimelineView
from dom.model.clock import to_text
from dom.model.versions import Finding, InForce, Severity, Version, VersionNote


class VersionView(TypedDict):
    """A version. `number` counts up within the rule set."""

    number: int
    created_at: str
    created_by: str


class RuleSetView(VersionView):
    """A version with its document. `rule_version` is how decisions name it."""

    id: str
    rule_version: str
    document: dict[str, Any]


class RuleSetVersionsView(RuleSetView):
    """A version, and every version there is of that rule set, newest first."""

    versions: list[VersionView]


class FindingView(TypedDict):
    """What the linter found. `severity`: error or warning; only errors stop an activation."""

    severity: str
    code: str
    path: str
    message: str


class LintView(TypedDict):
    """What the linter says of a version; `activatable`: there is no error in it."""

    rule_version: str
    activatable: bool
    findings: list[FindingView]


class InForceView(TypedDict):
    """What routing runs with. `before`: where a revert leads, the next one first.

    `version` is what a step's `expected_version` means.
    """

    active: str
    shadow: str | None
    before: list[str]
    version: int
    history: list[TimelineView]


def render_version(version: Version) -> RuleSetView:
    """The version with its document, complete."""
    return {
        "id": version.ref.id,
        "rule_version": version.ref.label,
        "number": version.ref.number,
        "created_at": to_text(version.created_at),
        "created_by": version.created_by,
        "document": render_rule_set(version.rules),
    }


def render_versions(version: Version, notes: Iterable[VersionNote]) -> RuleSetVersionsView:
    """The version, and the list of all."""
    listed: list[VersionView] = [
        {
            "number": note.number,
            "created_at": to_text(note.created_at),
            "created_by": note.created_by,
        }
        for note in notes
    ]
    return {**render_version(version), "versions": listed}


def render_lint(version: Version, findings: Sequence[Finding]) -> LintView:
    """The linter's answer."""
    shown: list[FindingView] = [
        {
            "severity": one.severity.value,
            "code": one.code,
            "path": one.path,
            "message": one.message,
        }
        for one in findings
    ]
    errors = [one for one in findings if one.severity is Severity.ERROR]
    return {"rule_version": version.ref.label, "activatable": not errors, "findings": shown}


def render_in_force(now: InForce) -> InForceView:
    """What is in force, and how it came so."""
    history: list[TimelineView] = [
        {"at": to_text(one.at), "type": one.type, "actor": one.actor, "data": dict(one.data)}
        for one in now.history
    ]
    return {
        "active": now.active.label,
        "shadow": now.shadow.label if now.shadow else None,
        "before": [ref.label for ref in reversed(now.before)],
        "version": now.version,
        "history": history,
    }
