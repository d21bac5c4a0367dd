"""The sweeper against the tables: an order whose promise cannot be kept any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from dom.aws.dynamo import marshal, unmarshal
from dom.model.fulfillment import FulfillmentStatus
from dom.model.order import Bucket, HoldReason
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """Work of `ord_a` that was to leave long ago, and the day on which its customer expects it."""
    with backend() as made:
        boto3.client("events", region_name=REGION).create_event_bus(Name="dom")
        monkeypatch.setenv("EVENT_BUS", "dom")
        made.put_location("RENO")
        made.commit(fulfillment_orders=(late(),))
        yield made


def late() -> Any:
    days = {"ships_by": NOW, "delivers_by": NOW + timedelta(days=2)}
    return work(1, FulfillmentStatus.PACKED, version=0, **days)


def placed(api: Backend, **facts: Any) -> None:
    packed = line("1", buckets={Bucket.PACKED: 1})
    promised = {"told": {"sg1": NOW + timedelta(days=2)}, "look_at": NOW, "version": 0}
    api.commit(orders=(order("ord_a", packed, **promised, **facts),))


def sweep() -> Any:
    return load_function("sweeper").handler({}, LambdaContext())


def stored() -> Any:
    key = marshal({"order_id": "ord_a", "item": "ORDER"})
    found = boto3.client("dynamodb", region_name=REGION).get_item(TableName="OrdersTable", Key=key)
    return unmarshal(found["Item"])


def test_a_promise_that_cannot_be_kept_is_told_once(api: Backend) -> None:
    placed(api)
    for _ in range(3):
        assert sweep()["failed"] == 0
    shown = api.call("GET", "/orders/ord_a").json
    (entry,) = [one for one in shown["timeline"] if one["type"] == "PromiseMoved"]
    assert (entry["data"]["new"], entry["data"]["reason"]) == (None, "late")
    assert shown["ship_groups"][0]["promised_by"] is None
    # Nothing more is awaited of it but that its event is relayed: it stands in nobody's way.
    assert "look_at" not in stored() and stored()["unrelayed"] == 1


def test_a_held_order_is_looked_at_when_it_is_let_go(api: Backend) -> None:
    placed(api, hold_reason=HoldReason.MANUAL)
    for _ in range(2):
        sweep()
    assert "told" in stored() and "sweep_at" not in stored()
    api.call("POST", "/orders/ord_a/release", {"reason": "all is well"})
    for _ in range(3):
        sweep()
    assert stored()["told"] == {"sg1": None}
