"""Every five minutes: sources whose time has come are asked for their stock."""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import Any

from dom.aws.clients import client
from dom.aws.feed_store import FeedSources
from dom.aws.feed_wiring import pulling
from dom.http.download import download
from dom.inventory.files.pull import Pulling, pull
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# Of the function's timeout: what one source may take is left.
SECONDS = 420.0


@cache
def _ports() -> tuple[FeedSources, Pulling]:
    settings = from_environment()
    sources = FeedSources(client("dynamodb"), settings.network_table)
    return sources, pulling(settings, download)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Ask each that is due. One that fails rests, and keeps no other waiting."""
    sources, ports = _ports()
    ends, asked = monotonic() + SECONDS, 0
    for source in sources.all():
        state = pull(source, ports) if monotonic() < ends else None
        if state is None:
            continue
        asked += 1
        count("PullsFailed" if state.failures else "PullsDone")
        if state.failures:
            more = {"source": state.source, "failures": state.failures, "reason": state.reason}
            logger.error("a source cannot be pulled", extra=more)
    return {"asked": asked}
