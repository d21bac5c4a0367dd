"""Every minute: give back the units of cart reservations whose time is over."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.wiring import holding
from dom.observability import count, logger, metrics
from dom.promise.expire import sweep
from dom.promise.ports import Holding
from dom.settings import from_environment


@cache
def _holding() -> Holding:
    return holding(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Expire what is due. The schedule runs again in a minute, so a failure is not repeated."""
    due, failed = sweep(_holding())
    count("HoldsExpired", due - failed)
    count("HoldSweepFailures", failed)
    return {"due": due, "failed": failed}
