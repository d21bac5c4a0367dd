"""Letters by Amazon SES: one attempt each, and a clear word on whether SES took it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from dom.notify.ports import Letter, NotAccepted, OutcomeUnknown, RefusedByMailer

# https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html#API_SendEmail_Errors
# Everything else that SES refuses (throttled, quota, identity, permission) passes or is repaired.
_NEVER = frozenset({"MessageRejected", "InvalidParameterValue", "ValidationError"})
_NOT_SENT = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)


@dataclass(frozen=True, slots=True)
class SesMailer:
    """`dom.notify.ports.Mailer` by SES. `client` must not retry: it would send twice."""

    client: Any
    sender: str

    def send(self, letter: Letter) -> str:
        """SES's message id. NotAccepted, RefusedByMailer or OutcomeUnknown otherwise."""
        return _sent(lambda: self.client.send_email(**_request(letter, self.sender)))

    def post(self, mail: EmailMessage) -> str:
        """The same of a mail with its recipients, which may have files with it."""
        mail["From"] = self.sender
        raw = {"Data": mail.as_bytes()}
        return _sent(lambda: self.client.send_raw_email(Source=self.sender, RawMessage=raw))


def _sent(ask: Callable[[], Mapping[str, Any]]) -> str:
    try:
        return str(ask()["MessageId"])
    except ClientError as error:
        raise _verdict(error) from None
    except ParamValidationError:
        raise RefusedByMailer("ParamValidationError") from None
    except _NOT_SENT as error:
        raise NotAccepted(type(error).__name__) from None
    except BotoCoreError as error:
        raise OutcomeUnknown(type(error).__name__) from None


def _verdict(error: ClientError) -> NotAccepted | RefusedByMailer | OutcomeUnknown:
    """Only the code: SES's own text repeats addresses."""
    code = error.response["Error"]["Code"]
    if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return OutcomeUnknown(code)
    return RefusedByMailer(code) if code in _NEVER else NotAccepted(code)


def _request(letter: Letter, sender: str) -> dict[str, Any]:
    body = {"Text": _utf8(letter.text), "Html": _utf8(letter.html)}
    return {
        "Source": sender,
        "Destination": {"ToAddresses": [letter.recipient]},
        "Message": {"Subject": _utf8(letter.subject), "Body": body},
    }


def _utf8(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
