"""Work of one customer over HTTP and tables: merged, seen, packed in one box, shipped, scanned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from dom.aws.codec import to_plain
from dom.aws.work_store import WorkStore
from dom.model.commit import PersonalData
from dom.model.facts import ReturnEvent, ReturnNews
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.functions import load_function
from support.http import LambdaContext

S = FulfillmentStatus
RENO = LocationId("RENO")
A, C = "ord_a-1", "ord_c-1"
MARK = "0123456789abcdef"
ADA = {"addresses": {"sg1": {"name": "Ada", "address1": "12 Elm Street", "country_code": "US"}}}


@pytest.fixture
def api() -> Iterator[Backend]:
    """Two orders of one customer, released to RENO, of one SKU."""
    with backend() as made:
        made.put_location("RENO")
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
        made.reserve("MUG", "RENO", 2)
        group = replace(order().ship_groups[0], recipient=MARK)
        bought = line("1", buckets={Bucket.ALLOCATED: 1})
        orders = (order(x, bought, version=0, ship_groups=(group,)) for x in ("ord_a", "ord_c"))
        one = work(1, version=0, recipient=MARK)
        other = replace(one, id=FulfillmentOrderId(C), order_id=OrderId("ord_c"))
        people = tuple(PersonalData(OrderId(x), "7", ADA) for x in ("ord_a", "ord_c"))
        works = (one, other)
        made.commit(orders=tuple(orders), fulfillment_orders=works, personal=people)
        yield made


def tell(message: object) -> list[str]:
    """What order_changes did not manage."""
    records = [{"messageId": "0", "body": json.dumps(message)}]
    answer: Any = load_function("order_changes").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def box(*names: str, number: str = "") -> dict[str, Any]:
    lines = [{"fulfillment_order_id": x, "line_id": "1", "quantity": 1} for x in names]
    return {"tracking_number": number, "weight_grams": 700, "lines": lines}


def act(api: Backend, action: str, name: str = A, **body: Any) -> Any:
    return api.call("POST", f"/fulfillments/{name}/{action}", body)


def test_two_orders_leave_in_one_box_under_one_number(api: Backend) -> None:
    assert [tell({"merge": A}), tell({"merge": C}), tell({"merge": A})] == [[], [], []]
    listed = api.call("GET", "/fulfillments", query={"location_id": "RENO"}).json
    seen = {
        one["id"]: (one["shipment_id"], one["together"]) for one in listed["fulfillment_orders"]
    }
    assert seen == {A: ("ord_a-1.1", [C]), C: ("ord_a-1.1", [A])}
    for action in ("accept", "pick"):
        assert act(api, action, together=True).status == 200
    packed = act(api, "pack", together=True, parcels=[box(A, C)])
    assert (packed.json["status"], packed.json["together"]) == ("packed", [C])
    pages = {urlsplit(act(api, "label", name).json["label_url"]).path for name in (A, C)}
    assert len(pages) == 1 and "ord_a-1.1-p1" in pages.pop()
    shipped = act(api, "ship", C, together=True, parcels=[box(A, C, number="1Z")])
    assert shipped.json["status"] == "shipped"
    for name in (A, C):
        told = api.call("GET", f"/fulfillments/{name}").json
        assert (told["status"], told["parcels"][0]["tracking_number"]) == ("shipped", "1Z")
    stock = api.call("GET", "/inventory/MUG").json["positions"][0]
    assert (stock["on_hand"], stock["reserved"]) == (3, 0)
    scanned = ReturnNews(ReturnEvent.SCANNED, NOW, tracking_number="1Z", scan="delivered")
    assert tell(to_plain(scanned)) == []
    for name in ("ord_a", "ord_c"):
        assert api.call("GET", f"/orders/{name}").json["status"] == "closed"


def test_one_is_split_off_and_what_is_picked_is_listed_no_more(api: Backend) -> None:
    tell({"merge": A})
    works = WorkStore(api.dynamodb, api.environment["ORDERS_TABLE"])
    assert sorted(works.open_work(RENO, MARK)) == [A, C]
    assert works.open_work(LocationId("BOSTON"), MARK) == []
    assert act(api, "split").json["shipment_id"] is None
    assert works.open_work(RENO, MARK) == [C]
    assert api.call("GET", f"/fulfillments/{C}").json["together"] == []
    act(api, "accept", C)
    act(api, "pick", C)
    assert works.open_work(RENO, MARK) == []
    assert tell({"merge": C}) == []
    assert act(api, "split").status == 409


def test_other_work_in_a_parcel_is_shipped_together_or_not_at_all(api: Backend) -> None:
    tell({"merge": A})
    alone = act(api, "ship", parcels=[box(A, C, number="1Z")])
    assert (alone.status, alone.json["errors"][0]["field"]) == (400, "parcels")
    stranger = act(api, "ship", together=True, parcels=[box(A, C, "ord_z-1", number="1Z")])
    assert (stranger.status, stranger.json["errors"][0]["field"]) == (400, "parcels.0.lines")
    assert act(api, "reject", together=True).status == 400
    assert act(api, "ship", parcels=[box(A, number="1Z")]).json["together"] == []
    assert api.call("GET", f"/fulfillments/{C}").json["status"] == "released"
