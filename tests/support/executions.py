"""Step Functions' side of a task that waits: the tokens it gave out, and how each was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from dom.aws.outbox import complete
from dom.model.waiting import Outcome
from support.asl import Failed, Machine

Json = dict[str, Any]
_OVER = object()


@dataclass
class StepFunctions:
    """Answers each token once, as AWS does: a token that was used, or never given, is refused."""

    open: str = ""
    answer: Json | Failed | None = None
    refused: list[str] = field(default_factory=list)

    def send_task_success(self, taskToken: str, output: str) -> None:
        self._answered(taskToken, json.loads(output))

    def send_task_failure(self, taskToken: str, error: str, cause: str) -> None:
        self._answered(taskToken, Failed(error))

    def _answered(self, token: str, answer: Json | Failed) -> None:
        if token != self.open or self.answer is not None:
            self.refused.append(token)
            told = {"Error": {"Code": "TaskTimedOut", "Message": "nobody waits"}}
            raise ClientError(told, "SendTask")  # type: ignore[arg-type]
        self.answer = answer


@dataclass
class Execution:
    """One run of a state machine over a world that goes on while it waits.

    `step` is the Lambda function of its tasks: the outcome for a token that need not wait, else
    None. `relayed` is what the relay completes of the item as it stands: a token and its outcome.
    `story` is what happens meanwhile, one thing after the other; when it is over and nobody has
    answered, the safety net of the state (TimeoutSeconds) is all that is left.
    """

    machine: str
    step: Callable[[Json], tuple[Json, Outcome | None]]
    relayed: Callable[[], tuple[str, Outcome] | None]
    story: Iterator[object]
    aws: StepFunctions = field(default_factory=StepFunctions)
    tokens: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def run(self, name: str) -> str:
        """The state that it ends in, or the error that it fails with."""
        played = Machine(self.machine, self._task, self._wait, self.seen)
        try:
            played.run({"id": name})
        except Failed as failed:
            return failed.name
        return self.seen[-1]

    def _task(self, event: Json) -> Json:
        token = event.get("task_token", "")
        if token:
            self.aws.open, self.aws.answer = token, None
            self.tokens.append(token)
        answer, outcome = self.step(event)
        if outcome:
            complete(self.aws, token, outcome)
        return answer

    def _wait(self, token: str) -> Json:
        while self.aws.answer is None:
            self.relay()
            if self.aws.answer is None and next(self.story, _OVER) is _OVER:
                self.aws.open = ""
                raise Failed("States.Timeout")
        if isinstance(self.aws.answer, Failed):
            raise self.aws.answer
        return self.aws.answer

    def relay(self) -> None:
        """What the stream's record leads to, at least once: here always twice."""
        for _ in range(2):
            if told := self.relayed():
                complete(self.aws, *told)
