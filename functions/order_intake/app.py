"""POST /webhooks/{channel}/{account}: verify the signature, enqueue, answer. Writes no table."""

from __future__ import annotations

from functools import cache
from typing import Any

from dom.api.webhook import accepted, refused, webhook
from dom.aws.clients import client
from dom.aws.inbound import InboundSender
from dom.aws.secrets import ChannelSecrets
from dom.channels import channel
from dom.errors import Rejected, Retryable
from dom.intake.receive import receive
from dom.model.clock import system_clock
from dom.observability import count, logger, metrics
from dom.settings import from_environment


@cache
def _ports() -> tuple[ChannelSecrets, InboundSender]:
    found = from_environment()
    sender = InboundSender(client("sqs"), client("s3"), found.inbound_queue_url, found.raw_bucket)
    return ChannelSecrets(client("secretsmanager"), found.secrets_prefix), sender


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """200 when the event is kept; 401, 404 or 503 as problem JSON, and then nothing is."""
    try:
        got = webhook(event)
        receive(got, channel(got.channel), *_ports(), system_clock())
    except (Rejected, Retryable) as error:
        count("WebhookRefused" if isinstance(error, Rejected) else "WebhookFailed")
        logger.warning("webhook not accepted", extra={"error": type(error).__name__})
        return refused(error)
    count("WebhookAccepted")
    return accepted()
