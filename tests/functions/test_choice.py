"""What becomes of a pickup, chosen by API and on the tracking page."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from dom.api.identity import Identity
from dom.model.choice import asked
from dom.model.clock import system_clock
from dom.model.geo import Destination
from dom.model.ids import LocationId
from dom.model.order import Method, ShipGroup
from dom.model.tracking_link import signed
from support.api import Backend, backend
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext, Reply
from support.tables import REGION

SERVICE = Identity("service", frozenset({"orders:write"}))
TOKEN = signed("ord_a", "key")
HOME = Destination("US", "95814", "CA", "Sacramento")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """A mug that RENO could not hand over, SHOP has one, and BIG too."""
    with backend() as made:
        monkeypatch.setenv("TRACKING_SECRET", "tracking")
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secrets.create_secret(Name="tracking", SecretString="key")
        for name in ("RENO", "SHOP", "BIG"):
            made.put_location(name, name=f"Store {name}", capabilities=["pickup"])
        for name in ("SHOP", "BIG"):
            made.call("PUT", f"/inventory/{name}/MUG", {"on_hand": 1})
        group = ShipGroup("sg1", Method.PICKUP, HOME, LocationId("RENO"))
        waiting = order("ord_a", line("1", title="Blue mug"), version=0, ship_groups=(group,))
        now = system_clock()
        three = timedelta(days=3)
        made.commit(orders=(asked(waiting, "sg1", LocationId("RENO"), now, three, "reno"),))
        yield made


def call(api: Backend, **body: Any) -> Reply:
    return api.call("POST", "/orders/ord_a/choose", {"reason": "by phone", **body}, caller=SERVICE)


def page(form: Any = None, **rest: Any) -> dict[str, Any]:
    event = {"pathParameters": {"token": TOKEN}, "httpMethod": "POST" if form else "GET", **rest}
    event["body"] = urlencode(form) if isinstance(form, dict) else form
    answer: dict[str, Any] = load_function("tracking_page").handler(event, LambdaContext())
    return answer


def test_service_sees_what_waits_and_chooses_another_store(api: Backend) -> None:
    (waiting,) = api.call("GET", "/orders/ord_a").json["choices"]
    assert (waiting["ship_group_id"], waiting["location_id"]) == ("sg1", "RENO")
    answer = call(api, choice="other_store", location_id="SHOP")
    assert (answer.status, answer.json["status"], answer.json["choices"]) == (200, "open", [])
    assert answer.json["ship_groups"][0]["location_id"] == "SHOP"


def test_a_repeat_is_harmless_and_another_choice_is_refused(api: Backend) -> None:
    body = {"choice": "ship", "request_id": "r1"}
    first = call(api, **body)
    assert call(api, **body).json == first.json
    late = call(api, choice="cancel")
    assert (late.status, late.json["found"]) == (409, "open")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"choice": "other_store"}, 400, "location_id"),
        ({"choice": "other_store", "location_id": "RENO"}, 400, "location_id"),
        ({"choice": "wait"}, 400, "choice"),
        ({"choice": "ship", "address": {"address1": "x"}}, 400, "address.country_code"),
    ],
)
def test_what_is_wrong_with_a_choice_is_named(
    api: Backend, body: Any, status: int, said: str
) -> None:
    answer = call(api, **body)
    assert (answer.status, answer.json["errors"][0]["field"]) == (status, said)


def test_a_store_that_sold_out_is_a_conflict_with_its_state(api: Backend) -> None:
    api.call("PUT", "/inventory/SHOP/MUG", {"on_hand": 0})
    answer = call(api, choice="other_store", location_id="SHOP")
    assert (answer.status, answer.json["found"]) == (409, "out of stock")


def test_an_address_is_told_with_the_choice(api: Backend) -> None:
    there = {
        "address1": "1 Lake St",
        "city": "Chicago",
        "country_code": "US",
        "postal_code": "60601",
    }
    answer = call(api, choice="ship", address=there)
    assert answer.status == 200, answer.json
    assert answer.json["ship_groups"][0]["method"] == "ship"


def test_the_page_asks_and_takes_the_answer(api: Backend) -> None:
    asking = page()["body"]
    assert "Please tell us how to go on." in asking and "<form method=post>" in asking
    assert "Blue mug" in asking and asking.count("type=radio") >= 2
    answer = page({"group": "sg1", "choice": "ship"})
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, TOKEN)
    assert "<form" not in page()["body"]
    entry = api.call("GET", "/orders/ord_a").json["timeline"][-1]
    assert (entry["type"], entry["actor"]) == ("OrderReleased", "customer")


def test_the_page_takes_another_store_also_in_base64(api: Backend) -> None:
    form = base64.b64encode(urlencode({"group": "sg1", "choice": "store:BIG"}).encode()).decode()
    assert page(form, isBase64Encoded=True)["statusCode"] == 303
    assert api.call("GET", "/orders/ord_a").json["ship_groups"][0]["location_id"] == "BIG"


def test_what_is_not_possible_any_more_is_said_on_the_page_that_asks_again(api: Backend) -> None:
    api.call("PUT", "/inventory/SHOP/MUG", {"on_hand": 0})
    answer = page({"group": "sg1", "choice": "store:SHOP"}, headers={"Accept-Language": "de"})
    assert (answer["statusCode"], "Das ist nicht mehr möglich" in answer["body"]) == (409, True)
    assert "<form" in answer["body"]


@pytest.mark.parametrize(
    "form",
    [{"group": "sg1"}, {"choice": "ship"}, {"group": "sg1", "choice": "store:"}, "%%%", "x" * 3000],
)
def test_what_our_page_did_not_send_changes_nothing(api: Backend, form: Any) -> None:
    answer = page(form)
    assert (answer["statusCode"], "Please pick one" in answer["body"]) == (400, True)
    assert api.call("GET", "/orders/ord_a").json["choices"]


def test_nobody_chooses_without_the_link(api: Backend) -> None:
    event = {
        "pathParameters": {"token": signed("ord_a", "other")},
        "httpMethod": "POST",
        "body": "group=sg1&choice=cancel",
    }
    answer = load_function("tracking_page").handler(event, LambdaContext())
    assert answer["statusCode"] == 404
    assert api.call("GET", "/orders/ord_a").json["choices"]
