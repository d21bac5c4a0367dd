"""PartnerQueue (files that partners dropped in S3) to what they ask for, entry by entry."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from time import monotonic
from typing import Any

from dom.aws.clients import client
from dom.aws.partner_files import left_of, partner_files_of
from dom.aws.partner_wiring import partner_office
from dom.aws.queues import Queue, each
from dom.model.partner_file import PartnerFile
from dom.observability import count, logger, metrics
from dom.partners.ports import Office
from dom.partners.take import take
from dom.settings import from_environment

# So long entries of a file are carried out in one go: far below the timeout.
SECONDS = 30.0
# What cannot be carried out now is tried again then.
LATER = timedelta(minutes=1)


@cache
def _ports() -> tuple[Office, Queue]:
    settings = from_environment()
    office = partner_office(settings, _unforeseen, count)
    return office, Queue(client("sqs"), settings.partner_queue_url)


def _unforeseen(error: Exception) -> None:
    logger.error("an entry failed as nobody foresaw", exc_info=error)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Each file by itself; one that cannot be placed fails alone."""
    return each(event["Records"], _handle, lambda error: logger.exception("not taken"))


def _handle(message: dict[str, Any]) -> None:
    for file in partner_files_of(message):
        _take(file)


def _take(file: PartnerFile) -> None:
    office, queue = _ports()
    ends = monotonic() + SECONDS
    left = take(file, office, lambda: monotonic() < ends)
    if left:
        queue.send(left_of(left), LATER if left.tries > file.tries else timedelta())
