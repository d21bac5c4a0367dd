"""Whoever shows a SKU hears of its movement, at once where little is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from dom.inventory.project import StockRecord
from dom.inventory.publish.announce import LATER, announce
from dom.model.ids import LocationId, Sku


@dataclass
class Queue:
    sent: dict[timedelta, list[str]] = field(default_factory=dict)
    refuses: str = ""

    def send_ids(
        self, name: str, ids: Sequence[str], delay: timedelta = timedelta()
    ) -> Sequence[str]:
        assert name == "sku"
        self.sent.setdefault(delay, []).extend(ids)
        return [one for one in ids if one == self.refuses]


def moved(sku: str, before: int | None, after: int | None, place: str = "RENO") -> StockRecord:
    return StockRecord("1", Sku(sku), LocationId(place), before, after)


def test_near_zero_at_once_and_the_rest_a_little_later() -> None:
    queue = Queue()
    records = [
        moved("FAR", 90, 80),
        moved("NEAR", 90, 10),
        moved("SAME", 5, 5),
        moved("MIXED", 90, 80),
        moved("MIXED", 3, 2, "SHOP"),
        moved("GONE", 3, None),
        moved("NEW", None, 50),
    ]
    assert announce(records, [], queue) == set()
    assert queue.sent == {timedelta(): ["NEAR", "MIXED", "GONE"], LATER: ["FAR", "NEW"]}


def test_what_cannot_be_sent_is_said() -> None:
    assert announce([moved("A", 1, 0), moved("B", 1, 0)], [], Queue(refuses="B")) == {"B"}


def test_nothing_moved_nothing_is_sent() -> None:
    queue = Queue()
    announce([moved("A", 1, 1)], [], queue)
    assert queue.sent == {}


def test_what_waits_for_a_location_is_told_a_little_later_unless_it_is_near_zero() -> None:
    queue = Queue()
    announce([moved("A", 1, 0)], [Sku("A"), Sku("B")], queue)
    assert queue.sent == {timedelta(): ["A"], LATER: ["B"]}
