"""SupplierQueue to suppliers and back: what they are to ship (events of the bus), and what they
answer (files in S3).
"""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import Any

from dom.aws.answer_files import AnswerFiles, answer_files_of, left_of
from dom.aws.clients import client
from dom.aws.queues import Queue, each
from dom.aws.supplier_wiring import informing
from dom.fulfillment.dropship.hear import AnswerFile, hear
from dom.fulfillment.dropship.ports import Informing
from dom.fulfillment.dropship.tell import tell_supplier
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# So long answers of a file are carried out in one go: far below the timeout, with room for the
# other message of a batch.
ANSWER_SECONDS = 8.0


@cache
def _ports() -> Informing:
    return informing(from_environment())


@cache
def _answers() -> tuple[AnswerFiles, Queue]:
    settings = from_environment()
    files = AnswerFiles(client("s3"), settings.feeds_bucket)
    return files, Queue(client("sqs"), settings.supplier_queue_url)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Each message by itself; what fails comes again alone."""
    return each(event["Records"], _handle, lambda error: logger.exception("not told"))


def _handle(body: dict[str, Any]) -> None:
    if "detail" in body:
        told = tell_supplier(body["detail"]["fulfillment_order_id"], _ports())
        count("SuppliersInformed", told)
    else:
        for file in answer_files_of(body):
            _hear(file)


def _hear(file: AnswerFile) -> None:
    files, queue = _answers()
    ends = monotonic() + ANSWER_SECONDS
    outcomes, left = hear(file, files, _ports().floor, lambda: monotonic() < ends)
    if left:
        queue.send(left_of(left))
    refused = [one for one in outcomes if one.reason]
    count("AnswersTaken", len(outcomes) - len(refused))
    count("AnswersRefused", len(refused))
