"""Labels of packed parcels over HTTP: by a carrier where there is one, else by the rate card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws.data_keys import DataKeys
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import LocationId, OrderId
from dom.model.order import Bucket
from dom.model.rate_card import RateCard
from support.api import Backend, backend
from support.builders import line, order, work
from support.http import Reply
from support.tables import REGION, forget_key, throttled

from tools.carrier_stand_in import CarrierStandIn, carrier_stand_in

SCOPES = frozenset({"fulfillments:read", "fulfillments:write"})
RENO = Identity("reno", SCOPES, frozenset({"RENO"}))
BOSTON = Identity("boston", SCOPES, frozenset({"BOSTON"}))
ADDRESS = {"name": "Ada <b>", "address1": "12 Elm Street", "city": "Reno", "country_code": "US"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        monkeypatch.setenv("CARRIERS_PREFIX", "dom/carriers")
        made.put_location("RENO", name="Reno DC")
        packed = work(
            1,
            FulfillmentStatus.PACKED,
            version=0,
            location_id=LocationId("RENO"),
            distance_km=100.0,
        )
        bought = line("1", buckets={Bucket.PACKED: 1})
        ada = PersonalData(OrderId("ord_a"), "c1", {"addresses": {"sg1": ADDRESS}})
        made.commit(
            orders=(order("ord_a", bought, version=0),),
            fulfillment_orders=(packed,),
            personal=(ada,),
        )
        yield made


@pytest.fixture
def carrier(api: Backend) -> Iterator[CarrierStandIn]:
    with carrier_stand_in() as made:
        known = json.dumps({"api_key": made.key, "api_url": f"{made.url}/v2"})
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secrets.create_secret(Name="dom/carriers/easypost", SecretString=known)
        yield made


def label(api: Backend, caller: Identity = RENO, **body: object) -> Reply:
    return api.call("POST", "/fulfillments/ord_a-1/label", body, caller=caller)


def kept(answer: Reply) -> bytes:
    """What the answer's link leads to."""
    path = urlsplit(answer.json["label_url"]).path
    key = path[path.index("labels/") :]
    body: bytes = (
        boto3.client("s3", region_name=REGION).get_object(Bucket="raw", Key=key)["Body"].read()
    )
    return body


def test_nobody_buys_a_label_for_whom_nobody_knows_any_more(api: Backend) -> None:
    forget_key(api.environment, "ord_a")
    answer = label(api, weight_grams=700)
    assert answer.status in (400, 409, 422) and "nobody knows the address" in answer.json["detail"]
    assert api.call("GET", "/fulfillments/ord_a-1", caller=RENO).status == 200


def test_while_kms_does_not_answer_a_label_is_asked_for_later(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(DataKeys, "_ask", throttled)
        assert label(api, weight_grams=700).status == 503
    assert label(api, weight_grams=700).status == 200


def test_a_label_is_bought_from_the_carrier_and_is_the_parcels_number(
    api: Backend, carrier: CarrierStandIn
) -> None:
    answer = label(api, weight_grams=700)
    [sold] = carrier.sold
    assert (answer.status, answer.json["tracking_number"]) == (200, sold["tracking_code"])
    assert answer.json["label_cost"] == {"amount": 834, "currency": "USD"}
    assert (sold["from_address"]["company"], sold["to_address"]["street1"]) == (
        "Reno DC",
        "12 Elm Street",
    )
    assert (sold["is_return"], sold["reference"]) == (False, "ord_a-1-p1")
    assert kept(answer).startswith(b"%PDF")
    # WHEN it is asked for again, it is the same one
    assert label(api).json["tracking_number"] == sold["tracking_code"]
    seen = api.call("GET", "/fulfillments/ord_a-1", caller=RENO).json["parcels"]
    assert [one["tracking_number"] for one in seen] == [sold["tracking_code"]]
    assert len(carrier.sold) == 1


def test_without_a_carrier_it_is_our_own_page_at_the_rate_cards_price(api: Backend) -> None:
    answer = label(api, weight_grams=700)
    card = RateCard()
    price = card.price(700, card.zone(100_000))
    assert answer.json["label_cost"] == {"amount": price, "currency": "USD"}
    assert (answer.json["carrier"], answer.json["tracking_number"]) == ("", "")
    page = kept(answer).decode()
    assert "12 Elm Street" in page and "ord_a-1-p1" in page
    assert "Ada &lt;b&gt;" in page and "<b>" not in page


def test_what_the_carrier_refuses_is_told_and_nothing_changed(
    api: Backend, carrier: CarrierStandIn
) -> None:
    carrier.refuses = [{"code": "ADDRESS.VERIFY.FAILURE", "message": "12 Elm Street"}]
    answer = label(api, weight_grams=700)
    assert (answer.status, carrier.sold) == (400, [])
    assert "ADDRESS.VERIFY" in json.dumps(answer.json) and "Elm" not in json.dumps(answer.json)
    carrier.failures = [503]
    assert label(api, weight_grams=700).status == 503
    assert label(api, weight_grams=700).status == 200


def test_only_who_may_gets_one_and_only_for_their_own(api: Backend) -> None:
    assert label(api, BOSTON, weight_grams=700).status == 404
    assert label(api, Identity("x", frozenset({"fulfillments:read"})), weight_grams=1).status == 403
    refused = label(api)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "weight_grams")
    assert label(api, parcel=3, weight_grams=7).json["errors"][0]["field"] == "parcel"
