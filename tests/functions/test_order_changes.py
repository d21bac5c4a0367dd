"""What others change of work, from the queue: each on its own, and a poison one stops nobody."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import boto3
import pytest
from dom.aws.codec import to_plain
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.shortage_store import ShortageStore
from dom.aws.stock_store import StockStore
from dom.inventory.await_supply import note
from dom.model.commit import CapacityChange
from dom.model.facts import ReturnEvent, ReturnNews
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.order import Bucket
from dom.model.stock import Position
from dom.model.supply import SupplyKind, SupplyLine, SupplyOrder, supply_id
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.functions import load_function
from support.http import ADMIN, LambdaContext
from support.tables import REGION


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        queue = boto3.client("sqs", region_name=REGION).create_queue(QueueName="changes")
        monkeypatch.setenv("CHANGES_QUEUE_URL", queue["QueueUrl"])
        made.put_location("RENO")
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
        made.reserve("MUG", "RENO", 1)
        bought = order("ord_a", line("1", buckets={Bucket.PACKED: 1}), version=0)
        packed = work(1, FulfillmentStatus.PACKED, version=0)
        made.commit(orders=(bought,), fulfillment_orders=(packed,))
        yield made


def tell(*messages: object) -> list[str]:
    """Message ids that must come again."""
    records = [{"messageId": str(n), "body": json.dumps(one)} for n, one in enumerate(messages)]
    answer: Any = load_function("order_changes").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def seen(number: str, status: str) -> Any:
    return to_plain(ReturnNews(ReturnEvent.SCANNED, NOW, tracking_number=number, scan=status))


def test_a_carrier_is_heard_under_the_number_that_the_location_gave(api: Backend) -> None:
    parcels = [{"tracking_number": text, "carrier": "UPS"} for text in ("1Z 999/é", "1z999/É")]
    api.call("POST", "/fulfillments/ord_a-1/ship", {"parcels": parcels})
    again = tell(seen("1z999/É", "in_transit"), {"nothing": 1}, seen("9X", "delivered"))
    assert again == ["1"]
    for parcel in api.call("GET", "/fulfillments/ord_a-1").json["parcels"]:
        assert parcel["scan"] == "in_transit"
        assert parcel["scanned_at"] == "2026-03-04T15:00:00.000000Z"
    assert tell(seen("1Z999/é", "delivered")) == []
    shown = api.call("GET", "/orders/ord_a").json
    assert (shown["status"], shown["lines"][0]["buckets"]) == ("closed", {"delivered": 1})


def test_an_order_that_waits_shows_the_purchase_that_it_waits_for(api: Backend) -> None:
    waits = order("ord_w", line("1", "CAP", buckets={Bucket.BACKORDERED: 1}), version=0)
    supply = SupplyOrder(
        supply_id(SupplyKind.PURCHASE, "ACME", "RENO", "1"),
        SupplyKind.PURCHASE,
        LocationId("RENO"),
        "1",
        (SupplyLine(Sku("CAP"), 5),),
        NOW,
        "ana",
        expected_on=date(2099, 3, 9),
    )
    api.commit(orders=(waits,), supply=(supply,))
    table = os.environ["INVENTORY_TABLE"]
    note(supply.id, [Sku("CAP")], DynamoIncomingStore(boto3.client("dynamodb"), table))
    assert tell({"waits_for": "CAP"}, {"waits_for": "MUG"}) == []
    (group,) = api.call("GET", "/orders/ord_w").json["ship_groups"]
    assert (group["expected_on"], group["expected_from"]) == ("2099-03-10", supply.id)
    (moved,) = (
        x for x in api.call("GET", "/orders/ord_w").json["timeline"] if "Moved" in x["type"]
    )
    assert moved["data"]["new"] > "2026-03-10" and moved["data"]["reason"] == "supply"


def test_a_look_that_comes_late_in_a_batch_is_for_the_next_one(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = load_function("order_changes")
    monkeypatch.setattr(module, "LOOKING_SECONDS", -1.0)
    records = [{"messageId": "1", "body": json.dumps({"waits_for": "CAP"})}]
    answer = module.handler({"Records": records}, LambdaContext())
    assert (answer, delayed()) == ({"batchItemFailures": []}, 1)


def test_what_is_lost_is_seen_and_settled_over_http(api: Backend) -> None:
    parcel = {"tracking_number": "1Z", "lines": [{"line_id": "1", "quantity": 1}]}
    api.call("POST", "/fulfillments/ord_a-1/ship", {"parcels": [parcel]})
    tell(seen("1Z", "return_to_sender"))
    listed = {"location_id": "RENO", "status": "delivery_failed"}
    [failed] = api.call("GET", "/fulfillments", query=listed).json["fulfillment_orders"]
    assert (failed["id"], failed["failure"]) == ("ord_a-1", "returned_to_sender")
    answer = api.call("POST", "/fulfillments/ord_a-1/write-off", {"restock": True})
    assert (answer.status, answer.json["status"]) == (200, "cancelled")
    stock = api.call("GET", "/inventory/MUG").json["positions"][0]
    assert (stock["on_hand"], stock["reserved"]) == (5, 0)


def test_a_parcel_that_holds_what_is_not_there_is_refused_by_name(api: Backend) -> None:
    parcels = [{"tracking_number": "1Z", "lines": [{"line_id": "1", "quantity": 2}]}]
    refused = api.call("POST", "/fulfillments/ord_a-1/ship", {"parcels": parcels})
    field = refused.json["errors"][0]["field"]
    assert (refused.status, field) == (400, "parcels.0.lines.1")


def test_the_work_of_a_location_that_was_switched_off_comes_back(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = api.sqs.create_queue(QueueName="changes")["QueueUrl"]
    monkeypatch.setenv("CHANGES_QUEUE_URL", queue)
    api.call("PUT", "/inventory/RENO/HAT", {"on_hand": 5})
    api.reserve("HAT", "RENO", 3)
    bought = order("ord_b", line("1", "HAT", 3, buckets={Bucket.ALLOCATED: 3}), version=0)
    works = [_hat(number) for number in (1, 2, 3)]
    api.commit(orders=(bought,), fulfillment_orders=tuple(works))

    # WHEN the bus tells of it, and what is left is done until nothing is but a look in a minute
    messages: list[Any] = [{"detail": {"location_id": "RENO", "type": "LocationChanged"}}]
    while messages:
        assert tell(messages.pop()) == []
        answer = api.sqs.receive_message(QueueUrl=queue)
        messages += [json.loads(one["Body"]) for one in answer.get("Messages", [])]

    # THEN they are routed again, and what was packed there stays
    shown = api.call("GET", "/orders/ord_b").json
    assert shown["lines"][0]["buckets"] == {"pending": 3}
    assert {one["cancel_reason"] for one in shown["fulfillment_orders"]} == {"location_closed"}
    assert api.call("GET", "/inventory/HAT").json["positions"][0]["reserved"] == 0
    assert api.call("GET", "/fulfillments/ord_a-1").json["status"] == "packed"
    delayed = api.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert delayed["ApproximateNumberOfMessagesDelayed"] == "1"


def _hat(number: int) -> FulfillmentOrder:
    one = work(number, version=0, lines=(FulfillmentLine("1", Sku("HAT"), 1),))
    name = FulfillmentOrderId(f"ord_b-{number}")
    return replace(one, id=name, order_id=OrderId("ord_b"))


def test_an_order_that_is_not_counted_is_counted(api: Backend) -> None:
    # GIVEN an order as it was written before anybody counted
    late = order("ord_b", line("1", "HAT", 3), version=0)
    item = {**to_plain(replace(late, version=1)), "order_id": "ord_b", "item": "ORDER"}
    api.put_item("ORDERS_TABLE", item)
    stock = StockStore(api.dynamodb, api.environment["INVENTORY_TABLE"])
    assert stock.demand(["HAT"]) == {}
    assert tell({"order_id": "ord_b"}, {"order_id": "ord_b"}, {"order_id": "ord_gone"}) == []
    assert stock.demand(["HAT"]) == {"HAT": 3}


def test_what_is_missing_and_cannot_move_is_listed_until_it_is_there(api: Backend) -> None:
    missing = {"short": json.dumps(["MUG", "RENO"])}
    assert tell(missing) == []
    assert api.call("GET", "/shortages").json == {"shortages": [], "next": None}
    api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 0})
    assert tell(missing, missing) == []
    (one,) = api.call("GET", "/shortages", query={"location_id": "RENO"}).json["shortages"]
    assert (one["sku"], one["location_id"], one["units"]) == ("MUG", "RENO", 1)
    # It may be in work that no list shows yet: looked at once more, after a minute.
    assert delayed() == 2
    assert tell({**missing, "left": 1}) == [] and delayed() == 2
    since = api.call("GET", "/shortages").json["shortages"][0]["since"]
    assert since == one["since"]
    api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 1})
    assert tell(missing) == []
    assert api.call("GET", "/shortages").json["shortages"] == []


def test_what_is_beyond_a_lowered_capacity_goes_elsewhere(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=3)
    api.call("PUT", "/inventory/RENO/HAT", {"on_hand": 5})
    api.reserve("HAT", "RENO", 3)
    bought = order("ord_b", line("1", "HAT", 3, buckets={Bucket.ALLOCATED: 3}), version=0)
    today = datetime.now(UTC).date()
    works = [replace(_hat(number), capacity_day=today) for number in (1, 2, 3)]
    taken = CapacityChange(LocationId("RENO"), today, 3, 3)
    api.commit(orders=(bought,), fulfillment_orders=tuple(works), capacity=(taken,))
    api.put_location("RENO", daily_capacity=1)
    lowered = {"location_id": "RENO", "type": "LocationChanged", "data": {"lowered": ["x"]}}
    assert tell({"detail": lowered}, {"detail": lowered}) == []
    shown = api.call("GET", "/orders/ord_b").json
    assert shown["lines"][0]["buckets"] == {"pending": 2, "allocated": 1}
    reasons = {one["cancel_reason"] for one in shown["fulfillment_orders"]}
    assert reasons == {"over_capacity", ""} and delayed() == 0
    # What a person gave it stays; looked at once more, since lists follow the work by a moment.
    api.put_location("RENO", daily_capacity=0)
    given = replace(works[0], id=FulfillmentOrderId("ord_b-9"), by_hand="ana")
    api.commit(fulfillment_orders=(given,))
    forced = replace(taken, units=1, daily_capacity=0, forced=True)
    api.commit(capacity=(forced,))
    assert tell({"detail": lowered}) == [] and delayed() == 1
    assert tell({"over_capacity": "RENO", "left": 1}) == [] and delayed() == 1


def test_shortages_are_read_page_by_page_and_by_those_who_may(api: Backend) -> None:
    store = ShortageStore(boto3.client("dynamodb"), os.environ["INVENTORY_TABLE"], size=2)
    names = [("RENO", "A"), ("RENO", "B"), ("RENO", "C"), ("RENO 2", "A")]
    for place, sku in names:
        store.note(Position(Sku(sku), LocationId(place), reserved=1, version=1), NOW)
    # What is seen late changes nothing.
    store.note(Position(Sku("A"), LocationId("RENO"), reserved=1, version=3), NOW)
    store.note(Position(Sku("A"), LocationId("RENO"), version=2), NOW)
    found, cursor = store.page(LocationId("RENO"), None)
    rest, end = store.page(LocationId("RENO"), cursor)
    assert ([x.sku for x in (*found, *rest)], end) == (["A", "B", "C"], None)
    for query in ({"next": "nonsense"}, {"next": "RENO%202#A", "location_id": "RENO"}):
        refused = api.call("GET", "/shortages", query=query)
        field = refused.json["errors"][0]["field"]
        assert (refused.status, field) == (400, "next")
    store_token = replace(ADMIN, location_ids=frozenset({"RENO"}))
    assert api.call("GET", "/shortages", caller=store_token).status == 403
    mine = api.call("GET", "/shortages", query={"location_id": "RENO"}, caller=store_token)
    assert len(mine.json["shortages"]) == 3


def delayed() -> int:
    """How many changes wait in the queue for later."""
    name = "ApproximateNumberOfMessagesDelayed"
    sqs, url = boto3.client("sqs", region_name=REGION), os.environ["CHANGES_QUEUE_URL"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])
