"""Ports of simulations made from settings; apart from `wiring`, since they bring pydantic."""

from __future__ import annotations

from dom.aws.clients import client
from dom.aws.documents import Documents
from dom.aws.order_history import OrderHistory
from dom.aws.simulation_steps import SimulationSteps
from dom.aws.simulation_store import SimulationStore
from dom.aws.simulations import Simulations
from dom.settings import Settings


def simulations(settings: Settings) -> Simulations:
    """What starts simulations and tells how they stand."""
    return Simulations(
        _store(settings), client("stepfunctions"), settings.simulation_state_machine_arn
    )


def simulation_steps(settings: Settings) -> SimulationSteps:
    """The steps of a simulation. History is only read."""
    history = OrderHistory(
        client("dynamodb"),
        settings.orders_table,
        settings.inventory_table,
        settings.network_table,
    )
    return SimulationSteps(_store(settings), history)


def _store(settings: Settings) -> SimulationStore:
    return SimulationStore(Documents(client("s3"), settings.raw_bucket))
