"""The steps of a file as its state machine asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.inventory.files import steps
from dom.inventory.files.ports import Desk
from dom.model.feed_source import FeedRun


@dataclass(frozen=True, slots=True)
class FeedSteps:
    """What the steps are taken with."""

    desk: Desk

    def take(self, event: dict[str, Any]) -> dict[str, Any]:
        """The step `{step, source, run_id, part, error}`; how the run stands then.

        `over`: it goes no further without a person.
        """
        run = self.desk.runs.load(str(event["source"]), str(event["run_id"]))
        if event["step"] in {"look", "apply"}:
            return self._part(str(event["step"]), run, int(event["part"]))
        if event["step"] == "fail":
            return _standing(steps.failed(run, str(event["error"]), self.desk))
        step = {
            "prepare": steps.prepared,
            "weigh": steps.weighed,
            "report": steps.reported,
        }[event["step"]]
        return _standing(step(run, self.desk))

    def _part(self, step: str, run: FeedRun, number: int) -> dict[str, Any]:
        take = {"look": steps.looked_at, "apply": steps.applied}[step]
        take(run, number, self.desk)
        return {"run_id": run.run_id, "part": number}


def _standing(run: FeedRun) -> dict[str, Any]:
    return {
        "source": run.source,
        "run_id": run.run_id,
        "status": run.status.value,
        "over": not run.open,
    }
