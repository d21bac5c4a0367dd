"""A promise that moves is told before it is broken, once, and only while it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.model.clock import to_text
from dom.model.order import Bucket, Order
from dom.model.promised import MoveReason, move_promise, promise_of
from dom.notify.ports import MessageStatus, Notice
from dom.notify.tell import tell
from support.builders import NOW, line, order
from support.post import FakeOrders, post

S, R = MessageStatus, MoveReason
# The evening of Thursday in Sacramento, which is Friday in UTC already.
THURSDAY = datetime(2026, 3, 6, 4, 0, tzinfo=UTC)
SATURDAY = THURSDAY + timedelta(days=2)


def promised(**buckets: int) -> Order:
    """Two mugs by Thursday."""
    places = {Bucket(name): units for name, units in buckets.items()} or {Bucket.ALLOCATED: 2}
    made = order("ord_a", line("1", title="Blue mug", quantity=2, buckets=places), name="#1001")
    (group,) = made.ship_groups
    return replace(made, ship_groups=(replace(group, promised_by=THURSDAY),))


def moved(made: Order, new: datetime | None, reason: R = R.LATE) -> Order:
    return move_promise(made, "sg1", new, reason, NOW, "sweeper")


def notice(made: Order) -> Notice:
    last = made.history[-1]
    assert last.type == "PromiseMoved"
    return Notice(f"ord_a/ORDER#{last.seq}", last.type, "ord_a", data=last.data)


def told(made: Order, about: Notice) -> tuple[MessageStatus | None, Any]:
    orders = FakeOrders()
    orders.orders["ord_a"] = made
    orders.customer(name="Zoë", email="zoe@example.com")
    stage, messages, mailer = post(orders)
    status = tell(about, stage)
    (message,) = messages.stored.values()
    return status, mailer.letters[0] if mailer.letters else message.reason


def test_a_later_day_is_told_in_the_days_of_the_customers_own_zone() -> None:
    made = moved(promised(), SATURDAY, R.REROUTED)
    status, letter = told(made, notice(made))
    assert status is S.SENT
    assert letter.subject == "Your order #1001 comes later"
    assert "by Saturday, March 7, 2026 instead of Thursday, March 5, 2026" in letter.text
    assert "<strong>Saturday, March 7, 2026</strong>" in letter.html
    assert "- 2 x Blue mug" in letter.text


def test_nobody_knows_is_told_as_such() -> None:
    made = moved(promised(), None)
    _, letter = told(made, notice(made))
    assert "by Thursday, March 5, 2026 as we said" in letter.text
    assert "We do not know the new day yet" in letter.text


def test_a_first_day_is_told_without_an_apology() -> None:
    made = moved(moved(promised(), None), SATURDAY, R.SUPPLY)
    _, letter = told(made, notice(made))
    assert "will be with you by Saturday, March 7, 2026" in letter.text
    assert "sorry" not in letter.text


def test_only_what_the_customer_still_waits_for_is_named() -> None:
    made = moved(promised(allocated=1, delivered=1), SATURDAY)
    _, letter = told(made, notice(made))
    assert "- 1 x Blue mug" in letter.text


@pytest.mark.parametrize("over", ["delivered", "collected", "returned"])
def test_whoever_waits_for_nothing_is_told_nothing(over: str) -> None:
    made = moved(promised(**{over: 2}), SATURDAY)
    assert told(made, notice(made)) == (S.SKIPPED, "NOTHING_AWAITED")


def test_good_news_and_another_hour_of_the_day_are_no_news() -> None:
    for new in (THURSDAY - timedelta(days=1), THURSDAY + timedelta(hours=2)):
        made = moved(promised(), new)
        assert told(made, notice(made)) == (S.SKIPPED, "NO_LATER_DAY")


def test_a_word_that_a_newer_one_has_overtaken_is_never_told() -> None:
    first = moved(promised(), SATURDAY)
    late = notice(first)
    assert told(moved(first, None), late) == (S.SKIPPED, "MOVED_AGAIN")


def test_a_promise_moves_once_for_each_new_word() -> None:
    made = moved(moved(promised(), SATURDAY), SATURDAY, R.CARRIER)
    assert [entry.data["new"] for entry in made.history] == [to_text(SATURDAY)]
    assert promise_of(made, "sg1") == SATURDAY
    assert moved(promised(), THURSDAY) == promised()
    unknown = moved(moved(promised(), None), None)
    assert [entry.data["old"] for entry in unknown.history] == [to_text(THURSDAY)]
