"""Policies of safety stock in the API: how much of it follows from demand, and where."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.api.scope_body import ScopeBody
from dom.errors import NotFound
from dom.model.safety_policy import SafetyPolicy

MOST_UNITS = 1_000_000_000
Units = Annotated[int, Field(ge=0, le=MOST_UNITS, strict=True)]


class SafetyPolicyView(TypedDict):
    """A policy as stored; see the body of its PUT."""

    policy_id: str
    level: float
    lead_days: float
    lead_variance: float
    least: int
    most: int | None
    skus: list[str]
    categories: list[str]
    location_ids: list[str]
    groups: list[str]
    location_types: list[str]
    why: str
    version: int


class SafetyPoliciesView(TypedDict):
    """Every policy."""

    policies: list[SafetyPolicyView]


class SafetyPolicyBody(ScopeBody):
    """Keep so much that with probability `level` stock lasts for `lead_days` (until more comes;
    `lead_variance` in days squared, if that varies), at least `least` and at most `most` units.
    Of which goods, where: all that is given must hold, nothing given means any; of several
    policies the most specific counts.
    """

    level: Annotated[float, Field(ge=0.5, le=0.9999)]
    lead_days: Annotated[float, Field(gt=0, le=365)]
    lead_variance: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    least: Units = 0
    most: Units | None = None

    @model_validator(mode="after")
    def _sensible(self) -> SafetyPolicyBody:
        if self.most is not None and self.most < self.least:
            raise ValueError("most is below least")
        return self

    def policy(self, policy_id: str) -> SafetyPolicy:
        """The policy that it describes; InvalidInput names a SKU or location that cannot be."""
        return SafetyPolicy(
            policy_id,
            self.level,
            self.lead_days,
            self.lead_variance,
            self.least,
            self.most,
            self.goods(),
            self.categories,
            self.where(),
            self.why,
        )


PUT_POLICY = Operation(
    "putSafetyStock",
    "PUT",
    "/safety-stock/{id}",
    "controls:write",
    "Let safety stock follow demand, from the next forecast on.",
    SafetyPolicyView,
    body=SafetyPolicyBody,
)
GET_POLICY = Operation(
    "getSafetyStock",
    "GET",
    "/safety-stock/{id}",
    "controls:read",
    "One policy of safety stock.",
    SafetyPolicyView,
    problems=(404,),
)
LIST_POLICIES = Operation(
    "listSafetyStock",
    "GET",
    "/safety-stock",
    "controls:read",
    "Every policy of safety stock, by id.",
    SafetyPoliciesView,
)
REMOVE_POLICY = Operation(
    "removeSafetyStock",
    "DELETE",
    "/safety-stock/{id}",
    "controls:write",
    "Let safety stock stay as it is from now on.",
    SafetyPolicyView,
    problems=(404,),
)
OPERATIONS = (PUT_POLICY, GET_POLICY, LIST_POLICIES, REMOVE_POLICY)


def render_policy(policy: SafetyPolicy | None, policy_id: str = "") -> SafetyPolicyView:
    """The policy as the API shows it; NotFound if there is none."""
    if policy is None:
        raise NotFound("policy", policy_id)
    where = policy.where
    return {
        "policy_id": policy.id,
        "level": policy.level,
        "lead_days": policy.lead_days,
        "lead_variance": policy.lead_variance,
        "least": policy.least,
        "most": policy.most,
        "skus": sorted(policy.skus),
        "categories": sorted(policy.categories),
        "location_ids": sorted(where.locations),
        "groups": sorted(where.groups),
        "location_types": sorted(one.value for one in where.types),
        "why": policy.why,
        "version": policy.version,
    }
