"""The catalogue of published events: complete, true to what the code makes, and only ever wider."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dom.api.event_types import event_types
from dom.aws.codec import to_plain
from dom.notify.templates import MESSAGES
from jsonschema import Draft202012Validator
from support.catalog import envelope, faults, schemas
from support.happenings import happenings

from tools import event_catalog

ROOT = Path(__file__).parents[3]
FROZEN = Path(__file__).with_name("frozen_v1.json")
# One noun and a past verb (metrics count several), the irregular ones of this field by name.
NAMES = re.compile(
    r"(Order|FulfillmentOrder|Cancellation|Inventory|Location|Customer|Return|Refund|Transfer|"
    r"RuleSet|Parcel|Payment|Supplier|Shipment|Promise|Choice)(?!s)"
    r"(\w*[a-z]ed|Held|Paid|Sent|Sold|Lost|Made|Forgotten|OutForDelivery|CaptureDue|VoidDue)"
)
CONTACTS = re.compile(r"email|phone|address1|first_name|last_name|customer_name", re.IGNORECASE)


@cache
def published() -> dict[str, list[Any]]:
    """Details by type, as JSON consumers get them."""
    found = defaultdict(list)
    for event in happenings():
        found[event.type].append(json.loads(json.dumps(to_plain(event.detail))))
    return found


def test_every_schema_is_a_valid_one() -> None:
    for schema in (*schemas().values(), envelope()):
        Draft202012Validator.check_schema(schema)


def test_every_event_that_the_code_names_has_a_schema_and_no_schema_is_of_nothing() -> None:
    sources = [*(ROOT / "layers/core/dom").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    nodes = (node for path in sources for node in ast.walk(ast.parse(path.read_text())))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    named = {text for text in texts if isinstance(text, str) and NAMES.fullmatch(text)}
    assert named == set(schemas())


def test_the_use_cases_bring_about_every_event_of_the_catalogue() -> None:
    assert set(published()) == set(schemas())


@pytest.mark.parametrize("type_", sorted(schemas()))
def test_what_is_published_is_what_the_schema_says(type_: str) -> None:
    for detail in published()[type_]:
        assert faults(type_, detail) == [], detail


@pytest.mark.parametrize("type_", sorted(schemas()))
def test_every_field_that_is_published_is_described(type_: str) -> None:
    described = set(schemas()[type_]["properties"]["data"].get("properties", {}))
    for detail in published()[type_]:
        assert set(detail["data"]) <= described
        assert set(detail) <= set(envelope()["properties"])


def test_a_schema_refuses_what_is_no_such_event() -> None:
    good = published()["FulfillmentOrderShipped"][0]
    for broken in (
        {**good, "type": "OrderPlaced"},
        {**good, "version": "2"},
        {**good, "occurred_at": "yesterday"},
        {**good, "data": {}},
        {name: value for name, value in good.items() if name != "fulfillment_order_id"},
    ):
        assert faults("FulfillmentOrderShipped", broken)


def test_every_event_with_a_customer_message_has_a_sample_as_the_bus_delivers_it() -> None:
    samples = {path.stem: json.loads(path.read_text()) for path in (ROOT / "events/bus").glob("*")}
    assert set(samples) >= set(MESSAGES)
    for name, sample in samples.items():
        assert (sample["source"], sample["detail-type"]) == ("dom", name)
        assert faults(name, sample["detail"]) == []


def test_no_event_carries_contacts_of_a_person() -> None:
    for details in published().values():
        assert not CONTACTS.search(json.dumps(details))


def test_an_event_is_known_by_one_id() -> None:
    ids = [detail["event_id"] for detail in published()["OrderPlaced"]]
    assert all(re.fullmatch(r"ord_[a-z0-9]+/ORDER#\d+", one) for one in ids)
    works = [detail["event_id"] for detail in published()["FulfillmentOrderShipped"]]
    assert all(re.fullmatch(r"ord_a/FO#\d{6}#\d+", one) for one in works)


def test_schemas_of_a_version_only_grow() -> None:
    """What consumers rely on: run tools/event_catalog.py --freeze only for what is new."""
    frozen = json.loads(FROZEN.read_text())
    assert set(frozen) <= {"envelope", *schemas()}, "an event is gone"
    now = {"envelope": envelope(), **schemas()}
    for name, promised in frozen.items():
        given = event_catalog.promises(now[name])
        assert promised["required"] == [f for f in promised["required"] if f in given["required"]]
        for field, type_ in promised["types"].items():
            assert given["types"].get(field) == type_, f"{name}.{field}"


def test_the_page_is_generated_from_the_schemas_as_they_are() -> None:
    assert event_catalog.DOCUMENT.read_text() == event_catalog.document()


def test_every_type_and_nothing_else_may_be_subscribed_to() -> None:
    assert event_types() == set(event_catalog.names()) == set(schemas())
