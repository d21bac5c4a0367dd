"""Small pieces, on the whole: a reader holds one of them in mind at a time."""

from __future__ import annotations

import ast
from statistics import median, quantiles

from support.code import DOM, FUNCTIONS, ROOT, modules

ROOTS = (DOM, FUNCTIONS, ROOT / "tools")


def function_lengths() -> list[int]:
    """Lines of each function's body, its docstring left out."""
    return [
        _length(node)
        for root in ROOTS
        for _, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]


def _length(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_half_of_all_functions_have_at_most_8_lines_and_nine_of_ten_at_most_20() -> None:
    lengths = function_lengths()
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 20


def test_nine_of_ten_files_have_at_most_150_lines() -> None:
    paths = [path for root in ROOTS for path in root.rglob("*.py")]
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
    assert quantiles(lines, n=10)[-1] <= 150
