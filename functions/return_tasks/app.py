"""Tasks of the return's state machine: a label, waiting, and paying what is owed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.aws import return_wiring, wiring
from dom.aws.clients import client
from dom.aws.outbox import complete
from dom.model.return_terms import ReturnStatus
from dom.observability import logger, metrics, rules_unreadable
from dom.returns.labelling import prepare
from dom.returns.ports import Settling
from dom.returns.waiting import settle, wait_for
from dom.settings import from_environment


@cache
def _settling() -> Callable[[], Settling]:
    settings = from_environment()
    return return_wiring.settling(settings, wiring.rules(settings, rules_unreadable))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, str], context: object) -> dict[str, Any]:
    """`{step: prepare | settle, id}`, or `{step: await, id, awaited, task_token}`.

    A token is completed at once if what it waits for is there already.
    """
    name, ports = event["id"], _settling()()
    if event["step"] == "await":
        token = event["task_token"]
        result = wait_for(name, event["awaited"], token, ports.returning)
        if result:
            complete(client("stepfunctions"), token, result)
        return {"waiting": result is None}
    step = {"prepare": prepare, "settle": settle}[event["step"]]
    return {"closed": step(name, ports).status is ReturnStatus.CLOSED}
