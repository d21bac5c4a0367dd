"""What waits in vain is cancelled after the configured days, and never before its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dom.model.history import HistoryEntry
from dom.model.ids import Sku
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.prospect import Prospect
from dom.model.rules import RuleSet
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

B = Bucket
DAYS = timedelta(days=10)
PLACES = (location("RENO", RENO),)


class Counter:
    """An order for a mug and a cap, of which there is one mug, routed again as time goes by."""

    def __init__(self, patience: timedelta | None = DAYS, **group: Any) -> None:
        self.ledger, self.now, self.patience = FakeLedger(), NOW, patience
        self.ledger.open(*PLACES)
        self.ledger.stock("MUG", "RENO", 1)
        made = order("ord_a", line("1"), line("2", "CAP", 2))
        groups = tuple(replace(one, **group) for one in made.ship_groups)
        self.ledger.orders["ord_a"] = replace(made, ship_groups=groups)
        self.route(NOW)

    def route(self, now: datetime) -> Order:
        ledger = self.ledger
        places = FakePlaces(ledger, PLACES)
        ports = Routing(
            ledger, ledger, places, ledger, lambda: now, RuleSet(), give_up_after=self.patience
        )
        assert route(["ord_a"], ports).failed == []
        return ledger.orders["ord_a"]

    def expects(self, day: int) -> None:
        prospects = {Sku("CAP"): Prospect((NOW + timedelta(days=day)).date())}
        found = self.ledger.orders["ord_a"]
        self.ledger.orders["ord_a"] = replace(found, prospects=prospects)


def waiting(one: Order) -> int:
    return one.line("2").units(B.BACKORDERED)


def cancellations(one: Order) -> list[HistoryEntry]:
    return [entry for entry in one.history if entry.type == "OrderCancelled"]


def test_what_nobody_has_is_cancelled_after_the_days_and_told() -> None:
    counter = Counter()
    assert waiting(counter.route(NOW + DAYS - timedelta(seconds=1))) == 2
    done = counter.route(NOW + DAYS)
    assert done.line("2").buckets == {B.CANCELLED: 2}
    assert done.line("1").buckets == {B.ALLOCATED: 1}
    (told,) = cancellations(done)
    assert told.data == {"units": 2, "whole_order": False, "reason": "not in stock"}
    assert (done.due_at, done.waits_since, done.queued, done.counted) == (None, None, {}, {})
    assert cancellations(counter.route(NOW + 2 * DAYS)) == [told]


def test_who_waited_for_all_of_it_has_a_cancelled_order() -> None:
    counter = Counter()
    counter.ledger.orders["ord_b"] = order("ord_b", line("1", "CAP"))
    for at in (NOW, NOW + DAYS):
        places = FakePlaces(counter.ledger, PLACES)
        ledger, clock = counter.ledger, frozen(at)
        ports = Routing(ledger, ledger, places, ledger, clock, RuleSet(), give_up_after=DAYS)
        route(["ord_b"], ports)
    done = counter.ledger.orders["ord_b"]
    assert done.status is OrderStatus.CANCELLED
    assert cancellations(done)[0].data["whole_order"] is True


@pytest.mark.parametrize("known", ["promised", "expected"])
def test_the_days_are_counted_from_the_last_day_that_was_named(known: str) -> None:
    day = NOW + timedelta(days=30)
    counter = Counter(promised_by=day) if known == "promised" else Counter()
    if known == "expected":
        counter.expects(30)
    assert waiting(counter.route(NOW + timedelta(days=39))) == 2
    assert waiting(counter.route(day + DAYS)) == 0


def test_goods_that_come_on_the_last_day_are_sent() -> None:
    counter = Counter()
    counter.ledger.stock("CAP", "RENO", 1)
    done = counter.route(NOW + DAYS)
    assert done.line("2").buckets == {B.ALLOCATED: 1, B.CANCELLED: 1}


def test_who_has_no_limit_waits() -> None:
    assert waiting(Counter(patience=None).route(NOW + 100 * DAYS)) == 2


def test_who_waited_before_it_was_noted_waits_since_the_order_was_placed() -> None:
    counter = Counter()
    found = counter.ledger.orders["ord_a"]
    counter.ledger.orders["ord_a"] = replace(found, waits_since=None)
    assert waiting(counter.route(NOW + DAYS)) == 0
