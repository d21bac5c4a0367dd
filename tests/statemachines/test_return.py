"""A return's execution: goods that never come, or lie uninspected, and a part that comes alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dom.aws.outbox import complete
from dom.errors import IllegalTransition
from dom.model.return_terms import Condition, ReturnStatus
from dom.model.waiting import Outcome
from dom.returns.waiting import settle
from support.waiting import Returned, Story

Json = dict[str, Any]
S = ReturnStatus


def never_comes(case: Returned) -> Iterator[None]:
    """The label is not used."""
    case.clock()
    yield


def lies_uninspected(case: Returned) -> Iterator[None]:
    """Received, forgotten for some days, then inspected."""
    case.world.receive(case.record, {"1": 2})
    yield
    for _ in range(3):
        case.clock()
        yield
    case.world.inspect(case.record, [("1", 2, Condition.NEW)])
    yield


def half_comes(case: Returned) -> Iterator[None]:
    """One mug is received and paid back; the other one never comes."""
    case.world.receive(case.record, {"1": 1})
    yield
    case.world.inspect(case.record, [("1", 1, Condition.NEW)])
    yield
    case.clock()
    yield


ENDS: dict[Story, tuple[str, S, int, list[str]]] = {
    never_comes: ("Ended", S.CANCELLED, 0, ["ReturnCancelled"]),
    lies_uninspected: ("Closed", S.CLOSED, 1, ["ReturnInspectionMissed"] * 3),
    half_comes: ("Closed", S.CLOSED, 1, ["ReturnShortened"]),
}


@pytest.mark.parametrize("story", ENDS)
def test_its_clock_fires_and_it_ends(story: Story) -> None:
    case, (end, status, refunds, told) = Returned(story), ENDS[story]
    assert (case.run.run(case.id), case.record.status) == (end, status)
    assert [type_ for type_ in case.told if type_ in told] == told
    assert len(case.world.shop.paid) == refunds
    assert case.record.due_at is None


@pytest.mark.parametrize("story", ENDS)
def test_tokens_that_come_late_or_twice_are_harmless(story: Story) -> None:
    case = Returned(story)
    case.run.run(case.id)
    stands = case.stands()
    for token in case.run.tokens:
        for _ in range(2):
            complete(case.run.aws, token, Outcome("received"))
    assert len(case.run.aws.refused) >= 2 * len(case.run.tokens) >= 2
    assert case.stands() == stands


def test_who_comes_after_the_time_is_told_so_and_nothing_is_paid() -> None:
    case = Returned(never_comes)
    case.run.run(case.id)
    stands = case.stands()
    with pytest.raises(IllegalTransition):
        case.world.inspect(case.record, [("1", 1, Condition.NEW)])
    assert settle(case.id, case.world.settling).status is S.CANCELLED
    assert case.stands() == stands
