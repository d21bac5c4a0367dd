"""What demand to come asks for, over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import forecasts, rebalancing
from dom.api.app import Api
from dom.api.forecasts import ForecastView, render_forecast
from dom.api.rebalancing import (
    ProposalsView,
    ProposalView,
    SlowStockView,
    render_proposal,
    render_slow,
)
from dom.api.request import Request
from dom.aws.forecast_wiring import Forecasts, forecasts_of
from dom.aws.planning_wiring import proposal_desk
from dom.aws.rebalancing_store import ProposalStore
from dom.errors import NotFound
from dom.model import names
from dom.observability import logger, metrics
from dom.planning.propose import Desk, decide
from dom.settings import from_environment

api = Api()


@cache
def _forecasts() -> Forecasts:
    return forecasts_of(from_environment())


@cache
def _desk() -> tuple[Desk, ProposalStore]:
    return proposal_desk(from_environment())


@api.on(forecasts.GET_FORECAST)
def get(request: Request) -> ForecastView:
    """One SKU's, with the safety stock that policies ask for at the locations of its customers."""
    sku, ports = names.sku(request.path["sku"]), _forecasts()
    known = ports.expectations.find([sku]).get(sku)
    kept = ports.kept().all_wanted(known, ports.category(sku), known.locations) if known else {}
    return render_forecast(known, sku, kept)


@api.on(rebalancing.LIST_PROPOSALS)
def listed(request: Request) -> ProposalsView:
    """A page; a token with locations sees what they are to give or take."""
    found, following = _desk()[1].page(rebalancing.cursor(request.query.get("next")))
    sees = request.identity.sees
    mine = (one for one in found if sees(one.origin) or sees(one.to))
    return {"proposals": [render_proposal(one) for one in mine], "next": following or None}


@api.on(rebalancing.DECIDE_PROPOSAL)
def decided(request: Request) -> ProposalView:
    """Approved or dismissed."""
    request.identity.require_location("")
    name = rebalancing.proposal_id(request.path["id"])
    status = rebalancing.decision(request.path["action"])
    return render_proposal(decide(name, status, request.identity.name, _desk()[0]))


@api.on(rebalancing.GET_SLOW)
def slow(request: Request) -> SlowStockView:
    """The newest list."""
    found = _desk()[1].slow()
    if found is None:
        raise NotFound("list", "slow stock")
    return render_slow(found.made_on.isoformat(), found.rows)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
