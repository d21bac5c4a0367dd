"""GIVEN a bus that takes ten entries of 256 KB together, WHEN events are published."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from dom.aws.events import EventBus
from dom.events import order_event
from dom.model.history import HistoryEntry

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class FakeBus:
    """PutEvents with its documented limits; `refuse` counts how often an order id is refused."""

    def __init__(self, refuse: dict[str, int] | None = None) -> None:
        self.refuse = dict(refuse or {})
        self.taken: list[dict[str, Any]] = []
        self.requests = 0

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        self.requests += 1
        assert 1 <= len(Entries) <= 10
        sizes = [14 + len((e["Source"] + e["DetailType"] + e["Detail"]).encode()) for e in Entries]
        assert sum(sizes) <= 256 * 1024
        results = [self._put(entry) for entry in Entries]
        failed = sum("ErrorCode" in result for result in results)
        return {"FailedEntryCount": failed, "Entries": results}

    def _put(self, entry: dict[str, Any]) -> dict[str, str]:
        order_id = json.loads(entry["Detail"])["order_id"]
        if self.refuse.get(order_id, 0) > 0:
            self.refuse[order_id] -= 1
            return {"ErrorCode": "InternalFailure", "ErrorMessage": "try again"}
        self.taken.append(entry)
        return {"EventId": "1"}


def placed(order_id: str, **data: object) -> Any:
    return order_event(order_id, "ORDER", HistoryEntry(1, AT, "OrderPlaced", "shopify", data))


def bus(fake: FakeBus) -> EventBus:
    return EventBus(fake, "dom", sleep=lambda _: None)


def details(fake: FakeBus) -> list[dict[str, Any]]:
    return [json.loads(entry["Detail"]) for entry in fake.taken]


def test_twenty_three_events_go_out_in_order_and_in_three_requests() -> None:
    fake = FakeBus()
    names = [f"ord_{n:02d}" for n in range(23)]
    assert bus(fake).publish([placed(name) for name in names]) == []
    assert [detail["order_id"] for detail in details(fake)] == names
    assert fake.requests == 3


def test_an_entry_says_whose_event_it_is_and_when_the_fact_happened() -> None:
    fake = FakeBus()
    bus(fake).publish([placed("ord_a")])
    entry = fake.taken[0]
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (
        "dom",
        "dom",
        "OrderPlaced",
    )
    assert entry["Time"] == AT
    assert details(fake)[0]["event_id"] == "ord_a/ORDER#1"


def test_only_the_refused_entry_is_sent_again() -> None:
    fake = FakeBus(refuse={"ord_b": 2})
    assert bus(fake).publish([placed("ord_a"), placed("ord_b"), placed("ord_c")]) == []
    assert [detail["order_id"] for detail in details(fake)] == ["ord_a", "ord_c", "ord_b"]


def test_what_is_refused_three_times_is_handed_back() -> None:
    fake = FakeBus(refuse={"ord_b": 99})
    refused = placed("ord_b")
    assert bus(fake).publish([placed("ord_a"), refused]) == [refused]
    assert fake.requests == 3


def test_large_events_do_not_share_a_request_beyond_its_limit() -> None:
    fake = FakeBus()
    assert bus(fake).publish([placed(f"ord_{n}", note="x" * 100_000) for n in range(5)]) == []
    assert fake.requests == 3
    assert all("cut" not in detail for detail in details(fake))


def test_an_event_over_the_limit_loses_its_largest_field_and_says_so() -> None:
    fake = FakeBus()
    event = placed("ord_a", lines=["ü" * 1000] * 200, name="#1001")
    assert bus(fake).publish([event]) == []
    assert details(fake)[0]["data"] == {"name": "#1001"}
    assert details(fake)[0]["cut"] == ["lines"]
