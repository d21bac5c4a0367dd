"""Text messages by SNS, and notices that wait in EventBridge Scheduler."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import ANY, Stubber
from dom.aws.later import ScheduledNotices
from dom.aws.message_store import notice_of
from dom.aws.texter import SnsTexter
from dom.errors import Busy
from dom.notify.ports import Letter, NotAccepted, Notice, OutcomeUnknown, RefusedByMailer
from support.tables import REGION

TEXT = Letter("+19165550100", "", "Your order is on its way", "")
MOVED = Notice("ord_a/ORDER#7", "PromiseMoved", "ord_a", data={"ship_group_id": "sg1", "new": None})
SHIPPED = Notice("ord_a/FO#000001#6", "FulfillmentOrderShipped", "ord_a", "ord_a-1")
UNTIL = datetime(2026, 3, 5, 16, tzinfo=UTC)


def service(name: str) -> Any:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(name, region_name=REGION, **keys)  # type: ignore[call-overload]


def test_a_text_message_goes_to_the_number_as_one_that_matters() -> None:
    sns = service("sns")
    kind = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
    expected = {
        "PhoneNumber": TEXT.recipient,
        "Message": TEXT.text,
        "MessageAttributes": kind,
    }
    with Stubber(sns) as stub:
        stub.add_response("publish", {"MessageId": "m-1"}, expected)
        assert SnsTexter(sns).send(TEXT) == "m-1"


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("InvalidParameter", 400, RefusedByMailer),
        ("Throttled", 429, NotAccepted),
        ("AuthorizationError", 403, NotAccepted),
        ("InternalError", 500, OutcomeUnknown),
    ],
)
def test_what_sns_answers_is_a_clear_word(code: str, status: int, verdict: type) -> None:
    sns = service("sns")
    with Stubber(sns) as stub:
        stub.add_client_error("publish", code, "to +19165550100", status)
        with pytest.raises(verdict) as told:
            SnsTexter(sns).send(TEXT)
    assert "916" not in str(told.value)


def test_no_answer_is_never_taken_for_a_no() -> None:
    class Silent:
        def publish(self, **_: Any) -> None:
            raise ReadTimeoutError(endpoint_url="x")

    with pytest.raises(OutcomeUnknown):
        SnsTexter(Silent()).send(TEXT)


def waiting(scheduler: Any) -> ScheduledNotices:
    return ScheduledNotices(scheduler, "dom-n-", "arn:queue", "arn:role", "arn:dlq")


@pytest.mark.parametrize("notice", [MOVED, SHIPPED])
def test_a_notice_comes_back_as_it_was(notice: Notice) -> None:
    asked: list[dict[str, Any]] = []

    class Scheduler:
        def create_schedule(self, **request: Any) -> None:
            asked.append(request)

    waiting(Scheduler()).wait(notice, UNTIL)
    (request,) = asked
    # One that fired may not be gone yet when the same notice waits for another hour.
    for until in (UNTIL, UNTIL + timedelta(hours=2)):
        waiting(Scheduler()).wait(notice, until)
    assert [one["Name"] == request["Name"] for one in asked] == [True, True, False]
    back = json.loads(request["Target"]["Input"])
    assert notice_of(back["detail"]) == notice
    assert request["ScheduleExpression"] == "at(2026-03-05T16:00:00)"
    assert request["ActionAfterCompletion"] == "DELETE"
    assert request["Target"]["DeadLetterConfig"] == {"Arn": "arn:dlq"}
    assert len(request["Name"]) == len("dom-n-") + 20


def test_who_waits_already_waits_once_and_other_refusals_are_not_now() -> None:
    scheduler = service("scheduler")
    request = dict.fromkeys(
        (
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "FlexibleTimeWindow",
            "ActionAfterCompletion",
            "Target",
        ),
        ANY,
    )
    with Stubber(scheduler) as stub:
        stub.add_client_error("create_schedule", "ConflictException", "", 409, None, request)
        waiting(scheduler).wait(MOVED, UNTIL)
        stub.add_client_error("create_schedule", "ThrottlingException", "", 429, None, request)
        with pytest.raises(Busy):
            waiting(scheduler).wait(MOVED, UNTIL)
