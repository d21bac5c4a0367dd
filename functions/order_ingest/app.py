"""SQS InboundQueue: each event understood and written into its order, once."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws import wiring
from dom.aws.clients import client
from dom.aws.control_store import ActiveControls, ControlStore
from dom.aws.inbound import InboundReader, InboundSender
from dom.aws.news import NewsQueue
from dom.aws.papers import BucketPapers
from dom.aws.parking import ParkingLot
from dom.aws.product_store import DynamoProductStore
from dom.aws.queues import failures
from dom.aws.reservation_store import ReservationStore
from dom.channels import channel
from dom.intake.batch import Intake, ingest_all
from dom.intake.hold import Policy
from dom.intake.ingest import Ports
from dom.model.clock import system_clock
from dom.observability import count, logger, metrics, recipients_unmarked
from dom.settings import from_environment


@cache
def _intake() -> Intake:
    found, dynamodb = from_environment(), client("dynamodb")
    s3, sqs = client("s3"), client("sqs")
    controls = ActiveControls(ControlStore(dynamodb, found.network_table))
    return Intake(
        read=InboundReader(s3, found.raw_bucket).read,
        channel=channel,
        parking=ParkingLot(dynamodb, s3, found.inbox_table, found.raw_bucket),
        clock=system_clock,
        ports=Ports(
            orders=wiring.orders(found),
            ledger=wiring.ledger(found),
            policy=Policy(
                found.route_unpaid,
                found.route_test_orders,
                controls,
                wiring.recipient_key(found, recipients_unmarked),
            ),
            news=NewsQueue(sqs, found.returns_queue_url, found.changes_queue_url),
            named=InboundSender(sqs, s3, found.fetch_queue_url, found.raw_bucket),
            carts=ReservationStore(dynamodb, found.inventory_table),
            recipes=DynamoProductStore(dynamodb, found.inventory_table),
            papers=BucketPapers(s3, found.raw_bucket),
        ),
    )


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Failed messages come again alone; what can never be understood is parked, not failed."""
    messages = {record["messageId"]: record["body"] for record in event["Records"]}
    return failures(ingest_all(messages, _intake(), count, logger.exception))
