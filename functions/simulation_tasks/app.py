"""Steps of the simulation state machine: prepare, run a variant, report."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.simulation_steps import SimulationSteps
from dom.aws.simulation_wiring import simulation_steps
from dom.observability import logger, metrics
from dom.settings import from_environment


@cache
def _steps() -> SimulationSteps:
    return simulation_steps(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take the step `{step, simulation_id, variant}`."""
    return _steps().take(event)
