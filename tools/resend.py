"""Customer messages whose end nobody saw, or that the mail service refused: list them, resend one.

Without a key: every message that is UNKNOWN (it may have reached the customer) or FAILED. With a
key from that list: send that message once more. Look first whether it arrived (SES message events,
the customer); nothing here is ever sent by itself.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Protocol

from botocore.config import Config
from dom.aws.mailer import SesMailer
from dom.aws.message_store import DynamoMessages
from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.aws.texter import SnsTexter
from dom.aws.tracking_keys import TrackingKeys, TrackingLinks
from dom.model.clock import system_clock
from dom.notify.ports import Message, MessageStatus, Notice, Post
from dom.notify.tell import RESENDABLE, tell, way_of

from tools.console import say
from tools.personal import people_of
from tools.stack import Stack, add_stack_option, chosen


class Found(Protocol):
    """The stored messages by key."""

    def find(self, key: str) -> Message | None:
        """The message, or None."""


class Now:
    """What an operator sends does not wait."""

    def wait(self, notice: Notice, until: datetime) -> None:
        """Never asked."""


def resend(key: str, stored: Found, post: Post) -> MessageStatus | None:
    """Send the message of that key once more, and where it stands then; None: no such message.

    One that is neither UNKNOWN nor FAILED stays as it is.
    """
    message = stored.find(key)
    if message is None:
        return None
    if message.status not in RESENDABLE:
        return message.status
    return tell(message.notice, post, over=RESENDABLE, way=way_of(key))


def line_of(message: Message) -> str:
    """A message as the list shows it: no address, no name."""
    when = f"{message.claimed_at:%Y-%m-%d %H:%M}Z"
    return f"{message.status.value:8} {when}  {message.reason:24} {message.key}"


def _post(stack: Stack, messages: DynamoMessages) -> Post:
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.resource("NotifyFunction")
    )
    told = function["Environment"]["Variables"]
    # One attempt: a repeat after a lost answer would send twice.
    ses = stack.client("ses", config=Config(retries={"total_max_attempts": 1}))
    dynamodb = stack.client("dynamodb")
    orders = OrderStore(dynamodb, stack.resource("OrdersTable"), people_of(stack))
    places = NetworkStore(dynamodb, stack.resource("NetworkTable"))
    keys = TrackingKeys(stack.client("secretsmanager"), told["TRACKING_SECRET"])
    links = TrackingLinks(keys, told["TRACKING_URL"])
    mailer = SesMailer(ses, told["SENDER_EMAIL"])
    sns = stack.client("sns", config=Config(retries={"total_max_attempts": 1}))
    return Post(orders, places, messages, mailer, system_clock, links, Now(), texter=SnsTexter(sns))


def _list(messages: DynamoMessages) -> int:
    found = [one for status in sorted(RESENDABLE) for one in messages.with_status(status)]
    for one in sorted(found, key=lambda one: one.claimed_at):
        say(line_of(one))
    say(f"{len(found)} message(s) wait for a decision.")
    return 0


def main() -> int:
    """List, or resend one; 1 if it was not sent."""
    parser = argparse.ArgumentParser(prog="python -m tools.resend", description=__doc__)
    parser.add_argument("key", nargs="?", help="the message to send once more")
    add_stack_option(parser)
    arguments = parser.parse_args()
    stack = chosen(arguments)
    messages = DynamoMessages(stack.client("dynamodb"), stack.resource("InboxTable"))
    if not arguments.key:
        return _list(messages)
    status = resend(arguments.key, messages, _post(stack, messages))
    say(f"{arguments.key}: {status.value if status else 'no such message'}")
    return 0 if status is MessageStatus.SENT else 1


if __name__ == "__main__":
    sys.exit(main())
