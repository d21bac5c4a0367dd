"""Rule sets over HTTP: drafts, the linter, and what is in force."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import ruleset_requests as asked
from dom.api import rulesets
from dom.api.app import Api, Text
from dom.api.request import Request
from dom.api.ruleset_views import (
    InForceView,
    LintView,
    RuleSetVersionsView,
    RuleSetView,
    render_in_force,
    render_lint,
    render_version,
    render_versions,
)
from dom.api.rulesets import LintBody, RevertBody, ShadowBody, StepBody
from dom.aws import wiring
from dom.model.versions import Version
from dom.observability import logger, metrics
from dom.rulesets.activate import activate, check, revert, shadow
from dom.rulesets.ports import Desk, Step
from dom.rulesets.put_draft import put_draft
from dom.rulesets.read import version_of, versions_of
from dom.settings import from_environment

api = Api()


@cache
def _desk() -> Desk:
    return wiring.rule_desk(from_environment())


@api.on(rulesets.PUT_RULE_SET)
def put(request: Request) -> RuleSetView:
    """A new version."""
    asked.require_everywhere(request)
    set_id, seen = asked.rule_set_id(request), asked.newest_seen(request)
    rules, actor = asked.draft(request), request.identity.name
    return render_version(put_draft(set_id, rules, _desk(), actor, seen))


@api.on(rulesets.GET_RULE_SET)
def get(request: Request) -> RuleSetVersionsView | Text:
    """One version, and the list of all."""
    version = _version(request, asked.wanted_version(request))
    listed = versions_of(version.ref.id, _desk().book)
    return asked.as_yaml(request, version) or render_versions(version, listed)


@api.on(rulesets.GET_IN_FORCE)
def in_force(request: Request) -> InForceView:
    """What routing runs with."""
    return render_in_force(_desk().book.in_force())


@api.on(rulesets.LINT_RULE_SET)
def lint(request: Request) -> LintView:
    """What the linter says."""
    version = _version(request, request.optional_body(LintBody).version)
    return render_lint(version, check(version, _desk()))


@api.on(rulesets.ACTIVATE_RULE_SET)
def put_in_force(request: Request) -> InForceView:
    """Routing runs with it."""
    body = request.optional_body(StepBody)
    step = _step(request, body)
    return render_in_force(activate(_version(request, body.version), step, _desk()))


@api.on(rulesets.REVERT_RULE_SET)
def go_back(request: Request) -> InForceView:
    """The version before."""
    step = _step(request, request.optional_body(RevertBody))
    return render_in_force(revert(asked.rule_set_id(request), step, _desk()))


@api.on(rulesets.SHADOW_RULE_SET)
def try_beside(request: Request) -> InForceView:
    """Recorded only."""
    body = request.optional_body(ShadowBody)
    step, set_id = _step(request, body), asked.rule_set_id(request)
    version = None if body.end else version_of(set_id, body.version, _desk().book)
    return render_in_force(shadow(version, step, _desk()))


def _version(request: Request, number: int | None) -> Version:
    return version_of(asked.rule_set_id(request), number, _desk().book)


def _step(request: Request, body: RevertBody) -> Step:
    asked.require_everywhere(request)
    seen = body.expected_version
    return Step(request.identity.name, body.reason, expected_version=seen)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
