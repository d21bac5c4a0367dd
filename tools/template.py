"""template.yaml as plain data, tags of CloudFormation included."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from samtranslator import yaml_helper

from tools.shell import ROOT

TEMPLATE = ROOT / "template.yaml"


def read_template(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template; `!Ref X` becomes {"Ref": "X"}, and so on."""
    text = path.read_text(encoding="utf-8")
    return cast(dict[str, Any], yaml_helper.yaml_parse(text))  # type: ignore[no-untyped-call]
