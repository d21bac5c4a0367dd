"""What an operator reads when a decision is made again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.routing.ask import Asking, check
from support.archive import Desk
from support.builders import order

from tools.replay_decision import LONGEST, replay, report, tell_why


def decided() -> Desk:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)
    desk.route(order())
    return desk


def test_what_is_the_same_is_said_in_one_word(capsys: pytest.CaptureFixture[str]) -> None:
    desk = decided()
    found = list(desk.ledger.decisions.values())
    assert replay(found, Asking(desk.ledger, desk.archive)) == 0
    assert capsys.readouterr().out.strip() == "ord_a-sg1-1  identical"


def test_what_comes_out_otherwise_is_shown_then_and_now() -> None:
    desk = decided()
    (decision,) = desk.ledger.decisions.values()
    changed = replace(decision, why="because " * 200)
    lines = report(changed, check(changed, desk.archive))
    assert lines[0] == "ord_a-sg1-1  differs"
    assert lines[1].strip() == "why"
    assert lines[2].startswith('    then "because') and len(lines[2]) < LONGEST + 20
    assert "nearest location" in lines[3]


def test_what_cannot_be_replayed_says_why_and_counts_as_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = decided()
    desk.objects.stored.clear()
    found = list(desk.ledger.decisions.values())
    assert replay(found, Asking(desk.ledger, desk.archive)) == 1
    assert "cannot be replayed: the inputs of ord_a-sg1-1 were deleted" in capsys.readouterr().out


def test_the_reasons_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    desk = decided()
    (decision,) = desk.ledger.decisions.values()
    assert tell_why(decision, "BOSTON", Asking(desk.ledger, desk.archive)) == 0
    assert "BOSTON could have sent everything." in capsys.readouterr().out
