"""docs/openapi.json is what the code says, and what the code says is what it does."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from dom.api.inventory import render_inventory, render_stock
from dom.api.locations import LocationBody, render_location
from dom.api.problem import problem
from dom.api.render_order import render_order, render_work
from dom.api.request import parse
from dom.errors import IllegalTransition, InvalidInput
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentStatus, Parcel
from dom.model.history import append
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.stock import Position
from support.bodies import LOCATION, ORDER
from support.builders import NOW, line, order, work

from tools import openapi

POSITION = Position(Sku("MUG"), LocationId("RENO"), on_hand=3, reserved=5)
WORK = work(
    status=FulfillmentStatus.SHIPPED,
    distance_km=1.5,
    delivers_by=NOW,
    parcels=(Parcel("1Z", "ups"),),
    history=append((), NOW, "FulfillmentOrderShipped", "wms", tracking="1Z"),
)
DECISION = RoutingDecision("d1", OrderId("ord_a"), "sg1", NOW, "1", 1, "allocated", "nearest")
ANSWERS: list[tuple[str, object]] = [
    ("OrderView", render_order(order("ord_a", line("1", sku=None)), [WORK], [DECISION])),  # type: ignore[arg-type]
    ("FulfillmentOrderView", render_work(work())),
    ("InventoryView", render_inventory(Sku("MUG"), [POSITION])),
    ("StockView", render_stock(POSITION)),
    (
        "LocationView",
        render_location(parse(LocationBody, json.dumps(LOCATION)).location(LocationId("RENO"))),
    ),
    ("ProblemView", problem(InvalidInput("name", "is missing"))),
    ("ProblemView", problem(IllegalTransition("fulfillment order", "x", "shipped", "picking"))),
    ("ProblemView", problem(RuntimeError())),
]


def schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": openapi.document()["components"]}


def test_the_document_in_docs_is_current() -> None:
    assert openapi.DOCUMENT.read_text(encoding="utf-8") == openapi.text(), (
        "run `python -m tools.openapi`"
    )


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_answers_are_as_documented(name: str, answer: object) -> None:
    documented = schema(name)
    jsonschema.validate(answer, documented)
    assert isinstance(answer, dict)
    assert set(answer) <= set(documented["components"]["schemas"][name]["properties"])


@pytest.mark.parametrize(("name", "body"), [("LocationBody", LOCATION), ("OrderBody", ORDER)])
def test_sample_bodies_are_as_documented(name: str, body: object) -> None:
    jsonschema.validate(body, schema(name))


def test_every_reference_leads_somewhere() -> None:
    document = openapi.document()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    text = json.dumps(document)
    used = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert used <= known


def test_every_operation_says_how_it_can_fail() -> None:
    for path, methods in openapi.document()["paths"].items():
        for method, operation in methods.items():
            problems = [
                status
                for status, answer in operation["responses"].items()
                if "application/problem+json" in answer["content"]
            ]
            assert {"400", "401", "403", "429", "503"} <= set(problems), (method, path)
            assert "415" in problems or "requestBody" not in operation, (method, path)
