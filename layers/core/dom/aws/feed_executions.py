"""Runs of files as executions of a state machine, each started once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws.executions import start_once
from dom.model.feed_source import FeedRun


@dataclass(frozen=True, slots=True)
class FeedExecutions:
    """The state machine."""

    stepfunctions: Any
    state_machine: str

    def start(self, run: FeedRun) -> None:
        """Read the file of a run that was received."""
        self._start(run, run.run_id, False)

    def apply(self, run: FeedRun) -> None:
        """Write a run that a person let through; once for each time that it was."""
        self._start(run, f"{run.run_id}-{run.version}", True)

    def _start(self, run: FeedRun, name: str, approved: bool) -> None:
        told = {"source": run.source, "run_id": run.run_id, "approved": approved}
        start_once(self.stepfunctions, self.state_machine, name, told)
