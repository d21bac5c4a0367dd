"""A warehouse's X12 on the running stack: a file is dropped, work leaves, stock follows."""

from __future__ import annotations

from typing import Any

import pytest
from dom.x12.read import TransactionSet, read
from support.asking import good, until
from support.partners import advice, x12
from support.world import Json, World

from tools.client import path_of

pytestmark = pytest.mark.e2e


class Warehouse:
    """A partner of this test alone, which speaks for one location."""

    def __init__(self, stack: dict[str, Any], place: str, world: World) -> None:
        self.world = world
        self.name = f"wms-{world.tag}"
        self.s3 = world.back.client("s3")
        self.bucket = stack["feeds_bucket"]
        self.describe(place)

    def describe(self, place: str, **more: Any) -> None:
        body = {"format": "x12", "locations": {"R1": place}, "snapshots": self.name, **more}
        boxes = {"ours": {"id": "SHOP"}, "theirs": {"id": "WMSCORP"}}
        good(self.world.api.call("PUT", path_of("partners", self.name), {**body, **boxes}))

    def drop(self, name: str, text: str) -> Json:
        """Drop a file; what became of it, once it was read."""
        key = f"partners/{self.name}/{name}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode())
        return until(
            lambda: self.newest(key), lambda run: run.get("status", "reading") != "reading"
        )

    def newest(self, key: str) -> Json:
        page = good(self.world.api.call("GET", path_of("partners", self.name, "files"))).json
        return next((one for one in page["files"] if one["file"] == key), {})

    def keys(self, prefix: str) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return [one["Key"] for one in found]

    def set_of(self, key: str) -> TransactionSet:
        """The only set of a file that it was sent."""
        body: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        (found,) = read(body.decode())
        (one,) = found.groups[0].sets
        return one


def test_a_945_ships_work_and_an_846_says_what_is_left(stack: dict[str, Any]) -> None:
    # GIVEN work of three at a warehouse that speaks X12, and a feed for its stock
    world = World(stack)
    place, sku = world.location("WMS"), world.sku()
    world.stock(sku, {place: 5})
    warehouse = Warehouse(stack, place, world)
    feed = {"mode": "snapshot", "format": "ndjson"}
    good(world.api.call("PUT", path_of("feeds", warehouse.name), feed))
    body, work = world.released(sku, 3)

    # WHEN it drops a file with its shipment, and with one that cannot be read
    shipped, poison = advice(work["id"], f"3*3*0*EA**SK*{sku}"), ("945", ["W06*F*"])
    text = x12(poison, shipped)
    run = warehouse.drop("monday.edi", text)

    # THEN the order has left, once, whatever is wrong with the other, and the group is acknowledged
    assert (run["status"], list(run["refused"])) == ("refused", ["1"])
    order = world.settled(body, "fulfilled", shipped=3)
    position = world.position(sku, place)
    assert (position["on_hand"], position["reserved"]) == (2, 0)
    assert order["fulfillment_orders"][0]["parcels"][0]["tracking_number"] == "1Z9"
    assert warehouse.keys(f"out/{warehouse.name}/") == [f"out/{warehouse.name}/997-000000001.edi"]
    warehouse.drop("again.edi", text)
    assert world.position(sku, place)["on_hand"] == 2
    world.assert_ledger_sums_up(sku, place)
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")

    # WHEN it reports its stock in cases whose pack was not told, and then it is
    report = ["BIA*00*SR*R1*20261120", "N1*WH**92*R1", f"LIN*1*SK*{sku}", "QTY*17*2*CA"]
    run = warehouse.drop("stock.edi", x12(("846", report), control=32))
    assert f"a case of {sku}" in run["refused"]["1"]
    warehouse.describe(place, case_packs={sku: 12})
    again = path_of("partners", warehouse.name, "files", run["run_id"], "retry")
    good(world.api.call("POST", again))

    # THEN the shelf holds what it says
    until(lambda: world.position(sku, place)["on_hand"], lambda found: found == 24)
    until(lambda: warehouse.newest(run["file"])["status"], lambda found: found == "done")


def test_a_warehouse_is_sent_a_940_takes_it_on_by_997_and_ships_what_a_change_left(
    stack: dict[str, Any],
) -> None:
    # GIVEN a warehouse that is told by X12
    world = World(stack)
    place, sku = world.location("WMS"), world.sku()
    world.stock(sku, {place: 5})
    warehouse = Warehouse(stack, place, world)
    told = {"transport": "x12", "partner": warehouse.name}
    good(world.api.call("PUT", path_of("suppliers", place), told))

    # WHEN an order of three is released to it, and one is cancelled
    body, work = world.released(sku, 3)
    out = f"out/{warehouse.name}/940-"
    until(lambda: len(warehouse.keys(out)), lambda found: found == 1)
    line = {"line_id": work["lines"][0]["line_id"], "quantity": 1}
    world.act(work, "cancel", {"lines": [line]})
    until(lambda: len(warehouse.keys(out)), lambda found: found == 2)

    # THEN it has both, and the address
    first, second = (warehouse.set_of(key) for key in warehouse.keys(out))
    begin, change = first.body[0], second.body[0]
    assert (begin.get(1), change.get(1), begin.get(2)) == ("N", "R", change.get(2))
    assert [one.get(1) for one in (*first.body, *second.body) if one.id == "W01"] == ["3", "2"]
    assert any(one.id == "N1" and one.get(1) == "ST" for one in first.body)

    # WHEN its system acknowledges the order, and it ships what is left
    receipt = ["AK1*OW*1", "AK2*940*000000001", "AK5*A", "AK9*A*1*1*1"]
    assert warehouse.drop("997.edi", x12(("997", receipt)))["status"] == "done"
    assert world.api.call("GET", path_of("fulfillments", work["id"])).json["status"] == "accepted"
    text = x12(advice(begin.get(2), f"2*2*0*EA**SK*{sku}"), control=32)
    assert warehouse.drop("945.edi", text)["status"] == "done"

    # THEN the order has left
    world.settled(body, "fulfilled", shipped=2, cancelled=1)
    position = world.position(sku, place)
    assert (position["on_hand"], position["reserved"]) == (3, 0)
