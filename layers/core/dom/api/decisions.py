"""Routing decisions in the API: operations, and how records and reasons look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dom.api.decision_views import (
    AlternativeView,
    ChangeView,
    DecisionAnswerView,
    DecisionNameView,
    DecisionRecordView,
    TermView,
    WhyView,
)
from dom.api.operation import Operation, Query
from dom.api.request import Request
from dom.model import names
from dom.model.clock import to_text
from dom.model.decision import RoutingDecision
from dom.model.reasons import Alternative, Answer, WhatIf

_WHICH = (
    Query("decision_id", "This one of the order's decisions."),
    Query("ship_group_id", "The latest decision of this ship group."),
)
GET_DECISION = Operation(
    "getDecision",
    "GET",
    "/orders/{order_id}/decision",
    "orders:read",
    "The latest routing decision of an order, on record, and the names of all of them.",
    DecisionAnswerView,
    query=_WHICH,
    problems=(404,),
)
GET_WHY = Operation(
    "getWhy",
    "GET",
    "/orders/{order_id}/decision/why",
    "orders:read",
    "Why the plan is as it is; why a location is not in it, and the smallest change that would "
    "have chosen it. Worked out by deciding again; 409 when the inputs are not there any more.",
    WhyView,
    query=(Query("location_id", "Why not this location?"), *_WHICH),
    problems=(404, 409),
)
OPERATIONS = (GET_DECISION, GET_WHY)


def which(request: Request) -> tuple[str, str]:
    """The decision id and the ship group that a request names, "" for none."""
    return request.query.get("decision_id", ""), request.query.get("ship_group_id", "")


def location_of(request: Request) -> str:
    """The location that a request asks about, "" for none; InvalidInput if it cannot be one."""
    asked = request.query.get("location_id", "")
    return names.location_id(asked) if asked else ""


def render_decision(one: RoutingDecision, all_: Iterable[RoutingDecision]) -> DecisionAnswerView:
    """A decision, and the names of all that the order has, oldest first."""
    return {"decision": _record(one), "decisions": [_name(each) for each in all_]}


def render_why(answer: Answer) -> WhyView:
    """The reasons, and whether deciding again gave the stored bytes."""
    found = answer.why
    return {
        "decision_id": answer.decision.id,
        "text": found.text,
        "verdict": found.verdict,
        "fences": [{"reason": reason, "skus": skus} for reason, skus in found.fences.items()],
        "lines": list(found.lines),
        "units": list(found.units),
        "alternative": _alternative(found.alternative) if found.alternative else None,
        "changes": [_change(one) for one in found.changes],
        "replay": "differs" if answer.differs else "identical",
        "differs": sorted(answer.differs),
    }


def _record(one: RoutingDecision) -> DecisionRecordView:
    evidence = one.evidence
    return {
        **_name(one),
        "rule_version": one.rule_version,
        "order_version": one.order_version,
        "pass_name": one.pass_name,
        "why": one.why,
        "candidates": [dict(each) for each in one.candidates],
        "chosen": [dict(each) for each in one.chosen],
        "unallocated": dict(one.unallocated or {}),
        "cost": one.cost,
        "bound": one.bound,
        "gap": one.gap,
        "runner_up": _plain(one.runner_up),
        "cut": dict(one.cut),
        "replaces": list(one.replaces),
        "actor": one.actor,
        "saved": one.saved,
        "by_solver": one.by_solver,
        "milliseconds": one.milliseconds,
        "replayable": evidence.kept,
        "inputs": {
            "solve": evidence.solve,
            "demand": evidence.demand,
            "supply": evidence.supply,
            "network": evidence.network,
            "rules": evidence.rules,
        },
    }


def _name(one: RoutingDecision) -> DecisionNameView:
    return {
        "id": one.id,
        "ship_group_id": one.ship_group_id,
        "at": to_text(one.at),
        "kind": one.kind,
        "outcome": one.outcome,
    }


def _plain(found: Mapping[str, object] | None) -> dict[str, Any] | None:
    return dict(found) if found is not None else None


def _alternative(other: Alternative) -> AlternativeView:
    terms: list[TermView] = [{"term": name, "extra": money} for name, money in other.terms.items()]
    return {
        "location_ids": list(other.location_ids),
        "cost": other.cost,
        "extra": other.extra,
        "terms": terms,
        "parcels": other.parcels,
        "unallocated": other.unallocated,
        "pass_name": other.pass_name,
    }


def _change(one: WhatIf) -> ChangeView:
    return {
        "parameter": one.parameter,
        "text": one.text,
        "before": one.before,
        "after": one.after,
    }
