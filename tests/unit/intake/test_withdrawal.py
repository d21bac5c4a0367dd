"""Cancellations of units that routing and the floor already have: asked for once, never twice."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from dom.model.order import ASSIGNED, Bucket, Order
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake import buckets, facts_of, order_from, order_of, sample, tell
from support.shopify_story import Story, TrueLine

TENT, STOVE = "14900000000001", "14900000000002"


def move(order: Order, line_id: str, source: Bucket, target: Bucket, units: int) -> Order:
    """What another stage does to a line."""
    return order.with_lines([order.line(line_id).moved(source, target, units)])


def paid_and_allocated() -> Order:
    order = order_from(("orders/paid", sample("orders-paid")))
    order = move(order, TENT, Bucket.PENDING, Bucket.ALLOCATED, 1)
    return move(order, STOVE, Bucket.PENDING, Bucket.PICKED, 1)


def test_pending_units_are_cancelled_at_once_and_assigned_ones_are_asked_back() -> None:
    # GIVEN a tent that is allocated, a stove that is picked and one that waits
    order = paid_and_allocated()

    # WHEN the customer cancels
    after = tell(order, facts_of("orders/cancelled", sample("orders-cancelled")))

    # THEN only the waiting stove is cancelled, and the other two are asked back
    assert after is not None
    assert buckets(after) == {TENT: {"allocated": 1}, STOVE: {"picked": 1, "cancelled": 1}}
    assert after.withdraw == {TENT: 1, STOVE: 1}
    assert after.hold_reason is None
    assert [entry.type for entry in after.history][-3:] == [
        "OrderRefunded",
        "OrderCancelled",
        "CancellationRequested",
    ]


def test_a_repeated_cancellation_asks_for_nothing_more() -> None:
    cancelled = facts_of("orders/cancelled", sample("orders-cancelled"))
    once = tell(paid_and_allocated(), cancelled)

    assert tell(once, cancelled) == once


def test_units_given_back_are_not_asked_for_again() -> None:
    # GIVEN the floor gave the tent back and lowered the wish
    cancelled = facts_of("orders/cancelled", sample("orders-cancelled"))
    asked = tell(paid_and_allocated(), cancelled)
    assert asked is not None
    given_back = replace(
        move(asked, TENT, Bucket.ALLOCATED, Bucket.CANCELLED, 1), withdraw={STOVE: 1}
    )

    # WHEN the refund of the same cancellation is told too
    refund = sample("orders-cancelled")["refunds"][0]
    after = tell(given_back, facts_of("refunds/create", refund))

    assert after == given_back


def test_a_refusal_of_the_floor_stands_when_the_cancellation_is_told_again() -> None:
    # GIVEN the tent left the house before the floor could give it back
    cancelled = facts_of("orders/cancelled", sample("orders-cancelled"))
    asked = tell(paid_and_allocated(), cancelled)
    assert asked is not None
    shipped = replace(move(asked, TENT, Bucket.ALLOCATED, Bucket.SHIPPED, 1), withdraw={STOVE: 1})

    assert tell(shipped, cancelled) == shipped


def test_a_refusal_stands_while_the_unit_is_still_in_the_house() -> None:
    # GIVEN the tent is packed, and the location refused to unpack it
    cancelled = facts_of("orders/cancelled", sample("orders-cancelled"))
    asked = tell(paid_and_allocated(), cancelled)
    assert asked is not None
    packed = replace(move(asked, TENT, Bucket.ALLOCATED, Bucket.PACKED, 1), withdraw={STOVE: 1})

    assert tell(packed, cancelled) == packed


def test_a_unit_that_is_asked_back_is_not_cancelled_elsewhere_too() -> None:
    # GIVEN one tent, allocated and asked back
    order = order_from(("orders/paid", sample("orders-paid")))
    order = move(order, TENT, Bucket.PENDING, Bucket.ALLOCATED, 1)
    asked = tell(order, facts_of("refunds/create", sample("refunds-create")))
    assert asked is not None and asked.withdraw == {TENT: 1}

    # WHEN the customer adds one
    edit = sample("orders-edited")["order_edit"]
    edit["line_items"] = {"additions": [{"id": int(TENT), "delta": 1}]}
    after = tell(asked, facts_of("orders/edited", {"order_edit": edit}))

    # THEN the new one is owed, and the old one still comes back
    assert after is not None
    assert buckets(after)[TENT] == {"pending": 1, "allocated": 1}
    assert after.withdraw == {TENT: 1}


def test_what_we_shipped_and_reported_is_not_taken_for_the_channels_own_handover() -> None:
    # GIVEN one stove shipped by us, one waiting for stock
    order = order_from(("orders/paid", sample("orders-paid")))
    order = move(order, STOVE, Bucket.PENDING, Bucket.SHIPPED, 1)
    order = move(order, STOVE, Bucket.PENDING, Bucket.BACKORDERED, 1)

    # WHEN the channel shows our shipment among its fulfillments
    body = sample("orders-paid")
    line = {"id": int(STOVE), "quantity": 1}
    body["fulfillments"] = [{"id": 1, "status": "success", "line_items": [line]}]
    body["updated_at"] = "2026-11-20T13:00:00-08:00"
    after = tell(order, facts_of("orders/updated", body))

    # THEN the waiting stove still waits
    assert after is not None
    assert buckets(after)[STOVE] == {"shipped": 1, "backordered": 1}


def _floor_acts(order: Order, seed: Random) -> Order:
    """Routing, shipping or a withdrawal, as other stages do it."""
    line = seed.choice(order.lines)
    asked = order.withdraw.get(line.line_id, 0)
    if asked and line.units(Bucket.ALLOCATED):
        left = {**order.withdraw, line.line_id: asked - 1}
        order = replace(order, withdraw={one: units for one, units in left.items() if units})
        return move(order, line.line_id, Bucket.ALLOCATED, Bucket.CANCELLED, 1)
    if line.units(Bucket.PENDING):
        return move(order, line.line_id, Bucket.PENDING, Bucket.ALLOCATED, 1)
    if line.units(Bucket.ALLOCATED) > asked and seed.random() < 0.3:
        return move(order, line.line_id, Bucket.ALLOCATED, Bucket.SHIPPED, 1)
    return order


@settings(max_examples=150, deadline=None)
@given(
    quantities=st.lists(st.integers(1, 4), min_size=1, max_size=2),
    acts=st.lists(
        st.tuples(
            st.sampled_from(["refund", "remove", "add"]), st.integers(0, 1), st.integers(1, 2)
        ),
        max_size=6,
    ),
    cancel=st.booleans(),
    seed=st.randoms(use_true_random=False),
)
def test_whatever_the_floor_does_meanwhile_a_unit_is_cancelled_or_asked_back_once(
    quantities: list[int], acts: list[tuple[str, int, int]], cancel: bool, seed: Random
) -> None:
    story = Story([TrueLine(8000 + n, units) for n, units in enumerate(quantities)])
    story.pay()
    for name, index, units in acts:
        story.wait(seed.choice([0, 1]))
        getattr(story, name)(index, units)
    if cancel:
        story.cancel()
    facts = [facts_of(*one) for one in story.told]
    order = order_of(facts[:1])

    for told in seed.sample(facts, len(facts)):
        for _ in range(seed.randrange(3)):
            order = _floor_acts(order, seed)
        shipped = {line.line_id: line.units(Bucket.SHIPPED) for line in order.lines}
        after = tell(order, told)
        assert after is not None
        assert {one: after.line(one).units(Bucket.SHIPPED) for one in shipped} == shipped
        assert tell(after, told) == after
        order = after

    for true in story.lines:
        line = order.line(str(true.id))
        wished = order.withdraw.get(line.line_id, 0)
        assert line.quantity == true.quantity
        assert wished <= sum(line.units(bucket) for bucket in ASSIGNED)
        gone = line.units(Bucket.SHIPPED)
        assert line.units(Bucket.CANCELLED) + wished == min(true.removed, true.quantity - gone)
