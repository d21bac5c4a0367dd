"""What SES's answers mean: taken, not now, never, or nobody knows."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.stub import Stubber
from dom.aws.clients import client
from dom.aws.mailer import SesMailer
from dom.notify.ports import Letter, NotAccepted, OutcomeUnknown, RefusedByMailer
from support.tables import REGION

LETTER = Letter("zoe@example.com", "Zoë's order", "text", "<p>html</p>")


def ses() -> Any:
    return boto3.client(
        "ses",
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}),
    )


class Raising:
    """A client that answers every call with an exception."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_email(self, **_: Any) -> None:
        raise self.error


def test_the_letter_goes_out_as_utf8_text_and_html_from_the_sender() -> None:
    service = ses()
    expected = {
        "Source": "shop@example.com",
        "Destination": {"ToAddresses": ["zoe@example.com"]},
        "Message": {
            "Subject": {"Data": "Zoë's order", "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": "text", "Charset": "UTF-8"},
                "Html": {"Data": "<p>html</p>", "Charset": "UTF-8"},
            },
        },
    }
    with Stubber(service) as stub:
        stub.add_response("send_email", {"MessageId": "m-1"}, expected)
        assert SesMailer(service, "shop@example.com").send(LETTER) == "m-1"


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("Throttling", 400, NotAccepted),
        ("AccessDenied", 403, NotAccepted),
        ("AccountSendingPausedException", 400, NotAccepted),
        ("MessageRejected", 400, RefusedByMailer),
        ("InvalidParameterValue", 400, RefusedByMailer),
        ("InternalFailure", 500, OutcomeUnknown),
        ("ServiceUnavailable", 503, OutcomeUnknown),
    ],
)
def test_a_refusal_is_sorted_by_what_may_be_done_next(
    code: str, status: int, meaning: type[Exception]
) -> None:
    refused = {
        "Error": {"Code": code, "Message": "not verified: zoe@example.com"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    mailer = SesMailer(Raising(ClientError(refused, "SendEmail")), "shop@example.com")  # type: ignore[arg-type]
    with pytest.raises(meaning) as caught:
        mailer.send(LETTER)
    assert str(caught.value) == code


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (ConnectTimeoutError(endpoint_url="https://ses"), NotAccepted),
        (EndpointConnectionError(endpoint_url="https://ses"), NotAccepted),
        (ReadTimeoutError(endpoint_url="https://ses"), OutcomeUnknown),
    ],
)
def test_no_answer_is_only_safe_to_retry_when_nothing_was_sent(
    error: Exception, meaning: type[Exception]
) -> None:
    with pytest.raises(meaning):
        SesMailer(Raising(error), "shop@example.com").send(LETTER)


def test_the_client_for_mail_makes_one_attempt_and_all_others_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    assert client("ses", attempts=1).meta.config.retries["total_max_attempts"] == 1
    assert client("sqs").meta.config.retries["total_max_attempts"] > 1
    client.cache_clear()
