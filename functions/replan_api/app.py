"""The re-plan over HTTP, a dry run unless it is told to commit; and work that people give away."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.api import reassignments, replans
from dom.api.app import Api
from dom.api.reassignments import ReassignBody
from dom.api.render_order import render_work
from dom.api.replan_views import ReplanView
from dom.api.replans import ReplanBody, render_report
from dom.api.request import Request
from dom.api.views import FulfillmentOrderView
from dom.aws.order_store import OrderStore
from dom.aws.wiring import orders, replanning, rules
from dom.model import names
from dom.observability import count, inputs_not_kept, logger, metrics, rules_unreadable
from dom.routing.replan.ports import Replanning
from dom.routing.replan.reassign import Reassignment, reassign
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


@cache
def _orders() -> OrderStore:
    return orders(from_environment())


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


@api.on(reassignments.REASSIGN)
def reassigned(request: Request) -> FulfillmentOrderView:
    """To where somebody says. It may be anywhere, so a token of single locations is not enough."""
    request.identity.require_location("")
    body, caller = request.body(ReassignBody), request.identity.name
    key = request.idempotency_key() or body.request_id
    wanted = Reassignment(
        request.path["id"],
        names.location_id(body.location_id),
        caller,
        body.reason,
        body.units(),
        body.version,
        body.force,
        f"reassign:{caller}:{key}" if key else "",
    )
    return render_work(reassign(wanted, _orders(), _replanning()().routing))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
