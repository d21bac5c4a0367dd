"""Routing decisions over HTTP: what is on record, and why."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import decisions
from dom.api.app import Api
from dom.api.decision_views import DecisionAnswerView, WhyView
from dom.api.request import Request
from dom.aws.wiring import asking
from dom.model import names
from dom.model.decision import RoutingDecision
from dom.observability import logger, metrics
from dom.routing.ask import Asking, ask_why, decisions_of, pick
from dom.settings import from_environment

api = Api()


@cache
def _asking() -> Asking:
    return asking(from_environment())


@api.on(decisions.GET_DECISION)
def decision(request: Request) -> DecisionAnswerView:
    """What is on record."""
    found = _found(request)
    return decisions.render_decision(pick(found, *decisions.which(request)), found)


@api.on(decisions.GET_WHY)
def why(request: Request) -> WhyView:
    """Why this, or why not that."""
    asked, location_id = (
        pick(_found(request), *decisions.which(request)),
        decisions.location_of(request),
    )
    return decisions.render_why(ask_why(asked, _asking().archive, location_id))


def _found(request: Request) -> list[RoutingDecision]:
    return decisions_of(names.order_id(request.path["order_id"]), _asking().records)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
