"""One contract for the claims of customer messages, in memory and in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws.message_store import DynamoMessages
from dom.notify.ports import Message, MessageStatus, Notice
from support.builders import NOW
from support.post import FakeMessages
from support.tables import REGION, moto_tables

S = MessageStatus
NOTICE = Notice("ord_a/ORDER#1", "OrderPlaced", "ord_a")
MESSAGE = Message("notify#ord_a/ORDER#1#x", "x", NOTICE, "abc", S.CLAIMED, NOW)

Store = FakeMessages | DynamoMessages


@pytest.fixture(params=["memory", "dynamodb"])
def messages(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield FakeMessages()
        return
    with moto_tables() as environment:
        client = boto3.client("dynamodb", region_name=REGION)
        yield DynamoMessages(client, environment["INBOX_TABLE"])


def test_the_first_claim_wins_and_the_second_sees_it(messages: Store) -> None:
    assert messages.claim(MESSAGE, {S.READY}) is None
    assert messages.claim(replace(MESSAGE, recipient="other"), {S.READY}) == MESSAGE


def test_a_claim_given_back_can_be_taken_again(messages: Store) -> None:
    messages.claim(MESSAGE, {S.READY})
    messages.settle(MESSAGE, S.READY, "Throttling")
    assert messages.claim(MESSAGE, {S.READY}) is None
    assert messages.find(MESSAGE.key) == MESSAGE


@pytest.mark.parametrize("status", [S.SENT, S.FAILED, S.UNKNOWN])
def test_a_settled_message_stays_settled(messages: Store, status: S) -> None:
    messages.claim(MESSAGE, {S.READY})
    messages.settle(MESSAGE, status, "why", "id-1")
    settled = replace(MESSAGE, status=status, reason="why", message_id="id-1")
    assert messages.claim(MESSAGE, {S.READY}) == settled
    messages.settle(MESSAGE, S.READY, "late")
    assert messages.find(MESSAGE.key) == settled


def test_a_send_that_ends_late_turns_unknown_into_sent(messages: Store) -> None:
    messages.claim(MESSAGE, {S.READY})
    messages.settle(MESSAGE, S.UNKNOWN, "INTERRUPTED")
    messages.settle(MESSAGE, S.SENT, message_id="id-1")
    found = messages.find(MESSAGE.key)
    assert found and (found.status, found.message_id) == (S.SENT, "id-1")


def test_an_operator_claims_what_is_unknown(messages: Store) -> None:
    messages.claim(MESSAGE, {S.READY})
    messages.settle(MESSAGE, S.UNKNOWN, "INTERRUPTED")
    assert messages.claim(MESSAGE, {S.UNKNOWN, S.FAILED}) is None


def test_operators_find_messages_by_status() -> None:
    with moto_tables() as environment:
        client = boto3.client("dynamodb", region_name=REGION)
        messages = DynamoMessages(client, environment["INBOX_TABLE"])
        messages.claim(MESSAGE, {S.READY})
        messages.claim(replace(MESSAGE, key="notify#b"), {S.READY})
        messages.settle(MESSAGE, S.UNKNOWN)
        found = [message.key for message in messages.with_status(S.UNKNOWN)]
    assert found == [MESSAGE.key]
