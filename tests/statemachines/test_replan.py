"""The re-plan's state machine: part by part, page by page; one that fails stops no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.asl import Failed, Machine

Json = dict[str, Any]


class Work:
    """Parts of locations with pages of work; some fail."""

    def __init__(self, pages: dict[str, int], broken: tuple[str, ...] = (), busy: int = 0) -> None:
        self.pages, self.broken, self.busy = pages, broken, busy
        self.calls: list[Json] = []

    def __call__(self, event: Json) -> Json:
        self.calls.append(event)
        return self.partition(event) if event["task"] == "partition" else self.replan(event)

    def partition(self, event: Json) -> Json:
        return {"parts": [{"location_ids": [x]} for x in event.get("location_ids", self.pages)]}

    def replan(self, event: Json) -> Json:
        (place,) = event["location_ids"]
        if self.busy:
            self.busy -= 1
            raise Failed("Busy")
        if place in self.broken:
            raise Failed("ValueError")
        page = int(event.get("cursor") or 0) + 1
        left = [place] if page < self.pages[place] else []
        return {"location_ids": left, "cursor": str(page) if left else None}

    def looked(self) -> list[tuple[str, str | None]]:
        """Where and from which cursor on, in order."""
        return [
            (call["location_ids"][0], call.get("cursor"))
            for call in self.calls
            if call["task"] == "replan"
        ]


def test_every_part_is_planned_page_by_page() -> None:
    work = Work({"RENO": 1, "DALLAS": 3})
    Machine("replan", work).run({})
    assert work.looked() == [("RENO", None), ("DALLAS", None), ("DALLAS", "1"), ("DALLAS", "2")]


def test_nothing_to_do_is_a_success() -> None:
    machine = Machine("replan", Work({}))
    machine.run({})
    assert machine.seen == ["Partition", "EachPart", "HasAnyFailed", "Replanned"]


def test_one_closed_location_is_planned_alone() -> None:
    work = Work({"RENO": 1, "DALLAS": 1})
    Machine("replan", work).run({"location_ids": ["DALLAS"]})
    assert work.looked() == [("DALLAS", None)]


@pytest.mark.parametrize("broken", [("A",), ("B", "C"), ("A", "B", "C")])
def test_a_part_that_fails_does_not_stop_the_others_but_is_seen(broken: tuple[str, ...]) -> None:
    work = Work({"A": 1, "B": 1, "C": 1}, broken)
    machine = Machine("replan", work)
    with pytest.raises(Failed, match="PartsFailed"):
        machine.run({})
    assert [place for place, _ in work.looked()] == ["A", "B", "C"]


def test_what_is_busy_is_tried_again() -> None:
    work = Work({"A": 1}, busy=2)
    Machine("replan", work).run({})
    assert work.looked() == [("A", None)] * 3


def test_what_stays_busy_fails() -> None:
    work = Work({"A": 1}, busy=99)
    run: Callable[[Json], object] = Machine("replan", work).run
    with pytest.raises(Failed):
        run({})
    assert len(work.looked()) == 5
