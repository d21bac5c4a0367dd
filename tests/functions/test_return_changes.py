"""News of returns from the queue: each on its own, and a poison one stops nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.aws.codec import to_plain
from dom.model.clock import system_clock
from dom.model.facts import ReturnedUnits, ReturnEvent, ReturnNews
from dom.model.ids import OrderId
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO", capabilities=["ship", "returns"])
        bought = line("1", quantity=3, buckets={Bucket.DELIVERED: 3})
        placed = replace(order("ord_a", bought, version=0), placed_at=system_clock())
        made.commit(orders=(placed,))
        yield made


def tell(*news: ReturnNews | str) -> list[str]:
    """Message ids that must come again."""
    records = [
        {
            "messageId": str(n),
            "body": one if isinstance(one, str) else json.dumps(to_plain(one)),
        }
        for n, one in enumerate(news)
    ]
    answer: Any = load_function("return_changes").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def asked(order_id: str = "ord_a", units: int = 2) -> ReturnNews:
    lines = (ReturnedUnits("1", units, "style"),)
    return ReturnNews(ReturnEvent.REQUESTED, None, OrderId(order_id), "77", lines)


def test_a_request_of_the_channel_is_a_return_and_poison_comes_again_alone(api: Backend) -> None:
    assert tell("no json", asked(), asked("ord_unknown"), asked()) == ["0", "2"]
    [record] = api.call("GET", "/returns", query={"order_id": "ord_a"}).json["returns"]
    assert (record["status"], record["lines"][0]["reason"]) == ("approved", "style")


def test_a_scan_finds_its_return_by_the_number_of_the_parcel(api: Backend) -> None:
    tell(asked())
    number = {"tracking_number": "1Z 999", "carrier": "UPS"}
    answer = api.call("POST", "/returns/ord_a-R1/track", number)
    assert (answer.status, answer.json["tracking_number"]) == (200, "1Z 999")
    scan = ReturnNews(
        ReturnEvent.SCANNED, system_clock(), tracking_number="1z999", scan="delivered"
    )
    other = ReturnNews(ReturnEvent.SCANNED, system_clock(), tracking_number="2", scan="delivered")
    assert tell(scan, other, scan) == []
    record = api.call("GET", "/returns/ord_a-R1").json
    assert record["status"] == "in_transit"
    assert [one["type"] for one in record["timeline"]].count("ReturnArrived") == 1


def test_a_number_that_is_another_returns_is_refused_by_name(api: Backend) -> None:
    tell(asked(units=1))
    number = {"tracking_number": "1Z"}
    assert api.call("POST", "/returns/ord_a-R1/track", number).status == 200
    body = {"order_id": "ord_a", "lines": [{"line_id": "1", "quantity": 1}]}
    other = api.call("POST", "/returns", body).json["return_id"]
    answer = api.call("POST", f"/returns/{other}/track", number)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "tracking_number")
