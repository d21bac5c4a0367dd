"""A sweep goes on while more is due than one look finds, and long lines leave room for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from dom.model.order import Bucket
from dom.relay.relay import Relay
from dom.relay.steps import Unrelayed
from dom.relay.sweep import LONGEST, PATIENCE, ROUND, Sweep, sweep
from support.builders import NOW, line, order
from support.fakes import frozen
from support.relaying import Table, Told, item, swept


@dataclass
class Pages(Table):
    """An index of which one look finds `ROUND`, and that shows for a look what was just done."""

    asked: list[int] = field(default_factory=list)

    def due(self, until: datetime) -> list[Mapping[str, str]]:
        before = self.asked[-2] if len(self.asked) > 1 else 0
        self.asked.append((self.asked[-1] if self.asked else 0) + ROUND)
        return [one.key for one in self.stored[before : self.asked[-1]]]


def waiting(number: int) -> list[Unrelayed]:
    backordered = line("1", buckets={Bucket.BACKORDERED: 1})
    made = [(f"ord_{n}", order(f"ord_{n}", backordered, due_at=NOW)) for n in range(number)]
    return [replace(item(one), key={"order_id": name, "item": "ORDER"}) for name, one in made]


def rounds(stored: list[Unrelayed], times: int) -> tuple[Pages, Told, tuple[int, int]]:
    table, told, left = Pages(stored), Told(), iter([True] * times)
    ports = Sweep(Relay(table, told, frozen(NOW)), table, print, print, print, print)
    return table, told, sweep(ports, lambda: next(left, False))


def test_it_goes_on_until_little_is_due_and_does_nothing_twice() -> None:
    number = 2 * ROUND + 1
    table, told, result = rounds(waiting(number), times=9)
    assert (result, len(table.asked)) == ((number, 0), 3)
    assert told.routed == [f"ord_{n}" for n in range(number)]


def test_it_ends_with_its_time_and_the_rest_is_for_the_next_one() -> None:
    _, told, result = rounds(waiting(4 * ROUND), times=1)
    assert (result, len(told.routed)) == ((2 * ROUND, 0), 2 * ROUND)


@pytest.mark.parametrize(
    ("waited", "bucket", "after"),
    [
        (timedelta(minutes=10), Bucket.BACKORDERED, PATIENCE),
        (timedelta(hours=10), Bucket.BACKORDERED, timedelta(hours=1)),
        (timedelta(days=90), Bucket.BACKORDERED, LONGEST),
        (timedelta(days=90), Bucket.PENDING, PATIENCE),
    ],
)
def test_who_waits_long_is_tried_less_often(
    waited: timedelta, bucket: Bucket, after: timedelta
) -> None:
    made = order("ord_a", line("1", buckets={bucket: 1}), due_at=NOW)
    table, told, _, _ = swept(item(replace(made, waits_since=NOW - waited)))
    assert (set(told.routed), table.postponed) == ({"ord_a"}, {"ord_a": NOW + after})
