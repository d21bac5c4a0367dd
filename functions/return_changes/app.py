"""What channels and carriers say of returns, carried out one message at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dom.aws import return_wiring, wiring
from dom.aws.codec import from_plain
from dom.aws.queues import each
from dom.aws.tracking import TrackingIndex
from dom.model.facts import ReturnNews
from dom.observability import count, logger, metrics, rules_unreadable
from dom.returns.hear import hear
from dom.returns.ports import Returning
from dom.settings import from_environment


@cache
def _returning() -> Callable[[], Returning]:
    settings = from_environment()
    return return_wiring.returning(settings, wiring.rules(settings, rules_unreadable))


@cache
def _tracking() -> TrackingIndex:
    return return_wiring.tracking(from_environment())


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A message that fails comes again alone, and at last to the dead letters."""

    def carry_out(message: dict[str, Any]) -> None:
        heard = hear(from_plain(ReturnNews, message), _returning()(), _tracking())
        if heard.ignored:
            count("NewsIgnored")
            logger.info("ignored", extra={"reason": heard.ignored})

    return each(event["Records"], carry_out, lambda error: logger.exception("not carried out"))
