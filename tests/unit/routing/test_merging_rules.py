"""What routing makes of the rules on merging: who may be merged, and until when it waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.rules import Merging, RuleSet
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

HOUR = timedelta(hours=1)
RULES = Merging(merge=True, merge_wait=60, consolidate_wait=2 * 24 * 60)


def routed(merging: Merging, *, stock: int = 5, **changes: Any) -> FulfillmentOrder:
    """The work of an order of two mugs at RENO, in the morning, as far as there are any."""
    ledger, place = FakeLedger(), location("RENO", RENO)
    ledger.open(place)
    ledger.stock("MUG", "RENO", stock)
    ledger.orders["ord_a"] = sold(**changes)
    places = FakePlaces(ledger, (place,))
    rules = RuleSet(merging=merging)
    route(["ord_a"], Routing(ledger, ledger, places, ledger, frozen(NOW), rules))
    (work,) = ledger.works.values()
    return work


def sold(promised: timedelta | None = None, **changes: Any) -> Order:
    bought = order("ord_a", line("1", quantity=2), **changes)
    until = None if promised is None else NOW + promised
    group = replace(bought.ship_groups[0], recipient="m", promised_by=until)
    return replace(bought, ship_groups=(group,))


def test_by_default_nothing_is_merged_and_nothing_waits_for_it() -> None:
    work = routed(Merging(merge_wait=60, consolidate_wait=60))
    assert (work.recipient, work.due_at) == (None, NOW)


def test_work_carries_the_mark_of_who_gets_it_and_waits_for_more() -> None:
    work, alone = routed(RULES), routed(Merging())
    assert (work.recipient, work.due_at) == ("m", NOW + HOUR)
    assert (work.delivers_by, work.ships_by) == (alone.delivers_by, alone.ships_by)


def test_what_is_short_waits_longer_for_its_rest_and_is_told_to_come_later() -> None:
    work, alone = routed(RULES, stock=1), routed(Merging(), stock=1)
    assert work.due_at == NOW + 48 * HOUR
    # Two days on the way: Friday if it leaves on Wednesday, after a Sunday if on Friday. Clocks
    # go forward that night.
    assert alone.delivers_by == datetime(2026, 3, 7, 4, tzinfo=UTC)
    assert work.delivers_by == datetime(2026, 3, 10, 3, tzinfo=UTC)


def test_a_promise_ends_the_wait() -> None:
    alone = routed(Merging())
    assert alone.delivers_by
    promised = alone.delivers_by - NOW
    work = routed(RULES, stock=1, promised=promised)
    assert work.delivers_by == alone.delivers_by
    assert work.due_at and work.due_at <= NOW + 24 * HOUR


def test_an_expedited_order_waits_for_nobody_and_may_be_joined() -> None:
    work = routed(RULES, priority=1)
    assert (work.recipient, work.due_at) == ("m", NOW)


@pytest.mark.parametrize("changes", [{"ship_after": NOW + HOUR}], ids=["an exchange"])
def test_what_waits_for_something_to_come_back_is_not_merged(changes: dict[str, Any]) -> None:
    work = routed(RULES, **changes)
    assert (work.recipient, work.due_at) == (None, NOW + HOUR)
