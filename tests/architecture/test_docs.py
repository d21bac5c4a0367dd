"""The documents say what the code says, where that can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest
from dom.channels import CHANNELS
from dom.model import return_terms, supply
from dom.model.fulfillment import FulfillmentStatus
from dom.model.location import LocationType
from dom.model.order import Bucket, HoldReason, OrderStatus
from dom.model.work_machine import EDGES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)")
EDGE = re.compile(r"^  (\w+) --> (\w+)$", re.MULTILINE)


@pytest.mark.parametrize(
    ("number", "edges"),
    [(1, EDGES), (2, return_terms.EDGES), (3, supply.EDGES)],
    ids=["work", "return", "supply"],
)
def test_the_picture_of_a_state_machine_has_exactly_its_edges(
    number: int, edges: Mapping[StrEnum, frozenset[StrEnum]]
) -> None:
    picture = ARCHITECTURE.split("stateDiagram-v2")[number].split("```")[0]
    drawn = set(EDGE.findall(picture))
    assert drawn == {(a.value, b.value) for a, targets in edges.items() for b in targets}


def test_every_function_is_in_the_architecture() -> None:
    functions = {path.parent.name for path in ROOT.glob("functions/*/app.py")}
    assert {name for name in functions if name not in ARCHITECTURE} == set()


@pytest.mark.parametrize(
    "terms",
    [
        Bucket,
        OrderStatus,
        HoldReason,
        LocationType,
        FulfillmentStatus,
        return_terms.ReturnStatus,
        return_terms.Condition,
        return_terms.Disposition,
    ],
    ids=lambda t: t.__name__,
)
def test_every_state_reason_and_kind_is_named(terms: type[Bucket]) -> None:
    assert {each.value for each in terms if each.value not in ARCHITECTURE} == set()


def test_every_place_under_dom_is_described() -> None:
    packages = {path.parent.name for path in (ROOT / "layers/core/dom").glob("*/__init__.py")}
    assert {name for name in packages if f"{name}/" not in ARCHITECTURE} == set()


def test_the_channels_that_exist_follow_the_steps_to_add_one() -> None:
    steps = (DOCS / "extending.md").read_text(encoding="utf-8")
    assert "layers/core/dom/channels/__init__.py" in steps
    for name in CHANNELS:
        assert (ROOT / f"layers/core/dom/channels/{name}.py").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("record", sorted((DOCS / "adr").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_is_numbered_dated_and_says_what_follows_from_it(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(record.name[:4])}. ")
    assert re.search(r"^\d{4}-\d\d-\d\d\. (Accepted|Superseded)", text, re.MULTILINE)
    assert "## Context" in text and "## Decision" in text and "## Consequences" in text
