"""Partners' files on real tables and buckets: dropped, carried out once, refused, read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws.partner_names import PartnerNames
from dom.aws.wiring import floor
from dom.errors import Busy
from dom.fulfillment.actions import change_work
from dom.fulfillment.release import release
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, OrderId, Sku
from dom.model.order import Bucket
from dom.settings import from_environment
from dom.x12.read import read
from support.api import Backend, backend
from support.builders import line, order, work
from support.code import ROOT
from support.functions import load_function
from support.http import LambdaContext
from support.partners import advice, x12
from support.tables import REGION

DROPPED = json.loads((ROOT / "events/s3/file-dropped.json").read_text(encoding="utf-8"))
WMS: dict[str, Any] = {
    "format": "x12",
    "locations": {"R1": "RENO"},
    "snapshots": "wms-stock",
    "changes": "wms-changes",
    "supplier": "Acme",
    "ours": {"id": "SHOP"},
    "theirs": {"qualifier": "ZZ", "id": "WMSCORP"},
}


class Warehouse:
    """The partner `wms`, and the functions that read its files."""

    def __init__(self, api: Backend) -> None:
        self.api = api
        self.s3 = boto3.client("s3", region_name=REGION)
        self.files = load_function("partner_files")
        self.drops = 0

    def drop(self, body: str, name: str = "monday.edi", partner: str = "wms") -> list[str]:
        """Drop a file, and let it be read; the numbers of messages that failed."""
        key = f"partners/{partner}/{name}"
        made = self.s3.put_object(Bucket="feeds", Key=key, Body=body.encode())
        event = deepcopy(DROPPED)
        at = datetime.now(UTC) - timedelta(minutes=30) + timedelta(seconds=self.drops)
        self.drops += 1
        event["Records"][0]["eventTime"] = at.isoformat(timespec="milliseconds")
        found = event["Records"][0]["s3"]["object"]
        found["key"], found["eTag"] = quote_plus(key, safe="/"), made["ETag"].strip('"')
        return self.tell(event)

    def tell(self, *messages: object) -> list[str]:
        records = [
            {"messageId": str(number), "body": json.dumps(message)}
            for number, message in enumerate(messages)
        ]
        answer = self.files.handler({"Records": records}, LambdaContext())
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def read_again(self) -> None:
        """What waits in the partners' queue."""
        url = self.api.environment["PARTNER_QUEUE_URL"]
        for message in self.api.sqs.receive_message(QueueUrl=url).get("Messages", []):
            assert self.tell(json.loads(message["Body"])) == []

    def newest(self) -> Any:
        return self.api.call("GET", "/partners/wms/files").json["files"][0]

    def keys(self, prefix: str) -> list[str]:
        found = self.s3.list_objects_v2(Bucket="feeds", Prefix=prefix).get("Contents", [])
        return [one["Key"] for one in found]

    def text(self, key: str) -> str:
        body: bytes = self.s3.get_object(Bucket="feeds", Key=key)["Body"].read()
        return body.decode()

    def work(self, name: str) -> Any:
        return self.api.call("GET", f"/fulfillments/{name}-1").json

    def buckets(self, name: str) -> Any:
        lines = self.api.call("GET", f"/orders/{name}").json["lines"]
        return {one["line_id"]: one["buckets"] for one in lines}

    def stock(self, sku: str) -> tuple[int, int]:
        (found,) = self.api.call("GET", f"/inventory/{sku}").json["positions"]
        return found["on_hand"], found["reserved"]


def allocated(api: Backend, name: str) -> None:
    """Two mugs and a hat of that order, released to RENO."""
    lines = (FulfillmentLine("1", Sku("MUG"), 2), FulfillmentLine("2", Sku("HAT"), 1))
    found = replace(
        work(version=0, lines=lines),
        id=FulfillmentOrderId(f"{name}-1"),
        order_id=OrderId(name),
    )
    bought = order(
        name,
        line("1", quantity=2, buckets={Bucket.ALLOCATED: 2}),
        line("2", "HAT", buckets={Bucket.ALLOCATED: 1}),
        version=0,
    )
    api.commit(orders=(bought,), fulfillment_orders=(found,))


@pytest.fixture
def wms() -> Iterator[Warehouse]:
    with backend() as api:
        api.put_location("RENO")
        assert api.call("PUT", "/partners/wms", WMS).status == 200
        for sku in ("MUG", "HAT"):
            api.call("PUT", f"/inventory/RENO/{sku}", {"on_hand": 10})
        api.reserve("MUG", "RENO", 4)
        api.reserve("HAT", "RENO", 2)
        for name in ("ord_a", "ord_b"):
            allocated(api, name)
        yield Warehouse(api)


