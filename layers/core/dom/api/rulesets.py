"""Rule sets in the API: operations and bodies."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from dom.api.operation import Operation, Query
from dom.api.rule_models import RuleSetDocument
from dom.api.ruleset_views import (
    InForceView,
    LintView,
    RuleSetVersionsView,
    RuleSetView,
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class LintBody(_Body):
    """Which version to lint; without one the newest."""

    version: int | None = Field(None, ge=1, le=10**9, strict=True)


class RevertBody(_Body):
    """Why, and what was seen: `expected_version` is the `version` of what is in force."""

    reason: str = Field("", max_length=500)
    expected_version: int | None = Field(None, ge=0, le=2**53, strict=True)


class StepBody(RevertBody, LintBody):
    """Which version, why, and what was seen. All of it is optional."""


class ShadowBody(StepBody):
    """`end`: no version is tried any more."""

    end: bool = Field(False, strict=True)


_VERSION = Query("version", "Number of the version; without it the newest.")
PUT_RULE_SET = Operation(
    "putRuleSet",
    "PUT",
    "/rulesets/{id}",
    "rules:write",
    "Write a new version, as YAML or JSON. Nothing runs with it until it is activated.",
    RuleSetView,
    body=RuleSetDocument,
    headers=(Query("If-Match", "Number of the newest version so far, 0 for none: else 409."),),
    problems=(409, 415),
)
GET_RULE_SET = Operation(
    "getRuleSet",
    "GET",
    "/rulesets/{id}",
    "rules:read",
    "A version, with a list of all; as YAML if that is what the caller accepts.",
    RuleSetVersionsView,
    query=(_VERSION, Query("full", "With YAML: true for the defaults, too.")),
    headers=(Query("Accept", "application/yaml for the document alone, as YAML."),),
    problems=(404,),
)
GET_IN_FORCE = Operation(
    "getRulesInForce",
    "GET",
    "/rulesets",
    "rules:read",
    "Which version routing runs with, which is tried beside it, and who put them there.",
    InForceView,
)
LINT_RULE_SET = Operation(
    "lintRuleSet",
    "POST",
    "/rulesets/{id}/lint",
    "rules:read",
    "What is probably not meant in a version, in the network as it is now.",
    LintView,
    body=LintBody,
    body_required=False,
    problems=(404,),
)
ACTIVATE_RULE_SET = Operation(
    "activateRuleSet",
    "POST",
    "/rulesets/{id}/activate",
    "rules:write",
    "Routing and promises run with this version from now on; 409 if the linter finds errors.",
    InForceView,
    body=StepBody,
    body_required=False,
    problems=(404, 409),
)
REVERT_RULE_SET = Operation(
    "revertRuleSet",
    "POST",
    "/rulesets/{id}/revert",
    "rules:write",
    "Go back to the version that was active before the one of this rule set.",
    InForceView,
    body=RevertBody,
    body_required=False,
    problems=(409,),
)
SHADOW_RULE_SET = Operation(
    "shadowRuleSet",
    "POST",
    "/rulesets/{id}/shadow",
    "rules:write",
    "Decide with this version, too, and only record what it would have done.",
    InForceView,
    body=ShadowBody,
    body_required=False,
    problems=(404, 409),
)
OPERATIONS = (
    PUT_RULE_SET,
    GET_RULE_SET,
    GET_IN_FORCE,
    LINT_RULE_SET,
    ACTIVATE_RULE_SET,
    REVERT_RULE_SET,
    SHADOW_RULE_SET,
)
