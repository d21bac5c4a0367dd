"""What waits in vain is cancelled after the configured days, and never before its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dom.model.authorization import Authorization
from dom.model.history import HistoryEntry
from dom.model.ids import Sku
from dom.model.order import Bucket, HoldReason, Order, OrderStatus
from dom.model.prospect import Prospect
from dom.model.return_terms import EXCHANGES
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
        self.change(prospects=prospects)

    def change(self, **facts: Any) -> None:
        self.ledger.orders["ord_a"] = replace(self.ledger.orders["ord_a"], **facts)


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
    counter.change(waits_since=None)
    assert waiting(counter.route(NOW + DAYS)) == 0


def test_money_that_was_guaranteed_for_it_is_let_go_in_the_same_write() -> None:
    counter = Counter()
    found = counter.ledger.orders["ord_a"]
    left = found.line("1").moved(B.ALLOCATED, B.SHIPPED, 1)
    counter.change(
        lines=found.with_lines([left]).lines, authorization=Authorization(4500, due=1500)
    )
    done = counter.route(NOW + DAYS)
    assert done.authorization == Authorization(4500, due=1500, void=3000)
    assert [entry.type for entry in done.history][-2:] == ["OrderCancelled", "PaymentVoidDue"]


def test_an_exchange_is_held_for_a_person_and_waits_as_long_again_once_released() -> None:
    counter = Counter()
    counter.change(channel=EXCHANGES)
    held = counter.route(NOW + DAYS)
    assert (held.hold_reason, waiting(held)) == (HoldReason.INVENTORY_OUT_OF_STOCK, 2)
    assert held.history[-1].type == "OrderHeld" and not cancellations(held)
    counter.change(hold_reason=None, hold_detail="")
    assert counter.route(NOW + 2 * DAYS - timedelta(seconds=1)).hold_reason is None
    assert counter.route(NOW + 2 * DAYS).hold_reason is HoldReason.INVENTORY_OUT_OF_STOCK


def test_a_wait_that_ended_before_does_not_count() -> None:
    counter = Counter()
    found = counter.ledger.orders["ord_a"]
    had = found.line("2").moved(
        B.BACKORDERED, B.PENDING, 2
    )  # a location had them, and gave them up
    counter.ledger.orders["ord_a"] = found.with_lines([had])
    again = NOW + DAYS
    assert counter.route(again).waits_since == again
    assert waiting(counter.route(again + timedelta(days=1))) == 2
