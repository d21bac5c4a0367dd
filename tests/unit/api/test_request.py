"""Paths are decoded exactly once, bodies are JSON, and what is wrong is named."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest
from dom.api.inventory import GET_INVENTORY, PUT_POSITION, PositionBody
from dom.api.locations import GET_LOCATION
from dom.api.problem import UnsupportedMediaType, problem
from dom.api.request import InvalidBody, Request, body_text, parse, path_parts
from dom.errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st
from support.http import ADMIN, proxy_event

SKUS = ["MUG", "A/B", "100%", "A%2FB", "%41", "Blå mugg", "a b", "a+b", "#1?x=y", "/", "☕️", "..;"]


@pytest.mark.parametrize("sku", SKUS)
def test_a_sku_in_a_path_comes_out_as_it_went_in(sku: str) -> None:
    event = proxy_event("GET", f"/inventory/{quote(sku, safe='')}")
    assert GET_INVENTORY.match("GET", path_parts(event)) == {"sku": sku}


@pytest.mark.parametrize("sku", SKUS)
def test_a_gateway_that_decodes_paths_first_is_not_decoded_again(sku: str) -> None:
    # GIVEN payload 1.0 with a version: an HTTP API, or the embedded AWS
    event = proxy_event("PUT", f"/inventory/RENO/{sku}", version="1.0")
    wanted = {"location_id": "RENO", "sku": sku}
    assert PUT_POSITION.match("PUT", path_parts(event)) == wanted


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_survives_the_path(text: str) -> None:
    event = proxy_event("GET", f"/inventory/{quote(text, safe='')}")
    assert GET_INVENTORY.match("GET", path_parts(event)) == {"sku": text}


def test_the_base_path_of_a_custom_domain_is_no_part_of_the_route() -> None:
    event = proxy_event("GET", "/oms/locations/RENO")
    event |= {"resource": "/locations/{id}", "pathParameters": {"id": "RENO"}}
    assert GET_LOCATION.match("GET", path_parts(event)) == {"id": "RENO"}


def test_a_trailing_slash_is_forgiven() -> None:
    assert GET_LOCATION.match("GET", path_parts(proxy_event("GET", "/locations/RENO/")))


@pytest.mark.parametrize("path", ["/inventory/%FF", "/inventory/%C3%28", "/inventory/\ud800"])
def test_a_path_that_is_no_text_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput, match="UTF-8"):
        path_parts(proxy_event("GET", path))


def test_only_the_last_segment_may_hold_slashes() -> None:
    assert GET_LOCATION.match("GET", ["locations", "a", "b"]) is None
    assert GET_INVENTORY.match("GET", ["inventory", ""]) is None
    assert GET_INVENTORY.match("PUT", ["inventory", "MUG"]) is None


def request(text: str, content_type: str = "application/json") -> Request:
    return Request({}, {}, {"content-type": content_type}, text, ADMIN)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "body"),
        ("{", "body"),
        ("[]", "body"),
        ("null", "body"),
        ("{}", "on_hand"),
        ('{"on_hand": -1}', "on_hand"),
        ('{"on_hand": 1.5}', "on_hand"),
        ('{"on_hand": "5"}', "on_hand"),
        ('{"on_hand": true}', "on_hand"),
        ('{"on_hand": 1e3}', "on_hand"),
        ('{"on_hand": 100000000000000000000000}', "on_hand"),
        ('{"on_hand": 1, "safety_stock": -2}', "safety_stock"),
        ('{"on_hand": "\ud800"}', "body"),
        ("[" * 100_000, "body"),
    ],
)
def test_a_body_that_breaks_the_model_names_the_field(text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request(text).body(PositionBody)
    assert refused.value.field == field


def test_every_wrong_field_is_listed() -> None:
    with pytest.raises(InvalidBody) as refused:
        parse(PositionBody, '{"on_hand": -1, "safety_stock": "x"}')
    assert [one["field"] for one in refused.value.errors] == ["on_hand", "safety_stock"]
    assert problem(refused.value)["type"] == "urn:dom:problem:invalid-input"


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "", "application/merge+json"])
def test_json_by_any_of_its_names_is_taken(kind: str) -> None:
    assert request('{"on_hand": 1}', kind).body(PositionBody).on_hand == 1


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data", "application/jsonx"])
def test_another_media_type_is_refused(kind: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        request('{"on_hand": 1}', kind).body(PositionBody)


def test_a_base64_body_is_its_text() -> None:
    body = base64.b64encode('{"on_hand": 1, "note": "å"}'.encode()).decode()
    assert body_text({"body": body, "isBase64Encoded": True}) == '{"on_hand": 1, "note": "å"}'


@pytest.mark.parametrize("body", ["/w==", "%%%", "a"])
def test_a_base64_body_that_is_no_text_is_refused(body: str) -> None:
    event: dict[str, Any] = {"body": body, "isBase64Encoded": True}
    with pytest.raises(InvalidInput, match="UTF-8"):
        body_text(event)


@pytest.mark.parametrize("key", ["a b", "é", "x" * 256, "a\nb"])
def test_an_idempotency_key_is_short_visible_ascii(key: str) -> None:
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        Request({}, {}, {"idempotency-key": key}, "", ADMIN).idempotency_key()
