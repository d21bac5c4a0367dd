"""What thin hooks name is read from ShipStation, page by page, and from nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dom.channels import shipstation_reader
from dom.channels.credentials import Credentials
from dom.channels.feeds import feed_of, reader_of
from dom.errors import InvalidInput, Rejected
from dom.http.client import Reply

URL = "https://ssapi6.shipstation.com/shipments?batchId=1042&includeShipmentItems=False"
KEY = Credentials(consumer_key="key", consumer_secret="secret")


class Vendor:
    """Answers page by page, and remembers what it was asked."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask_json(self, method: str, url: str, headers: Any, query: dict[str, str]) -> Reply:
        assert (method, headers["Authorization"]) == ("GET", "Basic a2V5OnNlY3JldA==")
        self.asked.append((url, query))
        return Reply(200, json.dumps(self.pages[int(query["page"]) - 1]).encode())


def fetch(vendor: Vendor, monkeypatch: pytest.MonkeyPatch, url: str = URL) -> Any:
    monkeypatch.setattr(shipstation_reader, "ask_json", vendor.ask_json)
    make = reader_of("shipstation")
    assert make
    return json.loads(make("main", KEY).fetch(url))


def test_all_pages_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = Vendor(
        {"shipments": [{"shipmentId": 1}], "page": 1, "pages": 2},
        {"shipments": [{"shipmentId": 2}], "page": 2, "pages": 2},
    )
    told = fetch(vendor, monkeypatch)

    assert told == {"rows": [{"shipmentId": 1}, {"shipmentId": 2}]}
    query = {"batchId": "1042", "includeShipmentItems": "False"}
    host = "https://ssapi6.shipstation.com/shipments"
    assert vendor.asked == [(host, {**query, "page": page}) for page in ("1", "2")]


@pytest.mark.parametrize("answer", [{}, {"shipments": None, "pages": "2"}, {"fulfillments": [1]}])
def test_an_answer_without_shipments_is_none(
    answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(Vendor(answer), monkeypatch) == {"rows": []}


def test_an_address_that_came_some_other_way_is_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vendor = Vendor({})
    with pytest.raises(InvalidInput):
        fetch(vendor, monkeypatch, "http://169.254.169.254/shipments")
    assert vendor.asked == []


def test_without_a_key_nothing_is_asked() -> None:
    make = reader_of("shipstation")
    assert make
    with pytest.raises(Rejected):
        make("main", Credentials()).fetch(URL)


def test_it_has_no_orders() -> None:
    assert feed_of("shipstation") is None
