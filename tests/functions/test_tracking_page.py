"""The tracking page as API Gateway asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.model.commit import Commit
from dom.model.tracking_link import signed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.api import Backend, backend
from support.builders import NOW, line, order
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

Get = Callable[[object], dict[str, Any]]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        monkeypatch.setenv("TRACKING_SECRET", "tracking")
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secrets.create_secret(Name="tracking", SecretString="old")
        made.ledger.commit(Commit("t", NOW, "t", orders=(order("ord_a", line("1"), version=0),)))
        yield made


@pytest.fixture
def get(api: Backend) -> Get:
    app = load_function("tracking_page")
    return lambda token: app.handler({"pathParameters": {"token": token}}, LambdaContext())


def test_a_link_opens_a_page_that_is_kept_nowhere(get: Get) -> None:
    answer = get(signed("ord_a", "old"))
    assert (answer["statusCode"], "<main>" in answer["body"]) == (200, True)
    headers = answer["headers"]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_links_outlive_a_rotation_of_the_key(api: Backend) -> None:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.put_secret_value(SecretId="tracking", SecretString="new")
    app = load_function("tracking_page")
    for key, status in (("old", 200), ("new", 200), ("older", 404)):
        event = {"pathParameters": {"token": signed("ord_a", key)}}
        assert app.handler(event, LambdaContext())["statusCode"] == status, key


@pytest.mark.parametrize("order_id", ["ord_b", "ord_a/../x"])
def test_an_order_that_is_not_there_has_no_page(get: Get, order_id: str) -> None:
    assert get(signed(order_id, "old"))["statusCode"] == 404


def test_what_cannot_be_read_now_can_be_later(
    get: Get, api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(*_: object) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")

    monkeypatch.setattr("dom.aws.order_store.get", throttled)
    answer = get(signed("ord_a", "old"))
    assert (answer["statusCode"], "again in a moment" in answer["body"]) == (503, True)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.none(), st.text(max_size=200), st.integers()))
def test_whatever_is_asked_is_answered_with_a_page(get: Get, token: object) -> None:
    answer = get(token)
    assert answer["statusCode"] == 404
    answer["body"].encode()


def test_a_browser_that_wants_german_gets_it_also_where_nothing_is(api: Backend) -> None:
    app = load_function("tracking_page")
    headers = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    for key, status in (("old", 200), ("older", 404)):
        event = {"pathParameters": {"token": signed("ord_a", key)}, "headers": headers}
        answer = app.handler(event, LambdaContext())
        assert (answer["statusCode"], '<html lang="de">' in answer["body"]) == (status, True)
