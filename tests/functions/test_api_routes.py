"""The routes of template.yaml, the operations of the code and the functions are one list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from support.code import template
from support.functions import load_function

from tools.openapi import OPERATIONS

FUNCTIONS = (
    "order_api",
    "decision_api",
    "order_commands",
    "planning_api",
    "fulfillment_api",
    "parcel_labels",
    "inventory_sync",
    "network_api",
    "promise_api",
    "replan_api",
    "channel_api",
    "feed_api",
    "partner_api",
    "subscription_api",
    "count_api",
    "supply_api",
    "returns",
    "ruleset_api",
    "simulation_api",
)
# They answer no operation: what they take is signed.
SIGNED = ("order_intake", "tracking_page")


def template_routes() -> Iterator[tuple[str, str, str]]:
    """Function folder, method and path of every Api event."""
    for resource in template()["Resources"].values():
        properties = resource.get("Properties", {})
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api":
                route = event["Properties"]
                folder = str(properties["CodeUri"]).removeprefix("functions/").strip("/")
                yield folder, route["Method"].upper(), route["Path"]


def takes(route: str, path: str) -> bool:
    """Whether API Gateway gives an operation to a route; a greedy variable takes any rest."""
    pattern = re.sub(r"\{\w+(\+?)\}", lambda found: ".+" if found[1] else "[^/]+", route)
    return re.fullmatch(pattern, path) is not None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_exactly_its_routes(name: str) -> None:
    routes = [(method, path) for folder, method, path in template_routes() if folder == name]
    operations = load_function(name).api.operations
    reached = {
        one.id: [path for method, path in routes if method == one.method and takes(path, one.path)]
        for one in operations
    }
    assert [one for one, paths in reached.items() if len(paths) != 1] == []
    used = {(one.method, path) for one in operations for path in reached[one.id]}
    assert used == set(routes)


def test_every_operation_is_answered_by_one_function() -> None:
    answered = [one.id for name in FUNCTIONS for one in load_function(name).api.operations]
    assert sorted(answered) == sorted(one.id for one in OPERATIONS)


def test_no_route_is_left_to_nobody() -> None:
    assert {folder for folder, _, _ in template_routes()} == {*FUNCTIONS, *SIGNED}


def test_sibling_variables_share_a_name_because_api_gateway_demands_it() -> None:
    names: dict[str, set[str]] = {}
    for _, _, path in template_routes():
        parts = path.split("/")
        for depth, part in enumerate(parts):
            if part.startswith("{"):
                names.setdefault("/".join(parts[:depth]), set()).add(part)
    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}
