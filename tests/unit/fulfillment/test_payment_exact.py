"""What is captured as goods leave, and what is let go: exact whatever happens to the order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from dom.model.authorization import Taken
from dom.model.money import Money
from dom.model.order import Order
from dom.model.payment import earned, followed_up, payable, taken
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line
from support.money import EDIT, MOVES, after, bought, money

AMOUNTS = st.integers(0, 10_000)
STEP = st.tuples(st.sampled_from([*MOVES, EDIT]), st.integers(0, 2), st.integers(1, 4))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    lines = []
    for number in range(draw(st.integers(1, 3))):
        units, price = draw(st.integers(1, 7)), draw(AMOUNTS)
        off = draw(st.integers(0, price * units))
        made = line(str(number), quantity=units, tax=Money(draw(AMOUNTS), "USD"))
        goods = {"unit_price": Money(price, "USD"), "discount": Money(off, "USD")}
        group = draw(st.sampled_from(["sg1", None]))
        lines.append(replace(made, **goods, ship_group_id=group))  # type: ignore[arg-type]
    included, delivery = draw(st.booleans()), Money(draw(AMOUNTS), "USD")
    return bought(*lines, fees=draw(AMOUNTS), taxes_included=included, shipping=delivery)


def told(order: Order, type_: str) -> int:
    return sum(int(str(x.data["amount"])) for x in order.history if x.type == type_)


@settings(max_examples=150, deadline=None)
@given(orders(), st.lists(STEP, max_size=12), st.sampled_from(["ship", "cancel"]))
def test_money_closes_exactly_whatever_happens(
    first: Order, steps: list[tuple[str, int, int]], end: str
) -> None:
    states = [first]
    for step in steps:
        states.append(after(states[-1], step))
    for index in range(len(first.lines)):
        states.append(after(states[-1], (end, index, 10_000)))
    for before, now in pairwise(states):
        old, new = money(before), money(now)
        assert old.due <= new.due
        assert old.void <= new.void
        assert new.due + new.void <= new.amount
        # Nothing is taken before it has left, and all that left is taken or told to be missing.
        assert new.due <= max(old.due, earned(now))
        assert new.due + new.short >= earned(now)
        # Nothing happens twice.
        assert followed_up(now, NOW, "test") == now
    last = states[-1]
    assert money(last).due + money(last).void == money(last).amount == money(first).amount
    assert told(last, "PaymentCaptureDue") == money(last).due
    assert told(last, "PaymentVoidDue") == money(last).void
    assert told(last, "PaymentFailed") == money(last).short


@given(orders(), st.permutations(range(12)))
def test_goods_that_all_leave_in_any_parts_earn_all_of_it(first: Order, turns: list[int]) -> None:
    now = first
    for turn in turns:
        now = after(now, ("ship", turn, 2))
    for index in range(len(first.lines)):
        now = after(now, ("ship", index, 10))
    free = not any(one.ship_group_id for one in first.lines)
    kept = first.shipping.amount if free and first.shipping else 0
    assert (money(now).due, money(now).void) == (money(first).amount - kept, kept)


@settings(max_examples=100, deadline=None)
@given(orders(), st.lists(st.one_of(STEP, st.integers(0, 3)), max_size=12))
def test_what_is_asked_for_early_is_what_is_left_of_the_order_but_for_what_is_captured(
    first: Order, steps: list[tuple[str, int, int] | int]
) -> None:
    early = replace(first, authorization=replace(money(first), early=True))
    states, answered = [followed_up(early, NOW, "test")], 0
    for step in steps:
        now = states[-1]
        if isinstance(step, int):
            # The channel answers what it was asked so many steps ago: one at a time.
            answered = max(answered, len(states) - 1 - step)
            asked = money(states[answered])
            now = taken(now, asked, Taken(asked.due, asked.void), NOW, "test")
        else:
            now = after(now, step)
            known = money(now)
            kept = min(payable(now), known.amount - known.void)
            assert known.due == max(known.captured, kept)
        states.append(now)
        assert money(now).due + money(now).void <= money(now).amount
        assert money(now).captured >= money(states[-2]).captured
    for index in range(len(first.lines)):
        states.append(after(states[-1], ("cancel", index, 10_000)))
    last = states[-1]
    last = taken(last, money(last), Taken(money(last).due, money(last).void), NOW, "test")
    assert money(last).captured + money(last).voided == money(last).amount == money(first).amount
    assert told(last, "PaymentCaptured") == money(last).captured
    assert told(last, "PaymentVoided") == money(last).voided
