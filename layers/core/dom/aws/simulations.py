"""Simulations as executions of a state machine: started once for an id, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.codec import from_plain
from dom.aws.executions import start_once
from dom.aws.simulation_store import REFUSAL, REPORT, REQUEST, SimulationStore
from dom.errors import Busy, NotFound
from dom.simulation.simulation import Report

RUNNING, SUCCEEDED, FAILED = "running", "succeeded", "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a simulation stands: with its report when it succeeded, a reason when it failed."""

    status: str
    report: Report | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Simulations:
    """The bucket and the state machine."""

    store: SimulationStore
    stepfunctions: Any
    state_machine: str

    def start(self, simulation_id: str, request: object) -> None:
        """Keep what is asked and start; nothing more if it was started before."""
        self.store.put(simulation_id, REQUEST, request)
        told = {"simulation_id": simulation_id}
        start_once(self.stepfunctions, self.state_machine, simulation_id, told)

    def standing(self, simulation_id: str) -> Standing:
        """How it stands; NotFound if nobody asked for it, or it was forgotten."""
        report = self.store.find(simulation_id, REPORT)
        if report is not None:
            return Standing(SUCCEEDED, from_plain(Report, report))
        if self.store.find(simulation_id, REQUEST) is None:
            raise NotFound("simulation", simulation_id)
        refusal = self.store.find(simulation_id, REFUSAL)
        if refusal is not None:
            return Standing(FAILED, reason=refusal["reason"])
        return self._execution(simulation_id)

    def _execution(self, simulation_id: str) -> Standing:
        arn = f"{self.state_machine.replace(':stateMachine:', ':execution:')}:{simulation_id}"
        try:
            found = self.stepfunctions.describe_execution(executionArn=arn)
        except (BotoCoreError, ClientError) as error:
            if _code(error) == "ExecutionDoesNotExist":
                return Standing(FAILED, reason="it was never started: post it again")
            raise Busy(f"{simulation_id} cannot be described") from error
        if found["status"] in {"RUNNING", "SUCCEEDED"}:
            return Standing(RUNNING)  # a success that has not shown its report does so at once
        # Of errors that are not ours to tell only their names.
        return Standing(FAILED, reason=str(found.get("error") or found["status"].lower()))


def _code(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""
