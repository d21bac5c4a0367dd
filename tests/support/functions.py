"""Import a function's app.py as Lambda does: by its folder, without siblings."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FUNCTIONS = Path(__file__).parents[2] / "functions"


def load_function(name: str) -> ModuleType:
    """A fresh module of functions/<name>/app.py: nothing cached by another test."""
    alias = f"function_{name}"
    spec = importlib.util.spec_from_file_location(alias, FUNCTIONS / name / "app.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[alias] = module
    spec.loader.exec_module(module)
    return module
