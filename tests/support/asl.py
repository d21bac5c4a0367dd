"""A state machine of statemachines/ played in the test: JSONata as AWS has it, tasks as functions.

Knows the states that are used here, retries included. No time passes: a task that waits for its
token has it answered by `Machine.wait`, or it times out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonata
from support.code import ROOT

Json = Any
Task = Callable[[Json], Json]
_EXPRESSION = re.compile(r"\{%(.*)%\}", re.DOTALL)


class Failed(Exception):
    """A task or the execution failed with an error of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _nobody_answers(token: str) -> Json:
    raise Failed("States.Timeout")


@dataclass
class Machine:
    """A definition by its file, the function that its tasks invoke, and what answers a token: the
    output of the task, or Failed with what it failed with.
    """

    name: str
    task: Task
    wait: Task = _nobody_answers
    seen: list[str] = field(default_factory=list)

    def run(self, given: Json) -> Json:
        """The output of an execution; Failed if it fails."""
        text = (ROOT / "statemachines" / f"{self.name}.asl.json").read_text(encoding="utf-8")
        return self._play(json.loads(text), given)

    def _play(self, definition: Json, given: Json) -> Json:
        name = definition["StartAt"]
        while True:
            state = definition["States"][name]
            self.seen.append(name)
            given, following = self._step(state, given)
            if following is None:
                return given
            name = following

    def _step(self, state: Json, given: Json) -> tuple[Json, str | None]:
        kind = state["Type"]
        if kind == "Choice":
            taken = (x["Next"] for x in state["Choices"] if evaluate(x["Condition"], given) is True)
            return given, next(taken, state["Default"])
        if kind == "Fail":
            raise Failed(state["Error"])
        result = None
        try:
            result = self._result(state, given)
        except Failed as failed:
            catch = next((x for x in state.get("Catch", ()) if _matches(x, failed.name)), None)
            if catch is None:
                raise
            told = catch.get("Output", {"Error": failed.name})
            return evaluate(told, given), catch["Next"]
        output = evaluate(state["Output"], given, result) if "Output" in state else result or given
        return output, state.get("Next")

    def _result(self, state: Json, given: Json) -> Json:
        if state["Type"] == "Map":
            items = evaluate(state["Items"], given)
            assert isinstance(items, list)
            return [self._play(state["ItemProcessor"], item) for item in items]
        return self._invoke(state, given) if state["Type"] == "Task" else None

    def _invoke(self, state: Json, given: Json) -> Json:
        for attempt in range(10):
            token = f"{self.name}/{len(self.seen)}/{attempt}"
            payload = evaluate(state["Arguments"]["Payload"], given, token=token)
            try:
                answer = {"Payload": self.task(json.loads(json.dumps(payload)))}
                waits = state["Resource"].endswith(".waitForTaskToken")
                return self.wait(token) if waits else answer
            except Failed as failed:
                retry = next((x for x in state["Retry"] if _matches(x, failed.name)), None)
                if retry is None or attempt >= retry["MaxAttempts"]:
                    raise
        raise AssertionError("retries never end")


def evaluate(template: Json, given: Json, result: Json = None, token: str = "") -> Json:
    """A template with its expressions worked out."""
    if isinstance(template, dict):
        return {name: evaluate(value, given, result, token) for name, value in template.items()}
    found = _EXPRESSION.fullmatch(template) if isinstance(template, str) else None
    if not found:
        return template
    expression = jsonata.Jsonata(found[1].strip())
    context = {"Task": {"Token": token}}
    expression.assign("states", {"input": given, "result": result, "context": context})
    return expression.evaluate(None)


def _matches(rule: Json, error: str) -> bool:
    return bool({error, "States.ALL"} & set(rule["ErrorEquals"]))
