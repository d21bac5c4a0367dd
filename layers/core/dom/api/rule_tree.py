"""The bytes of a JSON or YAML document as plain data: text, whole numbers, true, false, null.

YAML is read by the core schema of YAML 1.2, without fractions: `no` and `NO` are text (a country),
and so are `14:00`, `2026-11-27` and `007`. Aliases, tags, and keys that stand twice are refused, as
are documents that are too long or too deep: what is read is never larger than what was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable
from typing import Any

import yaml

from dom.api.problem import UnsupportedMediaType
from dom.errors import InvalidInput

MOST_BYTES = 200_000
MOST_DEPTH = 20
_JSON = re.compile(r"application/(.+\+)?json", re.IGNORECASE)
# Without a word about it, and as what curl says of any body: YAML, which JSON is, too.
_YAML = re.compile(
    r"|(application|text)/((x-|.+\+)?yaml|plain|x-www-form-urlencoded)", re.IGNORECASE
)
FIELD = "body"


def read_tree(raw: bytes, content_type: str) -> dict[str, Any]:
    """The document; an empty one has no fields. InvalidInput says what cannot be read, and where.

    UnsupportedMediaType unless the type is one of JSON or YAML, or none.
    """
    if len(raw) > MOST_BYTES:
        raise InvalidInput(FIELD, f"it has {len(raw)} bytes, more than the {MOST_BYTES} allowed")
    kind = content_type.partition(";")[0].strip()
    read = _json if _JSON.fullmatch(kind) else _yaml if _YAML.fullmatch(kind) else None
    if read is None:
        raise UnsupportedMediaType("the body must be application/json or application/yaml")
    try:
        tree = read(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidInput(FIELD, "it is not UTF-8") from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise InvalidInput(FIELD, _reason(error)) from None
    if not isinstance(tree, dict):
        raise InvalidInput(FIELD, "it must be a mapping of names to values")
    return tree


def write_yaml(tree: dict[str, Any]) -> str:
    """The document as YAML that parsers of YAML 1.1 read alike; short lists stand in one line."""
    if not tree:
        return ""
    return str(yaml.safe_dump(tree, sort_keys=False, default_flow_style=None, allow_unicode=True))


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once) if text.strip() else {}


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} stands twice")
        found[key] = value
    return found


def _yaml(text: str) -> Any:
    tree = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    return {} if tree is None else tree


def _reason(error: Exception) -> str:
    """What a person needs to find it: the place in the text, not the parser's excerpt."""
    if isinstance(error, RecursionError):
        return f"it is nested deeper than {MOST_DEPTH} levels"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else str(problem)


class _Loader(yaml.SafeLoader):
    """SafeLoader with the core schema and without what makes a short text large."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node, if it is plain: no alias, anchor or tag, not too deep."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(None, None, "aliases are not allowed", event.start_mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(None, None, "tags are not allowed", event.start_mark)
        if self.depth >= MOST_DEPTH:
            raise RecursionError
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping whose keys are text and stand once."""
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "a name must be text", key_node.start_mark)
            key = str(key_node.value)
            if key in found:
                problem = f"{key!r} stands twice"
                raise yaml.MarkedYAMLError(None, None, problem, key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
        return found


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    # No leading zeros: 007 is a name. Longer ones are no amount.
    ("int", r"[-+]?(0|[1-9][0-9]{0,17})", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )
