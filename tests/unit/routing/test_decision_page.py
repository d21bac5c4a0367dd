"""docs/decisions.md shows what the code says, not what somebody remembers."""

from __future__ import annotations

import json
from pathlib import Path

from dom.api.decisions import render_decision, render_why
from dom.model.decision import Evidence, RoutingDecision
from dom.model.location import LocationType
from dom.routing.ask import ask_why, decisions_of
from support.archive import Desk
from support.builders import BOSTON, DALLAS, RENO, line, location, order

PAGE = (Path(__file__).parents[3] / "docs" / "decisions.md").read_text(encoding="utf-8")


def example() -> tuple[Desk, RoutingDecision]:
    """A mug and two caps to Sacramento; Reno has a part, Dallas and Boston have all of it."""
    places = (
        location("DALLAS", DALLAS, name="Dallas DC", type=LocationType.DC),
        location("RENO", RENO, name="Reno store", type=LocationType.STORE, daily_capacity=0),
        location("BOSTON", BOSTON, name="Boston warehouse"),
    )
    desk = Desk(places)
    for place in ("DALLAS", "BOSTON", "RENO"):
        desk.ledger.stock("MUG", place, 4)
        desk.ledger.stock("CAP", place, 4)
    desk.route(order("ord_a", line("1"), line("2", "CAP", 2)))
    (decision,) = decisions_of("ord_a", desk.ledger)
    return desk, decision


def test_the_record_on_the_page_is_the_one_that_routing_made() -> None:
    _, decision = example()
    shown = dict(render_decision(decision, [decision])["decision"])
    # What changes with every run or every release of the model.
    shown["milliseconds"] = 1.5
    shown["inputs"] = dict.fromkeys(Evidence.__dataclass_fields__, "…")
    del shown["inputs"]["kept"]
    assert json.dumps(shown, indent=2, ensure_ascii=False) in PAGE


def test_the_reasons_on_the_page_are_those_that_the_code_tells() -> None:
    desk, decision = example()
    for place in ("BOSTON", "RENO"):
        text = render_why(ask_why(decision, desk.archive, place))["text"]
        assert f"> {text}" in PAGE, text
