"""Control numbers are given once to each message, whoever asks at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws import partner_names, transactions
from dom.aws.partner_names import PartnerNames
from dom.errors import Busy
from support.builders import NOW
from support.tables import REGION, moto_tables


class Between:
    """A client before whose next transactions something else happens."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.happens: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def transact_write_items(self, **request: Any) -> Any:
        if self.happens:
            self.happens.pop(0)()
        return self.client.transact_write_items(**request)


@pytest.fixture
def dynamodb() -> Iterator[Between]:
    with moto_tables():
        yield Between(boto3.client("dynamodb", region_name=REGION))


def names(dynamodb: Any, at: datetime = NOW) -> PartnerNames:
    return PartnerNames(dynamodb, "InboxTable", lambda: at)


def test_a_message_keeps_its_number_and_its_time(dynamodb: Between) -> None:
    assert names(dynamodb).number("wms", "ord_a-1.2") == (1, NOW)
    later = names(dynamodb, NOW + timedelta(hours=1))
    assert later.number("wms", "ord_a-1.3") == (2, NOW + timedelta(hours=1))
    assert later.number("wms", "ord_a-1.2") == (1, NOW)
    assert later.number("other", "ord_a-1.2")[0] == 1
    assert [later.message("wms", one) for one in ("1", "000000002", "3", "x", "")] == [
        "ord_a-1.2",
        "ord_a-1.3",
        "",
        "",
        "",
    ]


def test_who_is_second_gets_the_next_number_and_the_same_message_the_same(
    dynamodb: Between,
) -> None:
    other = names(dynamodb.client)
    dynamodb.happens = [lambda: other.number("wms", "b")]
    assert (names(dynamodb).number("wms", "a")[0], other.number("wms", "b")[0]) == (2, 1)
    dynamodb.happens = [lambda: other.number("wms", "c")]
    assert names(dynamodb).number("wms", "c")[0] == other.number("wms", "c")[0] == 3
    assert other.message("wms", "3") == "c"


def test_after_the_last_number_comes_the_first(
    dynamodb: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner_names, "MOST", 2)
    given = [names(dynamodb).number("wms", name)[0] for name in ("a", "b", "c")]
    assert given == [1, 2, 1]
    assert names(dynamodb).message("wms", "1") == "c"


def test_a_table_that_does_not_answer_is_busy(
    dynamodb: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions.time, "sleep", lambda seconds: None)

    def throttled() -> None:
        reasons: Any = {"CancellationReasons": [{"Code": "ThrottlingError"}] * 3}
        error: Any = {"Error": {"Code": "TransactionCanceledException"}, **reasons}
        raise ClientError(error, "TransactWriteItems")

    dynamodb.happens = [throttled] * 20
    with pytest.raises(Busy):
        names(dynamodb).number("wms", "a")
    dynamodb.happens = [throttled]
    assert names(dynamodb).number("wms", "a")[0] == 1


def test_what_was_carried_out_is_known_by_its_content(dynamodb: Between) -> None:
    found = names(dynamodb)
    assert found.content("wms", "c1") == ""
    found.note("wms", "c1", "digest")
    assert (found.content("wms", "c1"), found.content("other", "c1")) == ("digest", "")
