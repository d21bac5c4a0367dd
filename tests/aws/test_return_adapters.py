"""Slips and labels in S3, refunds with their credentials, and the ledger's part of returns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from dom.aws.accounts import Accounts
from dom.aws.carriers import Carriers
from dom.aws.label_files import LabelFiles
from dom.aws.labels import CarrierLabels, label_url
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.papers import BucketPapers
from dom.aws.refunds import ChannelRefunds
from dom.aws.return_store import ReturnStore
from dom.errors import Busy, CommitRefused, InvalidInput, Rejected
from dom.model.commit import Claim, Commit, PersonalData, ReturnLoad
from dom.model.ids import LocationId, OrderId, ReturnId
from dom.model.money import Money
from dom.model.refund import Refund
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnReason, ReturnStatus
from dom.model.rma import Return, ReturnLine
from dom.returns.ports import Homeward
from support.builders import NOW, location, order
from support.tables import REGION, moto_tables

from tools.carrier_stand_in import carrier_stand_in
from tools.shop_stand_in import shop_stand_in

RETURN = Return(
    ReturnId("ord_a-R1"),
    OrderId("ord_a"),
    "webshop",
    "acme",
    "USD",
    ReturnStatus.APPROVED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (ReturnLine("1", 2, ReturnReason.STYLE),),
    NOW,
    location_id=LocationId("RENO"),
)


@pytest.fixture
def tables() -> Iterator[dict[str, str]]:
    with moto_tables() as environment:
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="raw")
        yield environment


def ledger(tables: dict[str, str]) -> tuple[Any, DynamoLedger, OrderStore]:
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    names = [tables[f"{name}_TABLE"] for name in ("ORDERS", "INVENTORY", "NETWORK", "INBOX")]
    return dynamodb, DynamoLedger(dynamodb, *names), OrderStore(dynamodb, names[0])


def write(book: DynamoLedger, name: str, **facts: Any) -> None:
    book.commit(Commit(name, NOW, "test", **facts))


def test_labels_and_photos_are_deleted_and_nothing_else_is(tables: dict[str, str]) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    theirs = ("labels/ord_a-1-p1.pdf", "labels/ord_a-R1.html", "labels/ord_b-1.2-p1.pdf")
    others = ["labels/ord_a2-1-p1.pdf", "parked/c"]
    for key in (*theirs, *others, "photos/b.jpg"):
        s3.put_object(Bucket="raw", Key=key, Body=b"x")
    papers = BucketPapers(s3, "raw")
    told = [theirs[2], "photos/b.jpg", "parked/c", "https://carrier.example/label"]
    papers.erase(OrderId("ord_a"), told)
    papers.erase(OrderId("ord_a"), told)
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="raw")["Contents"]] == others
    with pytest.raises(Busy):
        BucketPapers(s3, "no-such-bucket").erase(OrderId("ord_a"), [])


def test_a_return_is_written_under_its_version_and_listed_where_it_goes(
    tables: dict[str, str],
) -> None:
    dynamodb, book, store = ledger(tables)
    write(book, "a", returns=(RETURN,))
    with pytest.raises(CommitRefused):
        write(book, "b", returns=(RETURN,))
    stored = store.rma("ord_a-R1")
    assert stored == replace(RETURN, version=1)
    assert store.returns_of("ord_a") == [stored]
    assert store.rma("ord_a-R2") is None and store.rma("nonsense") is None
    index = ReturnStore(dynamodb, tables["ORDERS_TABLE"], page=1)
    write(book, "c", returns=(replace(RETURN, id=ReturnId("ord_a-R2")),))
    first = index.find(LocationId("RENO"), ReturnStatus.APPROVED, None)
    rest = index.find(LocationId("RENO"), ReturnStatus.APPROVED, first.next)
    assert [one.id for one in (*first.returns, *rest.returns)] == ["ord_a-R1", "ord_a-R2"]
    assert index.find(LocationId("RENO"), ReturnStatus.CLOSED, None).returns == ()
    for cursor in ("x", first.next or ""):
        with pytest.raises(InvalidInput):
            index.find(LocationId("RENO"), ReturnStatus.CLOSED, cursor)


def test_a_backlog_is_counted_where_the_location_is_and_nowhere_else(
    tables: dict[str, str],
) -> None:
    dynamodb, book, _ = ledger(tables)
    key = {"pk": {"S": "LOCATION#RENO"}, "sk": {"S": "STATE"}}
    dynamodb.put_item(TableName=tables["NETWORK_TABLE"], Item={**key, "open": {"BOOL": True}})
    write(book, "a", loads=(ReturnLoad(LocationId("RENO"), 3),))
    write(book, "b", loads=(ReturnLoad(LocationId("RENO"), -1),))
    stored = dynamodb.get_item(TableName=tables["NETWORK_TABLE"], Key=key)["Item"]
    assert stored["returning"]["N"] == "2"
    with pytest.raises(CommitRefused) as refused:
        write(book, "c", loads=(ReturnLoad(LocationId("NOWHERE"), 1),))
    assert [one.kind for one in refused.value.conflicts] == ["load"]


def test_a_claim_is_kept_as_long_as_it_says(tables: dict[str, str]) -> None:
    dynamodb, book, _ = ledger(tables)
    write(book, "a", claims=(Claim("tracking#1Z", OrderId("ord_a"), NOW, "ord_a-R1", 400),))
    item = dynamodb.get_item(TableName=tables["INBOX_TABLE"], Key={"key": {"S": "tracking#1Z"}})[
        "Item"
    ]
    assert int(item["expires_at"]["N"]) == int(NOW.timestamp()) + 400 * 86_400
    assert item["payload_digest"]["S"] == "ord_a-R1"


def test_a_slip_names_the_return_and_the_place_and_its_link_expires(
    tables: dict[str, str],
) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    place = location("RENO", name="Reno <DC>", city="Reno")
    parcel = Homeward(None, "", place, 500, "USD")
    label = CarrierLabels(LabelFiles(s3, "raw")).label(RETURN, parcel, ReturnPolicy())
    page = s3.get_object(Bucket="raw", Key="labels/ord_a-R1.html")["Body"].read().decode()
    assert "ord_a-R1" in page and "Reno &lt;DC&gt;" in page and "<svg" in page
    url = label_url(s3, "raw", replace(RETURN, label=label)) or ""
    assert "labels/ord_a-R1.html" in url and "Expires" in url
    assert label_url(s3, "raw", RETURN) is None
    ready = replace(RETURN, label=replace(label, label_url="https://ups.example/1"))
    assert label_url(s3, "raw", ready) == "https://ups.example/1"


def test_with_a_carriers_key_the_label_is_bought_kept_and_tracked(tables: dict[str, str]) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    secrets = boto3.client("secretsmanager", region_name=REGION)
    carriers = Carriers(secrets, "dom/carriers")
    labels = CarrierLabels(LabelFiles(s3, "raw"), carriers.find)
    address = {"name": "Ada", "address1": "12 Elm Street", "country_code": "US"}
    ada = PersonalData(OrderId("ord_a"), "c1", {"addresses": {"g1": address}})
    parcel = Homeward(ada, "g1", location("RENO"), 0, "USD")
    assert carriers.find() is None
    with carrier_stand_in() as carrier:
        known = {"api_key": carrier.key, "api_url": f"{carrier.url}/v2/"}
        secrets.create_secret(Name="dom/carriers/easypost", SecretString=json.dumps(known))
        label = labels.label(RETURN, parcel, ReturnPolicy(label_services=frozenset({"UPS"})))
        [sold] = carrier.sold
        assert sold["to_address"]["street1"] == "12 Elm Street"
        # Nobody knows what it weighs: half a kilogram.
        assert sold["parcel"]["weight"] == 17.6
        assert (label.carrier, label.cost) == ("UPS", Money(834, "USD"))
        assert label.tracking_number == sold["tracking_code"]
        kept = s3.get_object(Bucket="raw", Key=label.label_url)
        assert (label.label_url, kept["ContentType"]) == ("labels/ord_a-R1.pdf", "application/pdf")
        assert kept["Body"].read().startswith(b"%PDF")
        # WHEN a person has it asked for anew, it is another shipment
        labels.label(replace(RETURN, label_tries=1), parcel, ReturnPolicy())
        assert [one["reference"] for one in carrier.sold] == ["ord_a-R1", "ord_a-R1-2"]
        # AND what is brought to a store needs no carrier
        brought = replace(RETURN, method=ReturnMethod.STORE)
        assert labels.label(brought, parcel, ReturnPolicy()).label_url == "labels/ord_a-R1.html"
        with pytest.raises(Rejected, match="nobody knows the address"):
            labels.label(RETURN, replace(parcel, sender=None), ReturnPolicy())
    secrets.put_secret_value(SecretId="dom/carriers/easypost", SecretString="{}")
    assert carriers.find() is None


def test_a_refund_is_paid_with_the_accounts_own_credentials(tables: dict[str, str]) -> None:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    refunds = ChannelRefunds(Accounts(secrets, "dom/channels"))
    placed = replace(order("ord_a"), channel="webshop", account="acme")
    owed = Refund(1, NOW, Money(500, "USD"))
    assert refunds.pay(placed, RETURN, replace(owed, amount=Money(0, "USD"))) == "nothing to pay"
    with pytest.raises(Rejected, match="no secret"):
        refunds.pay(placed, RETURN, owed)
    with shop_stand_in() as shop:
        known = {"webhook_secrets": [], "refund_url": f"{shop.url}/r", "refund_secret": "s"}
        secrets.create_secret(Name="dom/channels/webshop/acme", SecretString=json.dumps(known))
        assert refunds.pay(placed, RETURN, owed) == "paid-1"
