"""SQS FetchQueue: orders that events only name, read from their channel for InboundQueue."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from time import monotonic
from typing import Any

from dom.aws.accounts import Accounts
from dom.aws.clients import client
from dom.aws.inbound import InboundReader, InboundSender
from dom.aws.parking import ParkingLot
from dom.aws.queues import failures
from dom.channels import channel
from dom.channels.feeds import Reader, reader_of
from dom.errors import Rejected
from dom.intake.fetch import Fetching, fetch_all
from dom.model.clock import system_clock
from dom.observability import count, logger, metrics
from dom.settings import from_environment

# Of the function's timeout: what the slowest order may take (five calls) is left.
SECONDS = 10.0


@cache
def _ports() -> Fetching:
    found, s3 = from_environment(), client("s3")
    accounts = Accounts(client("secretsmanager"), found.secrets_prefix)

    def feed(name: str, account: str) -> Reader:
        make = reader_of(name)
        if make is None:
            raise Rejected(f"{name} has no API that is read")
        return make(account, accounts.credentials(name, account))

    return Fetching(
        read=InboundReader(s3, found.raw_bucket).read,
        channel=channel,
        feed=feed,
        queue=InboundSender(client("sqs"), s3, found.inbound_queue_url, found.raw_bucket),
        parking=ParkingLot(client("dynamodb"), s3, found.inbox_table, found.raw_bucket),
        clock=system_clock,
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Those of a busy account come again; what a channel refuses for good is parked."""
    messages = {record["messageId"]: record["body"] for record in event["Records"]}
    ends = monotonic() + SECONDS
    ports = replace(_ports(), enough=lambda: monotonic() > ends)
    return failures(fetch_all(messages, ports, count, logger.exception))
