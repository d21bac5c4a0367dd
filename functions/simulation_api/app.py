"""Simulations over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api import simulations
from dom.api.app import Api
from dom.api.request import Request
from dom.api.simulation_document import SimulationBody, simulation_of
from dom.api.simulation_views import SimulationView
from dom.aws.simulation_wiring import simulations as wired
from dom.aws.simulations import Simulations
from dom.observability import count, logger, metrics
from dom.settings import from_environment

api = Api()


@cache
def _simulations() -> Simulations:
    return wired(from_environment())


@api.on(simulations.POST_SIMULATION)
def post(request: Request) -> SimulationView:
    """Check, keep and start."""
    body = request.body(SimulationBody)
    simulation_of(body)
    simulation_id = simulations.simulation_id_of(body)
    _simulations().start(simulation_id, simulations.plain(body))
    count("SimulationsAsked")
    return {"simulation_id": simulation_id, "status": "running"}


@api.on(simulations.GET_SIMULATION)
def get(request: Request) -> SimulationView:
    """How it stands."""
    simulation_id = simulations.simulation_id(request.path["id"])
    standing = _simulations().standing(simulation_id)
    return simulations.render(simulation_id, standing.status, standing.report, standing.reason)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a proxy event."""
    return api.answer(event)
