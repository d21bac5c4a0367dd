"""Letters by Amazon SES: one attempt each, and a clear word on whether SES took it."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from dom.aws.sending import sent_once
from dom.notify.ports import Letter

# https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html#API_SendEmail_Errors
_NEVER = frozenset({"MessageRejected", "InvalidParameterValue", "ValidationError"})


@dataclass(frozen=True, slots=True)
class SesMailer:
    """`dom.notify.ports.Mailer` by SES. `client` must not retry: it would send twice."""

    client: Any
    sender: str

    def send(self, letter: Letter) -> str:
        """SES's message id. NotAccepted, RefusedByMailer or OutcomeUnknown otherwise."""
        request = _request(letter, self.sender)
        return sent_once(lambda: self.client.send_email(**request), _NEVER)

    def post(self, mail: EmailMessage) -> str:
        """The same of a mail with its recipients, which may have files with it."""
        mail["From"] = self.sender
        raw = {"Data": mail.as_bytes()}
        ask = {"Source": self.sender, "RawMessage": raw}
        return sent_once(lambda: self.client.send_raw_email(**ask), _NEVER)


def _request(letter: Letter, sender: str) -> dict[str, Any]:
    body = {"Text": _utf8(letter.text), "Html": _utf8(letter.html)}
    return {
        "Source": sender,
        "Destination": {"ToAddresses": [letter.recipient]},
        "Message": {"Subject": _utf8(letter.subject), "Body": body},
    }


def _utf8(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
