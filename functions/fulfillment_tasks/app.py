"""Tasks of the state machine: release to the location, then wait for what comes next."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.clients import client
from dom.aws.outbox import complete
from dom.aws.wiring import floor
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.observability import logger, metrics
from dom.settings import from_environment


@cache
def _floor() -> Floor:
    return floor(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, str], context: object) -> dict[str, Any]:
    """Store the token of `{id, awaited, task_token}`; complete it at once if all is known."""
    token = event["task_token"]
    result = wait_for(event["id"], event["awaited"], token, _floor())
    if result:
        complete(client("stepfunctions"), token, result)
    return {"waiting": result is None}
