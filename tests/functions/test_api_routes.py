"""The routes of template.yaml, the operations of the code and the functions are one list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from samtranslator.yaml_helper import yaml_parse
from support.functions import load_function
from support.tables import TEMPLATE

from tools.openapi import OPERATIONS

FUNCTIONS = ("order_api", "fulfillment_api", "inventory_sync", "network_api")
WEBHOOKS = "order_intake"


def template_routes() -> Iterator[tuple[str, str, str]]:
    """Function folder, method and path of every Api event."""
    for resource in yaml_parse(TEMPLATE.read_text())["Resources"].values():
        properties = resource.get("Properties", {})
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api":
                route = event["Properties"]
                folder = str(properties["CodeUri"]).removeprefix("functions/").strip("/")
                yield folder, route["Method"].upper(), route["Path"]


def shape(path: str) -> str:
    """The path with its variables unnamed; what a greedy one takes is any number of them."""
    return re.sub(r"\{\w+\}", "{}", re.sub(r"(/\{\w+\})*/\{\w+\+\}$", "/{+}", path))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_exactly_its_routes(name: str) -> None:
    routed = {(method, shape(path)) for folder, method, path in template_routes() if folder == name}
    api = load_function(name).api
    assert {(one.method, shape(one.path)) for one in api.operations} == routed


def test_every_operation_is_answered_by_one_function() -> None:
    answered = [one.id for name in FUNCTIONS for one in load_function(name).api.operations]
    assert sorted(answered) == sorted(one.id for one in OPERATIONS)


def test_no_route_is_left_to_nobody() -> None:
    assert {folder for folder, _, _ in template_routes()} == {*FUNCTIONS, WEBHOOKS}


def test_sibling_variables_share_a_name_because_api_gateway_demands_it() -> None:
    names: dict[str, set[str]] = {}
    for _, _, path in template_routes():
        parts = path.split("/")
        for depth, part in enumerate(parts):
            if part.startswith("{"):
                names.setdefault("/".join(parts[:depth]), set()).add(part)
    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}
