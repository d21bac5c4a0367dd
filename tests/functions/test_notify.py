"""The notify function on events as the bus puts them into its queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import boto3
import pytest
from dom.aws.data_keys import DataKeys
from dom.aws.ledger import DynamoLedger
from dom.aws.message_store import DynamoMessages
from dom.events import order_event
from dom.model.commit import Commit, PersonalData
from dom.model.history import HistoryEntry
from dom.model.ids import OrderId
from dom.notify.ports import MessageStatus
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends
from support.builders import NOW, line, order
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION, forget_key, moto_tables, people_of, throttled

Function = Callable[[dict[str, Any]], Any]
KEY = "notify#ord_a/ORDER#1#order_confirmed"


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    for name, value in {
        "SENDER_EMAIL": "shop@example.com",
        "TRACKING_SECRET": "tracking",
        "TRACKING_URL": "https://shop.example/track/",
        "POWERTOOLS_SERVICE_NAME": "notify",
        "POWERTOOLS_METRICS_NAMESPACE": "dom",
        "POWERTOOLS_TRACE_DISABLED": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with moto_tables() as environment:
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secrets.create_secret(Name="tracking", SecretString="a" * 64)
        boto3.client("ses", region_name=REGION).verify_email_identity(
            EmailAddress="shop@example.com"
        )
        yield environment


@pytest.fixture
def notify(tables: dict[str, str]) -> Function:
    return load()


def load() -> Function:
    app = load_function("notify")
    return lambda event: app.handler(event, LambdaContext("notify"))


def sqs_event(bodies: Iterable[str]) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def placed(tables: dict[str, str], order_id: str = "ord_a", **personal: Any) -> str:
    """An order in the table, and the queue's message about it."""
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    names = tables["ORDERS_TABLE"], tables["INVENTORY_TABLE"]
    ledger = DynamoLedger(dynamodb, *names, people=people_of(tables))
    new = order(order_id, line("1", title="Blue mug"), name="#1001", version=0)
    data = PersonalData(OrderId(order_id), "7", personal)
    ledger.commit(Commit(order_id, NOW, "test", orders=(new,), personal=(data,)))
    event = order_event(order_id, "ORDER", HistoryEntry(1, NOW, "OrderPlaced", "shopify", {}))
    return json.dumps({"detail-type": event.type, "source": "dom", "detail": event.detail})


def sent() -> list[Any]:
    return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)


def message(tables: dict[str, str]) -> Any:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    return DynamoMessages(dynamodb, tables["INBOX_TABLE"]).find(KEY)


def test_a_placed_order_becomes_one_mail_however_often_the_queue_delivers_it(
    tables: dict[str, str], notify: Function
) -> None:
    event = sqs_event([placed(tables, email="zoe@example.com")] * 3)
    assert notify(event) == {"batchItemFailures": []}
    assert notify(event) == {"batchItemFailures": []}
    [mail] = sent()
    assert mail.destinations["ToAddresses"] == ["zoe@example.com"]
    assert "#1001" in mail.subject
    assert message(tables).status is MessageStatus.SENT


def test_whose_key_is_gone_is_not_told_and_does_not_come_again(
    tables: dict[str, str], notify: Function
) -> None:
    event = sqs_event([placed(tables, email="zoe@example.com")])
    forget_key(tables, "ord_a")
    assert notify(event) == notify(event) == {"batchItemFailures": []}
    assert (sent(), message(tables).status) == ([], MessageStatus.SKIPPED)


def test_while_kms_does_not_answer_the_message_comes_again(
    tables: dict[str, str], notify: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = sqs_event([placed(tables, email="zoe@example.com")])
    with monkeypatch.context() as patch:
        patch.setattr(DataKeys, "_ask", throttled)
        assert notify(event) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert message(tables) is None
    assert notify(event) == {"batchItemFailures": []}
    assert len(sent()) == 1


def test_one_poison_message_does_not_stop_its_neighbors(
    tables: dict[str, str], notify: Function
) -> None:
    good = placed(tables, email="zoe@example.com")
    answer = notify(sqs_event(["not json", good, json.dumps({"detail": {}})]))
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["m0", "m2"]
    assert len(sent()) == 1


def test_a_letter_that_ses_rejects_ends_as_failed_with_its_code(
    tables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a sender that SES does not know (moto answers MessageRejected)
    monkeypatch.setenv("SENDER_EMAIL", "unknown@example.com")
    event = sqs_event([placed(tables, email="zoe@example.com")])
    # THEN nothing was sent, and an operator sees why
    assert load()(event) == {"batchItemFailures": []}
    assert (message(tables).status, message(tables).reason) == (
        MessageStatus.FAILED,
        "MessageRejected",
    )
    assert sent() == []


def test_logs_and_metrics_name_no_customer(
    tables: dict[str, str], notify: Function, capfd: pytest.CaptureFixture[str]
) -> None:
    notify(sqs_event([placed(tables, name="Zoë Ann", email="zoe@example.com")]))
    notify(sqs_event([placed(tables, "ord_b", name="Zoë Ann")]))
    said = "".join(capfd.readouterr())
    assert "NotificationsSent" in said and "NotificationsSkipped" in said
    assert "example.com" not in said and "Zo" not in said