MUGS, HAT = "2*2*0*EA**SK*MUG", "1*1*0*EA**SK*HAT"


def test_shipped_and_short_units_are_so_once_and_poison_stands_in_nobodys_way(
    wms: Warehouse,
) -> None:
    poison = ("945", ["W06*F", "LX*1", "W12*zz"])
    text = x12(advice("ord_a-1", MUGS, HAT), poison, advice("ord_b-1", "2*1*1*EA**SK*MUG"))
    for name in ("monday.edi", "monday.edi", "copy.edi"):
        assert wms.drop(text, name) == []
    shipped = wms.work("ord_a")
    assert (shipped["status"], shipped["parcels"][0]["tracking_number"]) == ("shipped", "1Z9")
    assert wms.buckets("ord_a") == {"1": {"shipped": 2}, "2": {"shipped": 1}}
    assert wms.buckets("ord_b") == {"1": {"pending": 1, "shipped": 1}, "2": {"pending": 1}}
    # What was not found is not there: two fewer than were shipped.
    assert (wms.stock("MUG"), wms.stock("HAT")) == ((6, 0), (8, 0))
    assert wms.newest()["status"] == "refused"
    assert wms.newest()["refused"] == {
        "2": "945 0002 of 000000031: W06-02 (segment 16): it is missing"
    }
    report = wms.text(wms.keys("told/wms/")[-1]).splitlines()
    assert [row.split(",")[2] for row in report[1:]] == ["repeated", "refused", "repeated"]


