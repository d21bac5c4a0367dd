"""Purchase orders from the bus to suppliers, on tables: by each way, once, each on its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentStatus, noted
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId
from dom.model.order import Bucket
from dom.model.supplier import SupplierTerms
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION, forget_key

from tools.supplier_stand_in import SupplierStandIn, supplier_stand_in

ADDRESS = {"name": "Zoe", "address1": "1 Main St", "city": "Reno", "country_code": "US"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        monkeypatch.setenv("SUPPLIERS_PREFIX", "dom/suppliers")
        monkeypatch.setenv("SENDER_EMAIL", "shop@example.com")
        made.put_location("RENO", type="supplier")
        yield made


@pytest.fixture
def acme() -> Iterator[SupplierStandIn]:
    with supplier_stand_in() as made:
        yield made


def describe(api: Backend, **how: str) -> None:
    assert api.call("PUT", "/suppliers/RENO", how).status == 200


def connect(api: Backend, acme: SupplierStandIn) -> None:
    describe(api, transport="webhook", url="https://acme.example/orders")
    secrets = boto3.client("secretsmanager", region_name=REGION)
    known = {"secret": acme.secret, "key_id": "k1", "url": f"{acme.url}/orders"}
    secrets.create_secret(Name="dom/suppliers/RENO", SecretString=json.dumps(known))


def release(api: Backend, name: str, address: bool = True) -> str:
    """A mug of that order, released to the supplier."""
    bought = order(name, line("1", title="Mug", buckets={Bucket.ALLOCATED: 1}), version=0)
    terms = SupplierTerms(NOW, 3600, 3600)
    asked = replace(
        work(1, FulfillmentStatus.ASSIGNED, version=0, location_id=LocationId("RENO")),
        id=FulfillmentOrderId(f"{name}-1"),
        order_id=OrderId(name),
    )
    released = replace(asked, status=FulfillmentStatus.RELEASED, dropship=terms)
    released = noted(released, NOW, "FulfillmentOrderReleased", "state machine")
    data = {"addresses": {"sg1": ADDRESS}} if address else {}
    personal = (PersonalData(OrderId(name), "c1", data),)
    api.commit(orders=(bought,), fulfillment_orders=(released,), personal=personal)
    return released.id


def tell(*names: str) -> list[str]:
    """Ids of the work that must come again."""
    records = [
        {"messageId": name, "body": json.dumps({"detail": {"fulfillment_order_id": name}})}
        for name in names
    ]
    answer: Any = load_function("supplier_orders").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def timeline(api: Backend, name: str) -> list[str]:
    return [one["type"] for one in api.call("GET", f"/orders/{name}").json["timeline"]]


def test_each_is_told_once_and_a_poison_one_stops_nobody(
    api: Backend, acme: SupplierStandIn
) -> None:
    connect(api, acme)
    api.call("PUT", "/products/MUG", {"cost": 450})
    for name in ("ord_a", "ord_b"):
        release(api, name)
    forgotten = release(api, "ord_c", address=False)
    assert tell("ord_a-1", forgotten, "ord_z-9", "ord_b-1", "ord_a-1") == [forgotten, "ord_z-9"]
    assert (sorted(acme.taken), acme.repeats) == (["ord_a-1.1", "ord_b-1.1"], 0)
    told = acme.taken["ord_a-1.1"]
    assert (told["ship_to"]["street1"], told["lines"][0]["unit_cost"]) == ("1 Main St", 450)
    assert timeline(api, "ord_a").count("SupplierInformed") == 1


def test_whose_key_is_gone_is_left_for_people_and_stops_nobody(
    api: Backend, acme: SupplierStandIn
) -> None:
    connect(api, acme)
    for name in ("ord_a", "ord_b"):
        release(api, name)
    forget_key(api.environment, "ord_a")
    assert tell("ord_a-1", "ord_b-1") == ["ord_a-1"]
    assert sorted(acme.taken) == ["ord_b-1.1"]


def test_a_supplier_that_is_down_or_whose_answer_is_lost_is_told_later(
    api: Backend, acme: SupplierStandIn
) -> None:
    connect(api, acme)
    release(api, "ord_a")
    acme.failures, acme.lost = [503], 1
    assert tell("ord_a-1") == tell("ord_a-1") == ["ord_a-1"]
    assert tell("ord_a-1") == []
    assert acme.units("ord_a-1") == {"MUG": 1}


def test_a_cancellation_follows_its_order(api: Backend, acme: SupplierStandIn) -> None:
    connect(api, acme)
    api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
    api.reserve("MUG", "RENO", 1)
    release(api, "ord_a")
    assert api.call("POST", "/fulfillments/ord_a-1/cancel").status == 200
    assert tell("ord_a-1") == []
    assert [one["type"] for one in acme.taken.values()] == ["order", "cancel"]
    assert acme.units("ord_a-1") == {}


def test_a_supplier_without_a_key_or_without_a_description_is_for_a_person(
    api: Backend, acme: SupplierStandIn
) -> None:
    release(api, "ord_a")
    assert tell("ord_a-1") == ["ord_a-1"]
    describe(api, transport="webhook", url="https://acme.example/orders")
    assert tell("ord_a-1") == ["ord_a-1"]


def test_a_supplier_by_file_finds_one_file_for_each(api: Backend) -> None:
    describe(api, transport="file")
    assert tell(release(api, "ord_a")) == []
    s3 = boto3.client("s3", region_name=REGION)
    found = s3.get_object(Bucket="feeds", Key="purchase-orders/RENO/ord_a-1.1.csv")
    rows = found["Body"].read().decode().splitlines()
    assert len(rows) == 2
    assert "ord_a-1.1,order,ord_a-1" in rows[1]


def test_a_supplier_by_mail_gets_one(api: Backend) -> None:
    ses = boto3.client("ses", region_name=REGION)
    describe(api, transport="email", email="orders@acme.example")
    release(api, "ord_a")
    assert tell("ord_a-1") == ["ord_a-1"], "the sender is not verified yet"
    ses.verify_email_identity(EmailAddress="shop@example.com")
    assert tell("ord_a-1", "ord_a-1") == []
    (mail,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert mail.destinations == ["orders@acme.example"]
    assert "Purchase order ord_a-1" in mail.raw_data


def test_answers_by_file_are_carried_out_once_and_reported(api: Backend) -> None:
    describe(api, transport="file")
    api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
    api.reserve("MUG", "RENO", 1)
    release(api, "ord_a")
    s3 = boto3.client("s3", region_name=REGION)
    rows = "purchase_order,answer,tracking_number\nord_a-1,ship,1Z\nord_b-1,accept,\n"
    etag = s3.put_object(Bucket="feeds", Key="answers/RENO/a b.csv", Body=rows)["ETag"].strip('"')
    dropped = {"key": "answers/RENO/a+b.csv", "eTag": etag}
    told = {"Records": [{"eventTime": "2026-03-04T15:00:00Z", "s3": {"object": dropped}}]}
    record = {"messageId": "m1", "body": json.dumps(told)}
    for _ in range(2):
        handler = load_function("supplier_orders").handler
        answer: Any = handler({"Records": [record]}, LambdaContext())
        assert answer == {"batchItemFailures": []}
    shown = api.call("GET", "/fulfillments/ord_a-1").json
    assert (shown["status"], shown["parcels"][0]["tracking_number"]) == ("shipped", "1Z")
    kept = s3.get_object(Bucket="feeds", Key="answered/RENO/a b.csv.2.csv")["Body"].read().decode()
    assert kept.splitlines()[1:] == [
        "2,ord_a-1,ship,taken,",
        "3,ord_b-1,accept,refused,fulfillment order ord_b-1 does not exist",
    ]
