"""What is captured as goods leave, and what is let go: exact whatever happens to the order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from dom.model.money import Money
from dom.model.order import Order
from dom.model.payment import earned, followed_up
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
