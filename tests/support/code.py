"""The project's own source, for tests of its structure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tools.template import read_template

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers" / "core"
DOM = CORE / "dom"
FUNCTIONS = ROOT / "functions"


@cache
def template() -> dict[str, Any]:
    """template.yaml as plain data."""
    return read_template()


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of the template's resources of a type, by logical id."""
    found = template()["Resources"].items()
    return {name: one.get("Properties", {}) for name, one in found if one["Type"] == kind}


def modules(root: Path = DOM) -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and syntax tree of each module below a folder, packages as themselves."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Modules that a module imports when it runs; what only type checkers read is left out."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
