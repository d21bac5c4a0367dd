"""The published schemas in docs/events, and a validator that resolves their references."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).parents[2] / "docs" / "events"
SUFFIX = ".v1.json"
ENVELOPE = "envelope"


@cache
def schemas() -> dict[str, Any]:
    """Schema by event type, without the envelope."""
    found = {path.name.removesuffix(SUFFIX): _read(path) for path in FOLDER.glob(f"*{SUFFIX}")}
    return {name: schema for name, schema in found.items() if name != ENVELOPE}


def envelope() -> Any:
    """The schema that all of them build on."""
    return _read(FOLDER / f"{ENVELOPE}{SUFFIX}")


def faults(type_: str, detail: object) -> list[str]:
    """What is wrong with an event's detail, as the schema of its type sees it."""
    validator = Draft202012Validator(schemas()[type_], registry=_registry())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(detail)]


@cache
def _registry() -> Any:
    return Registry().with_resource(f"{ENVELOPE}{SUFFIX}", Resource.from_contents(envelope()))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
