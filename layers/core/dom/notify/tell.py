"""Tell a customer once: claim, send, mark. What nobody saw the end of is never sent blindly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from dom.errors import Busy
from dom.model.ids import digest
from dom.notify.compose import letter_for
from dom.notify.ports import (
    Letter,
    Mailer,
    Message,
    MessageStatus,
    NotAccepted,
    Notice,
    OutcomeUnknown,
    Post,
    RefusedByMailer,
    Unwanted,
    Way,
)
from dom.notify.templates import MESSAGES

S = MessageStatus

# An attempt younger than this may still be running: longer than the function's timeout, shorter
# than the queue's visibility, so that a redelivery after a crash finds it older.
IN_FLIGHT = timedelta(seconds=60)
# Each way has a claim of its own.
_SUFFIX = {Way.MAIL: "", Way.SMS: "#sms"}
RETRYABLE = frozenset({S.READY})
# What an operator may send once more.
RESENDABLE = frozenset({S.UNKNOWN, S.FAILED})


def way_of(key: str) -> Way:
    """The way that a claim is of, by its key."""
    return Way.SMS if key.endswith(_SUFFIX[Way.SMS]) else Way.MAIL


def tell(
    notice: Notice,
    post: Post,
    over: Collection[MessageStatus] = RETRYABLE,
    way: Way = Way.MAIL,
) -> MessageStatus | None:
    """Send the message of an event by one way, unless it was sent, and say where it stands.

    None: no message belongs to such events. NotAccepted: try again later, nothing was sent. Busy:
    another attempt may be running. UNKNOWN: an earlier or this attempt may have sent it; only an
    operator decides (`over` RESENDABLE). NotFound: there is no such order.
    """
    if notice.type not in MESSAGES:
        return None
    message, letter = _prepared(notice, post, way)
    stored = post.messages.claim(message, over)
    if stored:
        return _found(stored, message.claimed_at, post)
    sender = post.texter if way is Way.SMS else post.mailer
    return _send(letter, message, post, sender) if letter and sender else message.status


def _prepared(notice: Notice, post: Post, way: Way) -> tuple[Message, Letter | None]:
    template, now = MESSAGES[notice.type], post.clock()
    key = f"notify#{notice.event_id}#{template}{_SUFFIX[way]}"
    try:
        letter = letter_for(notice, post.orders, post.places, post.link, way)
    except Unwanted as unwanted:
        return Message(key, template, notice, "", S.SKIPPED, now, str(unwanted)), None
    recipient = digest(notice.order_id, letter.recipient.lower())
    return Message(key, template, notice, recipient, S.CLAIMED, now), letter


def _found(stored: Message, now: datetime, post: Post) -> MessageStatus:
    """What a repeat does: nothing, unless the attempt before it died between claim and mark."""
    if stored.status is not S.CLAIMED:
        return stored.status
    if now - stored.claimed_at < IN_FLIGHT:
        raise Busy(f"{stored.key} is being sent")
    post.messages.settle(stored, S.UNKNOWN, "INTERRUPTED")
    return S.UNKNOWN


def _send(letter: Letter, message: Message, post: Post, sender: Mailer) -> MessageStatus:
    settle = post.messages.settle
    try:
        message_id = sender.send(letter)
    except NotAccepted as error:
        settle(message, S.READY, str(error))
        raise
    except RefusedByMailer as error:
        settle(message, S.FAILED, str(error))
        return S.FAILED
    except OutcomeUnknown as error:
        settle(message, S.UNKNOWN, str(error))
        return S.UNKNOWN
    settle(message, S.SENT, message_id=message_id)
    return S.SENT
