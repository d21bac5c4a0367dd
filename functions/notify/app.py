"""NotifyQueue (events from the bus) to customer messages by SES and SNS."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.aws.clients import client
from dom.aws.later import ScheduledNotices
from dom.aws.mailer import SesMailer
from dom.aws.message_store import DynamoMessages, notice_of
from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.aws.personal_wiring import people
from dom.aws.queues import each
from dom.aws.texter import SnsTexter
from dom.aws.tracking_keys import TrackingKeys, TrackingLinks
from dom.model.clock import system_clock
from dom.model.contact import quiet_hours
from dom.notify.ports import Post
from dom.notify.reach import reach
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _post() -> Post:
    settings, dynamodb = from_environment(), client("dynamodb")
    mailer = SesMailer(client("ses", attempts=1), settings.sender_email)
    places = NetworkStore(dynamodb, settings.network_table)
    messages = DynamoMessages(dynamodb, settings.inbox_table)
    keys = TrackingKeys(client("secretsmanager"), settings.tracking_secret)
    links = TrackingLinks(keys, settings.tracking_url)
    later = ScheduledNotices(
        client("scheduler"),
        settings.schedules_prefix,
        settings.notify_queue_arn,
        settings.schedules_role_arn,
        settings.notify_dlq_arn,
    )
    texter = SnsTexter(client("sns", attempts=1)) if settings.text_messages else None
    quiet = quiet_hours(settings.quiet_hours)
    return Post(
        OrderStore(dynamodb, settings.orders_table, people(settings)),
        places,
        messages,
        mailer,
        system_clock,
        links,
        later,
        texter=texter,
        quiet=quiet,
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tell the customer of each event; what cannot be sent now comes again alone."""
    return each(event["Records"], _tell, lambda error: logger.exception("not told"))


def _tell(body: dict[str, Any]) -> None:
    for status in reach(notice_of(body["detail"]), _post()):
        count(f"Notifications{status.value.capitalize()}")