def test_what_breaks_off_between_the_deed_and_its_note_is_not_done_twice(
    wms: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted, broken = PartnerNames.note, ["once"]

    def breaks_off(self: PartnerNames, partner: str, claim: str, content: str) -> None:
        if broken:
            broken.pop()
            raise Busy("power cut")
        noted(self, partner, claim, content)

    monkeypatch.setattr(PartnerNames, "note", breaks_off)
    wms.drop(x12(advice("ord_a-1", "2*1*1*EA**SK*MUG", HAT)))
    assert (wms.newest()["status"], wms.newest()["waiting"]) == ("reading", 1)
    before = wms.stock("MUG")
    # SQS gives it back after a minute; here at once.
    url = wms.api.environment["PARTNER_QUEUE_URL"]
    waiting = wms.api.sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert waiting["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "1"
    wms.drop(x12(advice("ord_a-1", "2*1*1*EA**SK*MUG", HAT)))
    assert (wms.newest()["status"], wms.stock("MUG")) == ("done", before)
    assert wms.buckets("ord_a") == {"1": {"pending": 1, "shipped": 1}, "2": {"shipped": 1}}


def test_what_is_refused_is_repaired_by_describing_the_partner_or_by_another_file(
    wms: Warehouse,
) -> None:
    cases = "2*1*1*CS**SK*MUG"
    wms.drop(x12(advice("ord_a-1", cases, HAT)))
    (run,) = wms.api.call("GET", "/partners/wms/files").json["files"]
    assert run["refused"]["1"].endswith("nobody told how many units a case of MUG holds")
    one = f"/partners/wms/files/{run['run_id']}"
    wms.api.call("PUT", "/partners/wms", {**WMS, "case_packs": {"MUG": 2}})
    assert wms.api.call("POST", f"{one}/retry").status == 202
    wms.read_again()
    assert (wms.newest()["status"], wms.work("ord_a")["status"]) == ("done", "shipped")
    assert wms.api.call("POST", f"{one}/retry").status == 409
    wrong = x12(advice("ord_b-9", MUGS, HAT), control=32)
    wms.drop(wrong, "wrong.edi")
    assert wms.newest()["refused"]["1"].endswith("fulfillment order ord_b-9 does not exist")
    wms.drop(x12(advice("ord_b-1", MUGS, HAT), control=32), "right.edi")
    assert (wms.newest()["status"], wms.work("ord_b")["status"]) == ("done", "shipped")
    old = wms.api.call("GET", "/partners/wms/files").json["files"][1]
    gone = f"/partners/wms/files/{old['run_id']}/dismiss"
    assert [wms.api.call("POST", gone).json["status"] for _ in range(2)] == ["dismissed"] * 2
    assert wms.api.call("GET", "/partners/wms/files/nothing").status == 404


def test_each_group_is_acknowledged_once(wms: Warehouse) -> None:
    text = x12(advice("ord_a-1", MUGS, HAT), advice("ord_b-1", "2*x*1*EA**SK*MUG"))
    for _ in range(2):
        wms.drop(text)
    (key,) = wms.keys("out/wms/")
    assert key == "out/wms/997-000000001.edi"
    (found,) = read(wms.text(key))
    assert (found.sender, found.header.get(8)) == ("SHOP", "WMSCORP")
    (one,) = found.groups[0].sets
    assert [part.elements for part in one.body if part.id in {"AK1", "AK5", "AK9"}] == [
        ("SW", "31"),
        ("A",),
        ("R", "5"),
        ("P", "2", "2", "1"),
    ]


def test_stock_goes_the_way_of_any_feed(wms: Warehouse) -> None:
    for name, mode in (("wms-stock", "snapshot"), ("wms-changes", "delta")):
        source = {"mode": mode, "format": "ndjson"}
        assert wms.api.call("PUT", f"/feeds/{name}", source).status == 200
    body = ["BIA*00*SR*R*20261120*1010", "N1*WH**92*R1", "LIN*1*SK*MUG", "QTY*17*7*EA",
            "LIN*2*SK*MUG", "QTY*17*1*EA", "LIN*3*SK*HAT", "QTY*17*2*PL"]  # fmt: skip
    changes = ["BIA*00*CH*R*20261120", "REF*ZZ*R1", "LIN*1*SK*HAT", "QTY*1*-3*EA"]
    wms.drop(x12(("846", body), ("846", changes)))
    snapshot, change = wms.keys("in/wms-stock/") + wms.keys("in/wms-changes/")
    row = json.loads(wms.text(snapshot))
    assert (row["sku"], row["location_id"], row["quantity"]) == ("MUG", "RENO", 8)
    told = wms.s3.head_object(Bucket="feeds", Key=snapshot)["Metadata"]
    assert (told["rows"], told["as-of"][:16]) == ("1", "2026-11-20T10:10")
    assert json.loads(wms.text(change))["quantity"] == -3
    assert wms.newest()["refused"] == {
        "1": "846 0001 of 000000031: QTY-03 (segment 11): PL is no unit of measure that we know"
    }
    wms.drop(x12(("846", [*changes, "LIN*2*SK*MUG", "QTY*1*1*CS"]), control=32))
    assert len(wms.keys("in/wms-changes/")) == 1, "of changes all lines count, or none"
    complete = {"mode": "snapshot", "format": "ndjson", "complete": True}
    assert wms.api.call("PUT", "/feeds/wms-stock", complete).status == 200
    wms.drop(x12(("846", body), control=34))
    assert len(wms.keys("in/wms-stock/")) == 1, "what it could not say would be emptied"
    wms.api.call("DELETE", "/feeds/wms-stock")
    wms.drop(x12(("846", body[:4]), control=33))
    assert wms.newest()["refused"]["1"].endswith("feed source wms-stock does not exist")


def test_announced_goods_are_expected_once_and_may_be_called_off(wms: Warehouse) -> None:
    known = {"location_id": "RENO", "reference": "PO1", "supplier": "Acme",
             "lines": [{"sku": "MUG", "quantity": 24}]}  # fmt: skip
    made = wms.api.call("POST", "/purchase-orders", known).json

    def notice(purpose: str, number: str, *, control: int, asn: str = "ASN1") -> str:
        body = [f"BSN*{purpose}*{asn}*20261120", "HL*1**S", "DTM*017*20261124", "N1*ST**92*R1",
                "HL*2*1*O", f"PRF*{number}", "HL*3*2*I", "LIN*1*SK*MUG", "SN1*1*24*EA"]  # fmt: skip
        return x12(("856", body), control=control)

    for _ in range(2):
        wms.drop(notice("00", "PO1", control=31))
        wms.drop(notice("00", "PO2", control=32), "two.edi")
    listed = wms.api.call("GET", "/purchase-orders", query={"location_id": "RENO"}).json
    found = {one["reference"]: one for one in listed["orders"]}
    assert set(found) == {"PO1", "PO2/ASN1"}
    assert found["PO1"]["expected_on"] == found["PO2/ASN1"]["expected_on"] == "2026-11-24"
    assert (found["PO1"]["id"], found["PO2/ASN1"]["supplier"]) == (made["id"], "Acme")
    wms.drop(notice("01", "PO2", control=33))
    assert (wms.newest()["status"], wms.newest()["refused"]) == ("done", {})
    wms.drop(notice("01", "PO1", control=34, asn="ASN7"))
    assert "does not exist" in wms.newest()["refused"]["1"]


def test_csv_of_parcels_refused_lines_and_taken_work(wms: Warehouse) -> None:
    wms.api.call("PUT", "/partners/wms", {"format": "csv", "location_id": "RENO"})
    wms.drop("orderId,orderIdentificationTypeId,idValue\nord_a,N,1\nord_z,N,2\n", "ack.csv")
    assert wms.newest()["refused"] == {
        "3": "row 3 of ord_z: fulfillment order ord_z does not exist"
    }
    assert wms.work("ord_a")["status"] == "accepted"
    head = "orderId,orderItemSeqId,quantity,trackingNumber,carrier"
    wms.drop(f"{head}\nord_a,1,1,1Z1,UPSN\n", "part.csv")
    assert (wms.work("ord_a")["status"], wms.newest()["status"]) == ("packed", "done")
    wms.drop(f"{head}\nord_a,1,1,1Z1,UPSN\nord_a,1,1,1Z2,UPSN\n", "more.csv")
    refused = (
        "orderId,orderItemSeqId,rejectionComments,rejectionReason\nord_a,2,no, sorry,DAMAGED\n"
    )
    for _ in range(2):
        wms.drop(refused, "refused.csv")
        assert (wms.work("ord_a")["status"], wms.newest()["status"]) == ("shipped", "done")
    assert wms.buckets("ord_a") == {"1": {"shipped": 2}, "2": {"pending": 1}}
    assert [one["tracking_number"] for one in wms.work("ord_a")["parcels"]] == ["1Z1", "1Z2"]


def test_a_partners_receipt_of_what_we_sent_is_seen(wms: Warehouse) -> None:
    wms.drop(x12(advice("ord_a-1", MUGS, HAT)))
    refusal = ["AK1*FA*1", "AK2*997*000000001", "AK5*R*5", "AK9*R*1*1*0"]
    wms.drop(x12(("997", refusal), control=32))
    assert wms.newest()["refused"]["1"].startswith(
        "997 0001 of 000000032: the partner cannot use 997-"
    )
    wms.drop(x12(("997", ["AK1*OW*77", "AK9*A*1*1*1"]), control=33))
    assert wms.newest()["refused"]["1"].endswith("we sent no set of the number 77")


def test_released_work_is_sent_as_940_and_what_is_taken_back_of_it(wms: Warehouse) -> None:
    api = wms.api
    assert api.call("PUT", "/suppliers/RENO", {"transport": "x12", "partner": "wms"}).status == 200
    name = f"ord_{'a2' * 10}"
    lines = (FulfillmentLine("1", Sku("MUG"), 2), FulfillmentLine("2", Sku("HAT"), 1))
    found = replace(
        work(status=FulfillmentStatus.ASSIGNED, version=0, lines=lines),
        id=FulfillmentOrderId(f"{name}-1"),
        order_id=OrderId(name),
    )
    bought = order(
        name,
        line("1", title="Mug", quantity=2, buckets={Bucket.ALLOCATED: 2}),
        line("2", "HAT", title="Hat", buckets={Bucket.ALLOCATED: 1}),
        version=0,
    )
    address = {"name": "Zoe", "address1": "1 Main St", "city": "Reno", "country_code": "US"}
    personal = (PersonalData(OrderId(name), "c1", {"addresses": {"sg1": address}}),)
    api.commit(orders=(bought,), fulfillment_orders=(found,), personal=personal)
    floor_of = floor(from_environment())
    change_work(f"{name}-1", lambda one, other: release(one, other, floor_of), floor_of)
    tell_suppliers(f"{name}-1")
    taken_back = {"lines": [{"line_id": "1", "quantity": 1}]}
    assert api.call("POST", f"/fulfillments/{name}-1/cancel", taken_back).status == 200
    tell_suppliers(f"{name}-1", f"{name}-1")
    first, second = wms.keys("out/wms/940-")
    (order_set,), (change,) = (read(wms.text(key))[0].groups[0].sets for key in (first, second))
    short = f"{'A2' * 10}1"
    assert order_set.body[0].elements[:2] == ("N", short)
    assert next(one.elements for one in order_set.body if one.id == "N1") == ("ST", "Zoe")
    assert change.body[0].elements[:2] == ("R", short)
    assert [one.elements[0] for one in change.body if one.id == "W01"] == ["1", "1"]
    # Their system has the order: the warehouse took it on. It ships what the change left.
    wms.drop(x12(("997", ["AK1*OW*1", "AK2*940*000000001", "AK5*A", "AK9*A*1*1*1"])))
    assert (wms.newest()["status"], wms.work(name)["status"]) == ("done", "accepted")
    wms.drop(x12(("997", ["AK1*OW*2", "AK2*940*2", "AK5*R*5", "AK9*R*1*1*0"]), control=32))
    reason = wms.newest()["refused"]["1"]
    assert f"the partner cannot use {name}-1." in reason
    wms.drop(x12(advice(short, "1*1*0*EA**SK*MUG", HAT), control=33))
    assert wms.buckets(name) == {"1": {"cancelled": 1, "shipped": 1}, "2": {"shipped": 1}}


def tell_suppliers(*names: str) -> None:
    records = [
        {"messageId": name, "body": json.dumps({"detail": {"fulfillment_order_id": name}})}
        for name in names
    ]
    answer = load_function("supplier_orders").handler({"Records": records}, LambdaContext())
    assert answer["batchItemFailures"] == []


def test_files_of_nobody_and_of_nothing_are_told_of(wms: Warehouse) -> None:
    assert wms.drop("x", partner="nobody") == ["0"]
    assert wms.drop("hello") == []
    assert wms.newest()["problem"] == "ISA: the file does not begin with one"
    wms.api.call("PUT", "/partners/wms", {**WMS, "active": False})
    wms.drop(x12(advice("ord_a-1", MUGS, HAT)))
    assert wms.newest()["problem"] == "partner: wms is switched off"
    assert wms.work("ord_a")["status"] == "released"
    assert wms.tell({"Event": "s3:TestEvent"}) == []


def test_a_partner_is_stored_shown_listed_and_removed(wms: Warehouse) -> None:
    stored = wms.api.call("PUT", "/partners/wms", WMS)
    assert (stored.json["version"], stored.json["drop_at"]) == (1, "partners/wms/")
    assert wms.api.call("GET", "/partners/wms").json == stored.json
    assert wms.api.call("GET", "/partners").json == {"partners": [stored.json]}
    assert wms.api.call("DELETE", "/partners/wms").json == stored.json
    assert wms.api.call("GET", "/partners/wms").status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"format": "edifact", "location_id": "RENO"},
        {"format": "x12"},
        {"format": "x12", "location_id": "RENO", "locations": {"R1": "RENO"}},
        {"format": "x12", "location_id": "RE/NO"},
        {"format": "x12", "locations": {"R1": "RE/NO"}},
        {"format": "x12", "location_id": "RENO", "zone": "Mars/Base"},
        {"format": "x12", "location_id": "RENO", "zone": "../etc"},
        {"format": "x12", "location_id": "RENO", "encoding": "hex"},
        {"format": "x12", "location_id": "RENO", "case_packs": {"MUG": 0}},
        {"format": "x12", "location_id": "RENO", "qualifiers": []},
        {"format": "x12", "location_id": "RENO", "ours": {"id": "A*B"}},
        {"format": "x12", "location_id": "RENO", "ours": {"id": "LONGER-THAN-FIFTEEN"}},
        {"format": "csv", "location_id": "RENO", "columns": {"price": "x"}},
        {"format": "csv", "location_id": "RENO", "reject_reasons": {"x": "lost"}},
    ],
)
def test_what_describes_no_partner_is_refused(wms: Warehouse, body: dict[str, Any]) -> None:
    assert wms.api.call("PUT", "/partners/wms", body).status == 400


def test_partners_are_for_tokens_of_all_locations_with_the_scope(wms: Warehouse) -> None:
    store = Identity("store", frozenset({"partners:write", "partners:read"}), frozenset({"RENO"}))
    reader = Identity("reader", frozenset({"partners:read"}))
    assert wms.api.call("PUT", "/partners/wms", WMS, caller=store).status == 403
    assert wms.api.call("GET", "/partners/wms/files", caller=store).status == 403
    assert wms.api.call("PUT", "/partners/wms", WMS, caller=reader).status == 403
    assert wms.api.call("GET", "/partners/wms/files", caller=reader).status == 200
    assert wms.api.call("PUT", "/partners/a%20b", WMS).status == 400
