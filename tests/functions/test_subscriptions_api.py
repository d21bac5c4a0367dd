"""Subscriptions over HTTP: made, shown, changed, tested, given new secrets, and ended."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws import keys
from support.api import Backend, backend
from support.tables import REGION

from tools.subscriber_stand_in import SubscriberStandIn, subscriber_stand_in

WANTED = {"url": "https://hooks.example.com/x", "event_types": ["OrderPlaced"]}
STORE = Identity("store", frozenset({"*"}), frozenset({"RENO"}))
READER = Identity("reader", frozenset({"subscriptions:read"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        yield made


@pytest.fixture
def subscriber() -> Iterator[SubscriberStandIn]:
    with subscriber_stand_in() as made:
        yield made


def subscribed(api: Backend, **more: Any) -> dict[str, Any]:
    answer = api.call("POST", "/subscriptions", {**WANTED, **more})
    assert answer.status == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def secret_of(name: str) -> dict[str, str]:
    client = boto3.client("secretsmanager", region_name=REGION)
    text = client.get_secret_value(SecretId=f"dom/subscriptions/{name}")["SecretString"]
    found: dict[str, str] = json.loads(text)
    return found


def reached_at(name: str, url: str) -> None:
    """As our own people let a subscription go to something inside."""
    client = boto3.client("secretsmanager", region_name=REGION)
    text = json.dumps({**secret_of(name), "url": url})
    client.put_secret_value(SecretId=f"dom/subscriptions/{name}", SecretString=text)


def test_one_is_made_shown_without_its_secret_listed_and_ended(api: Backend) -> None:
    made = subscribed(api, location_ids=["RENO"])
    secret, path = made.pop("secret"), f"/subscriptions/{made['subscription_id']}"
    assert secret_of(made["subscription_id"]) == {"secret": secret}
    assert (made["status"], made["created_by"], made["failures"]) == ("active", "admin", 0)
    assert api.call("GET", path).json == made
    assert api.call("GET", "/subscriptions", caller=READER).json == {"subscriptions": [made]}
    assert secret not in json.dumps(api.item("NETWORK_TABLE", key_of(made)))
    assert api.call("DELETE", path).json == made
    assert api.call("GET", path).status == 404
    with pytest.raises(Exception, match="ResourceNotFound"):
        secret_of(made["subscription_id"])


def key_of(made: dict[str, Any]) -> Any:
    return keys.named(keys.SUBSCRIPTIONS, made["subscription_id"])


@pytest.mark.parametrize(
    "body",
    [
        {**WANTED, "url": "http://hooks.example.com"},
        {**WANTED, "url": "https://169.254.169.254/latest/meta-data"},
        {**WANTED, "url": "https://127.1/x"},
        {**WANTED, "url": "https://[::ffff:10.0.0.1]/x"},
        {**WANTED, "url": "https://[::1]:8443/x"},
        {**WANTED, "url": "https://localhost/x"},
        {**WANTED, "url": "https://user:secret@hooks.example.com"},
        {**WANTED, "url": "https://hooks.example.com:99999"},
        {**WANTED, "url": "https://[::1"},
        {**WANTED, "url": "https:///x"},
        {**WANTED, "event_types": []},
        {**WANTED, "event_types": ["OrderPlace"]},
        {**WANTED, "event_types": "*"},
        {**WANTED, "secret": "mine"},
    ],
)
def test_what_cannot_be_told_is_refused(api: Backend, body: dict[str, Any]) -> None:
    assert api.call("POST", "/subscriptions", body).status == 400


def test_it_is_changed_paused_and_resumed(api: Backend) -> None:
    path = f"/subscriptions/{subscribed(api)['subscription_id']}"
    changed = api.call("PATCH", path, {"event_types": ["*"], "status": "paused"}).json
    assert (changed["event_types"], changed["status"], changed["reason"]) == (
        ["*"],
        "paused",
        "by admin",
    )
    assert changed["url"] == WANTED["url"]
    resumed = api.call("PATCH", path, {"status": "active"}).json
    assert (resumed["status"], resumed["reason"], resumed["version"]) == ("active", "", 3)
    assert api.call("PATCH", path, {"url": "https://10.0.0.1/x"}).status == 400
    assert api.call("PATCH", "/subscriptions/sub_x", {"status": "active"}).status == 404


def test_a_new_secret_signs_beside_the_old_one(api: Backend, subscriber: SubscriberStandIn) -> None:
    made = subscribed(api)
    path, name = f"/subscriptions/{made['subscription_id']}", made["subscription_id"]
    reached_at(name, subscriber.url)
    new = api.call("POST", f"{path}/rotate").json
    stored = secret_of(name)
    assert (stored["secret"], stored["previous"]) == (new["secret"], made["secret"])
    assert stored["previous_until"] == new["previous_until"]
    assert stored["url"] == subscriber.url
    assert api.call("POST", f"{path}/test").json["delivered"] is True
    (asked,) = subscriber.heard
    assert len(asked.headers["webhook-signature"].split()) == 2
    assert api.call("POST", "/subscriptions/sub_x/rotate").status == 404
    assert api.call("POST", f"{path}/rotate", {"overlap_hours": 200}).status == 400


def test_a_ping_says_what_was_answered(api: Backend, subscriber: SubscriberStandIn) -> None:
    name = subscribed(api)["subscription_id"]
    reached_at(name, subscriber.url)
    path = f"/subscriptions/{name}/test"
    told = api.call("POST", path).json
    assert (told["delivered"], told["status"]) == (True, 204)
    assert subscriber.heard[0].body["type"] == "Ping"
    assert subscriber.heard[0].headers["webhook-id"] == told["event_id"]
    subscriber.failures = [503]
    told = api.call("POST", path).json
    assert (told["delivered"], told["status"], told["reason"]) == (False, 503, "")


def test_a_ping_does_not_reach_what_is_inside(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = subscribed(api)["subscription_id"]
    found = [(0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    told = api.call("POST", f"/subscriptions/{name}/test").json
    assert (told["delivered"], told["status"]) == (False, 0)
    assert "not on the Internet" in told["reason"]


def test_a_token_of_some_locations_or_without_the_scope_may_not(api: Backend) -> None:
    name = subscribed(api)["subscription_id"]
    for method, path, body in (
        ("POST", "/subscriptions", WANTED),
        ("GET", "/subscriptions", None),
        ("GET", f"/subscriptions/{name}", None),
        ("PATCH", f"/subscriptions/{name}", {"status": "paused"}),
        ("POST", f"/subscriptions/{name}/test", None),
        ("POST", f"/subscriptions/{name}/rotate", None),
        ("DELETE", f"/subscriptions/{name}", None),
    ):
        assert api.call(method, path, body, caller=STORE).status == 403, path
        if method != "GET":
            assert api.call(method, path, body, caller=READER).status == 403, path
