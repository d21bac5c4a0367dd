"""docs/events.md and the names that may be subscribed to, from the schemas in docs/events.

`python -m tools.event_catalog` writes both, `--check` says whether it is current, and `--freeze`
records what the schemas promise today: from then on a test refuses to take any of it back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "docs" / "events"
DOCUMENT = ROOT / "docs" / "events.md"
NAMES = ROOT / "layers" / "core" / "dom" / "api" / "event_types.txt"
FROZEN = ROOT / "tests" / "unit" / "events" / "frozen_v1.json"
ENVELOPE = "envelope"
INTRODUCTION = """\
# Events

Generated from the schemas in [docs/events](events/) by `python -m tools.event_catalog`.

Every change of an order, a FulfillmentOrder, a return, a location or stock is published on the
EventBridge bus (named `dom` unless the stack says otherwise) with source `dom`, the type as
`detail-type`, and a `detail` of the envelope below. Subscribe with a rule on `detail-type`, or have
them sent to an address of yours ([webhooks](webhooks.md)).

- **At least once, in no order.** `event_id` names the fact: drop ids you have seen, and order by
  `occurred_at` or read the item where order matters.
- **No personal data.** Whoever needs a name or an address reads the order.
- **Versions.** Within `version` 1 fields are added, never removed or given another meaning; what
  would break that becomes a new version, published beside the old one for a time. A test holds it.
- **Size.** What would exceed 256 KB loses its largest fields, and `cut` names them.
"""
Json = dict[str, Any]


def document() -> str:
    """The page."""
    parts = [INTRODUCTION, _section("Envelope", read(ENVELOPE), read(ENVELOPE))]
    for name in names():
        schema = read(name)
        parts.append(_section(name, schema, schema["properties"]["data"]))
    return "\n".join(parts)


def names() -> list[str]:
    """Event types that have a schema."""
    found = (path.name.split(".")[0] for path in SCHEMAS.glob("*.v1.json"))
    return sorted(name for name in found if name != ENVELOPE)


def read(name: str) -> Json:
    """The schema of a type."""
    found: Json = json.loads((SCHEMAS / f"{name}.v1.json").read_text(encoding="utf-8"))
    return found


def promises(schema: Json) -> Json:
    """What a schema promises: fields that are always there, and the type of every field."""
    return {
        "required": sorted(path for path, _, required in _fields(schema) if required),
        "types": {path: _type(field) for path, field, _ in _fields(schema)},
    }


def _fields(schema: Json, prefix: str = "") -> Iterator[tuple[str, Json, bool]]:
    properties = schema.get("properties", {})
    required = set(schema.get("required", []))
    for name in sorted(required - set(properties)):
        yield f"{prefix}{name}", {}, True
    for name, field in sorted(properties.items()):
        yield f"{prefix}{name}", field, name in required
        yield from _fields(field, f"{prefix}{name}.")
        yield from _fields(field.get("items", {}), f"{prefix}{name}[].")


def _type(field: Json) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if isinstance(field.get("type"), list):
        return " or ".join(field["type"])
    if field.get("type") == "array":
        return f"array of {_type(field.get('items', {}))}"
    return str(field.get("type", "any"))


def _section(name: str, schema: Json, fields: Json) -> str:
    lines = [f"## {name}", "", schema["description"], ""]
    rows = [_row(*field) for field in _fields(fields)]
    if rows:
        lines += ["| field | type | always | meaning |", "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _row(path: str, field: Json, required: bool) -> str:
    meaning = field.get("description", "")
    if "enum" in field:
        meaning += " One of " + ", ".join(f"`{value}`" for value in field["enum"]) + "."
    return f"| `{path}` | {_type(field)} | {'yes' if required else ''} | {meaning} |"


def freeze() -> None:
    """Record what the schemas promise today."""
    now = {name: promises(read(name)) for name in (ENVELOPE, *names())}
    FROZEN.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"wrote {FROZEN.relative_to(ROOT)}")


def main(arguments: list[str]) -> int:
    """Write, check or freeze; 1 when the page is not current."""
    if "--freeze" in arguments:
        freeze()
        return 0
    made = {DOCUMENT: document(), NAMES: "\n".join(names()) + "\n"}
    if "--check" in arguments:
        old = [path for path, text in made.items() if not _is(path, text)]
        print("\n".join(f"{path.name} is not current: make it again" for path in old) or "current")
        return 1 if old else 0
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
