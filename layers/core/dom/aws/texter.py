"""Text messages by Amazon SNS: one attempt each, and a clear word on whether SNS took it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dom.aws.sending import sent_once
from dom.notify.ports import Letter

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
_NEVER = frozenset({"InvalidParameter", "InvalidParameterValue", "ValidationException"})
# Critical to the customer, in SNS's words: delivered first, and never dropped for its price.
_TRANSACTIONAL = {"DataType": "String", "StringValue": "Transactional"}


@dataclass(frozen=True, slots=True)
class SnsTexter:
    """`dom.notify.ports.Mailer` for phones. `client` must not retry: it would send twice."""

    client: Any

    def send(self, letter: Letter) -> str:
        """SNS's message id. NotAccepted, RefusedByMailer or OutcomeUnknown otherwise."""
        return sent_once(
            lambda: self.client.publish(
                PhoneNumber=letter.recipient,
                Message=letter.text,
                MessageAttributes={"AWS.SNS.SMS.SMSType": _TRANSACTIONAL},
            ),
            _NEVER,
        )
