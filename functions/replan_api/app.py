"""The re-plan over HTTP: a dry run unless it is told to commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.api import replans
from dom.api.app import Api
from dom.api.replan_views import ReplanView
from dom.api.replans import ReplanBody, render_report
from dom.api.request import Request
from dom.aws.wiring import replanning, rules
from dom.observability import count, inputs_not_kept, logger, metrics, rules_unreadable
from dom.routing.replan.ports import Replanning
from dom.routing.replan.run import replan
from dom.settings import from_environment
from dom.solver.mip import Mip

api = Api()
# A safety stop, for the gateway waits 29 seconds: the budget itself is in nodes.
SOLVER_SECONDS = 8.0


@cache
def _replanning() -> Callable[[], Replanning]:
    settings = from_environment()
    return replanning(settings, rules(settings, rules_unreadable), Mip(seconds=SOLVER_SECONDS))


@api.on(replans.POST_REPLAN)
def post(request: Request) -> ReplanView:
    """Plan anew. Work may go anywhere, so a token of single locations is not enough."""
    request.identity.require_location("")
    ask = request.optional_body(ReplanBody).ask()
    report = replan(ask, _replanning()())
    if ask.commit:
        count("ReplanMoved", len(report.moves))
        count("ReplanSaved", report.saved)
        inputs_not_kept(report.unkept)
    return render_report(report, ask.commit)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
