"""Whatever order and repetition a channel's events come in, the order ends the same, and right."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from dom.model.facts import Facts
from dom.model.order import Order
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake import buckets, facts_of, order_of
from support.shopify_story import Story, TrueLine

ACTIONS = {
    "wait": st.tuples(st.integers(0, 3)),
    "pay": st.tuples(),
    "move": st.tuples(st.sampled_from(["Tacoma", "Olympia"])),
    "add": st.tuples(st.integers(0, 3), st.integers(1, 3)),
    "remove": st.tuples(st.integers(0, 2), st.integers(1, 3)),
    "refund": st.tuples(st.integers(0, 2), st.integers(1, 3)),
    "take_back": st.tuples(st.integers(0, 2), st.integers(1, 2)),
    "fulfill": st.tuples(st.integers(0, 2), st.integers(1, 3)),
    "undo_fulfillment": st.tuples(st.integers(0, 2)),
    "cancel": st.tuples(),
}
ACTION = st.sampled_from(sorted(ACTIONS)).flatmap(
    lambda name: ACTIONS[name].map(lambda arguments: (name, arguments))
)


@st.composite
def stories(draw: Any) -> Story:
    """An order of one or two lines and up to ten things that happen to it."""
    quantities = draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))
    status = draw(st.sampled_from(["pending", "authorized"]))
    lines = [TrueLine(8000 + n, units) for n, units in enumerate(quantities)]
    story = Story(lines, financial_status=status)
    for name, arguments in draw(st.lists(ACTION, max_size=10)):
        getattr(story, name)(*arguments)
    return story


def told(story: Story) -> list[Facts]:
    return [facts_of(topic, body) for topic, body in story.told]


def end(order: Order) -> Order:
    """What must be the same: all but when and in which steps we learned it, and what was asked for
    by then.
    """
    known = order.authorization
    money = replace(known, due=0, void=0, short=0) if known else None
    return replace(order, history=(), due_at=None, authorization=money)


@settings(max_examples=150, deadline=None)
@given(story=stories(), seed=st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_events_ends_in_the_same_order(
    story: Story, seed: Random
) -> None:
    facts = told(story)
    expected = order_of(facts)
    shuffled = facts + [seed.choice(facts) for _ in range(3)]
    seed.shuffle(shuffled)

    assert end(order_of(shuffled)) == end(expected)


@settings(max_examples=150, deadline=None)
@given(story=stories(), seed=st.randoms(use_true_random=False))
def test_the_end_is_what_is_true_at_the_channel(story: Story, seed: Random) -> None:
    facts = told(story)
    seed.shuffle(facts)

    order = order_of(facts)

    assert buckets(order) == story.truth()
    waits = any(line.open for line in story.lines)
    unpaid = story.financial_status == "pending"
    assert (order.hold_reason is not None) == (waits and unpaid)
    assert order.withdraw == {}


@settings(max_examples=50, deadline=None)
@given(story=stories())
def test_told_again_in_full_nothing_changes(story: Story) -> None:
    facts = told(story)
    once = order_of(facts)

    assert order_of([*facts, *facts]) == once
