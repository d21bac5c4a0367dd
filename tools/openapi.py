"""docs/openapi.json, generated from the operations and the types that the functions answer with.

`python -m tools.openapi` writes it, `python -m tools.openapi --check` says whether it is current.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from dom.api import (
    controls,
    counts,
    decisions,
    feeds,
    forecasts,
    fulfillments,
    inventory,
    location_capacity,
    location_switch,
    locations,
    order_commands,
    orders,
    outlets,
    parcel_labels,
    partners,
    photos,
    products,
    promises,
    reassignments,
    rebalancing,
    rebalancing_terms,
    replans,
    reservations,
    return_signals,
    returns,
    rulesets,
    safety_stock,
    scorecards,
    shortages,
    simulations,
    subscriptions,
    suppliers,
    supply,
)
from dom.api.operation import Operation, Query
from dom.api.views import ProblemView
from pydantic import BaseModel, TypeAdapter

DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
OPERATIONS: tuple[Operation, ...] = (
    *orders.OPERATIONS,
    *order_commands.OPERATIONS,
    *decisions.OPERATIONS,
    *fulfillments.OPERATIONS,
    *parcel_labels.OPERATIONS,
    *inventory.OPERATIONS,
    *locations.OPERATIONS,
    *location_capacity.OPERATIONS,
    *location_switch.OPERATIONS,
    *products.OPERATIONS,
    *controls.OPERATIONS,
    *safety_stock.OPERATIONS,
    *scorecards.OPERATIONS,
    *suppliers.OPERATIONS,
    *rebalancing_terms.OPERATIONS,
    *promises.OPERATIONS,
    *reservations.OPERATIONS,
    *returns.OPERATIONS,
    *photos.OPERATIONS,
    *return_signals.OPERATIONS,
    *reassignments.OPERATIONS,
    *replans.OPERATIONS,
    *outlets.OPERATIONS,
    *subscriptions.OPERATIONS,
    *feeds.OPERATIONS,
    *partners.OPERATIONS,
    *counts.OPERATIONS,
    *shortages.OPERATIONS,
    *supply.OPERATIONS,
    *forecasts.OPERATIONS,
    *rebalancing.OPERATIONS,
    *rulesets.OPERATIONS,
    *simulations.OPERATIONS,
)
# Whatever is asked: no such token, no such scope, too many requests, throttled below.
ALWAYS = (400, 401, 403, 429, 503)
_REF = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"\{(\w+)\+?\}")
Json = dict[str, Any]


def document() -> Json:
    """The OpenAPI 3.1 document."""
    schemas, references = _schemas()
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        path = _PARAMETER.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Distributed order management",
            "version": "1",
            "description": (
                "Amounts are minor units with their currency, times ISO 8601 in UTC. Ids and SKUs "
                "in paths are percent-encoded. Errors are RFC 9457 problem documents."
            ),
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def text() -> str:
    """The document as it stands in the file."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _types() -> Iterator[type]:
    yield ProblemView
    for operation in OPERATIONS:
        yield operation.answer
        if operation.body:
            yield operation.body


def _schemas() -> tuple[Json, Mapping[type, Json]]:
    """Component schemas, and the reference of each type."""
    kinds = list(dict.fromkeys(_types()))
    inputs = [(kind, _mode(kind), TypeAdapter[Any](kind)) for kind in kinds]
    made, defined = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    return defined["$defs"], {kind: made[(kind, _mode(kind))] for kind in kinds}


def _mode(kind: type) -> Literal["validation", "serialization"]:
    return "validation" if issubclass(kind, BaseModel) else "serialization"


def _operation(operation: Operation, references: Mapping[type, Json]) -> Json:
    found: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope}`.",
        "parameters": [
            *(_path_parameter(name) for name in _PARAMETER.findall(operation.path)),
            *(_parameter(query, "query") for query in operation.query),
            *(_parameter(header, "header") for header in operation.headers),
        ],
        "responses": _responses(operation, references),
    }
    if operation.body:
        schema = {"schema": references[operation.body]}
        content = dict.fromkeys(operation.media, schema)
        found["requestBody"] = {"required": operation.body_required, "content": content}
    return found


def _responses(operation: Operation, references: Mapping[type, Json]) -> Json:
    problems = sorted({*ALWAYS, *operation.problems, *((415,) if operation.body else ())})
    content = {"application/json": {"schema": references[operation.answer]}}
    problem = {"application/problem+json": {"schema": references[ProblemView]}}
    answers = {operation.success: content, **dict.fromkeys(problems, problem)}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": answer}
        for status, answer in answers.items()
    }


def _path_parameter(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _parameter(query: Query, place: str) -> Json:
    return {
        "name": query.name,
        "in": place,
        "required": query.required,
        "description": query.description,
        "schema": {"type": "string"},
    }


def main(arguments: list[str]) -> int:
    """Write the file, or with --check compare it; 1 when it is out of date."""
    if "--check" in arguments:
        current = DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text()
        print(f"{DOCUMENT}: {'current' if current else 'out of date, run python -m tools.openapi'}")
        return 0 if current else 1
    DOCUMENT.write_text(text(), encoding="utf-8")
    print(f"{DOCUMENT}: {len(OPERATIONS)} operations")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
