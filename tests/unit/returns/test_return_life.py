"""Any sequence of partial returns, cancels, losses and refunds closes stock and money exactly."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from dom.errors import IllegalTransition, InvalidInput
from dom.model.money import Money
from dom.model.order import Bucket
from dom.model.return_policy import ReturnPolicy, ReturnRouting, ReturnRule
from dom.model.return_terms import (
    HELD,
    Condition,
    Disposition,
    ReturnOutcome,
    ReturnStatus,
    ShipsOn,
)
from dom.model.rma import Return
from dom.returns.totals import line_total, order_total
from hypothesis import given, settings
from hypothesis import strategies as st
from support.returning import World, delivered

CURRENCIES = {"JPY": 1, "USD": 100, "KWD": 1000}
# Goods are never left with the customer here: what comes back is what is counted.
ROUTING = ReturnRouting(keep_below=0)
LINE = st.sampled_from(["1", "2"])
STEP = st.one_of(
    st.tuples(st.just("ask"), LINE, st.integers(1, 4)),
    st.tuples(st.just("receive"), LINE, st.integers(1, 4)),
    st.tuples(st.just("lose"), LINE, st.integers(1, 3)),
    st.tuples(st.just("inspect"), LINE, st.integers(1, 4)),
    st.tuples(st.just("cancel"), LINE, st.just(0)),
    st.tuples(st.just("settle"), LINE, st.just(0)),
    st.tuples(st.just("shop refunds"), LINE, st.integers(1, 2)),
    st.tuples(st.just("shop refunds"), LINE, st.just(0)),
)
WORLDS = st.fixed_dictionaries(
    {
        "currency": st.sampled_from(sorted(CURRENCIES)),
        "included": st.booleans(),
        "units": st.tuples(st.integers(1, 5), st.integers(1, 5)),
        "prices": st.tuples(st.integers(50, 999), st.integers(50, 999)),
        "odd": st.integers(0, 9),
        "fee": st.sampled_from([0, 15]),
        "early": st.sampled_from(list(ShipsOn)),
        "outcome": st.sampled_from([ReturnOutcome.REFUND, ReturnOutcome.STORE_CREDIT]),
    }
)


def world_of(told: dict[str, Any]) -> World:
    unit = CURRENCIES[told["currency"]]
    (a, b), (x, y) = told["units"], told["prices"]
    world = delivered(
        ("MUG", a, x * unit + told["odd"]),
        ("HAT", b, y * unit),
        currency=told["currency"],
        discounts={"1": a * unit // 3, "2": told["odd"]},
        taxes={"1": a * x * unit // 11, "2": b * y * unit // 7},
        taxes_included=told["included"],
        shipping=Money(5 * unit, told["currency"]),
    )
    rule = ReturnRule("any", restocking_percent=told["fee"])
    world.policy = ReturnPolicy((rule,), routing=ROUTING, refund_on=told["early"])
    return world


def take(world: World, made: list[Return], step: tuple[str, str, int], told: Any) -> None:
    """One step; what the state machine or the quantities refuse changes nothing."""
    name, line, units = step
    with suppress(IllegalTransition, InvalidInput):
        if name == "ask":
            can = world.order.line(line).returnable
            made.append(world.ask({line: min(units, can) or 1}, outcome=told["outcome"]))
        elif name == "shop refunds":
            shop_refunds(world, line, units)
        elif made:
            # The newest return, or the one before it: they overlap.
            record = world.ledger.returns[made[-1 if line == "1" else max(-2, -len(made))].id]
            act(world, record, name, units)


def act(world: World, record: Return, name: str, units: int) -> None:
    """Of its line as many units as there are, or one too many when there are none."""
    [line] = record.lines
    there = {"receive": line.outstanding, "lose": line.outstanding}.get(
        name, line.received - record.graded(line.line_id)
    )
    units, condition = min(units, there) or 1, list(Condition)[units % 4]
    if name == "receive":
        world.receive(record, {line.line_id: units}, at="BOSTON" if units % 2 else "RENO")
    elif name == "lose":
        world.receive(record, {}, {line.line_id: units})
    elif name == "inspect":
        world.inspect(record, [(line.line_id, units, condition)])
    elif name == "cancel":
        world.cancel(record)
    else:
        world.settle(record)


def shop_refunds(world: World, line_id: str, units: int) -> None:
    """The channel pays units back by itself (0: some money), never more than is left of it."""
    order, line = world.order, world.order.line(line_id)
    units = min(units, line.quantity - line.paid_back)
    share = line_total(order, line) * units // line.quantity or order_total(order) // 3
    share = max(0, min(share, order_total(order) - order.channel_refunded - ours(world)))
    line = replace(line, by_channel=(line.by_channel or 0) + units or None)
    told = replace(order, channel_refunded=order.channel_refunded + share)
    world.ledger.orders["ord_a"] = told.with_lines([line])


def ours(world: World) -> int:
    return sum(record.refunded.amount for record in world.ledger.returns.values())


def holds(world: World, stock_before: dict[str, int]) -> None:
    """What must be true after every step."""
    order, returns = world.order, list(world.ledger.returns.values())
    for line in order.lines:
        assert sum(line.buckets.values()) == line.quantity
        assert 0 <= line.back.returning <= line.units(Bucket.DELIVERED)
        received = sum(x.received for r in returns for x in r.lines if x.line_id == line.line_id)
        assert line.units(Bucket.RETURNED) == received
        assert line.back.refunded <= line_total(order, line)
    assert ours(world) + order.channel_refunded <= order_total(order)
    for record in returns:
        for refund in record.refunds:
            parts = sum(x.amount for x in refund.lines) + refund.shipping - refund.label_fee
            less = refund.paid_otherwise + refund.exchanged
            assert refund.amount.amount == parts - less >= 0
    stock(world, stock_before)


def stock(world: World, before: dict[str, int]) -> None:
    grades = [g for r in world.ledger.returns.values() for g in r.grades]
    kept = sum(g.quantity for g in grades if g.disposition is Disposition.RESTOCK)
    held = sum(g.quantity for g in grades if g.disposition in HELD)
    positions = world.ledger.positions.values()
    assert sum(p.on_hand for p in positions) == sum(before.values()) + kept + held
    assert sum(p.unsellable for p in positions) == held
    assert all(p.available == 0 for p in positions if "~" in p.sku)
    loads = sum(state.get("returning", 0) for state in world.ledger.states.values())
    assert loads == sum(record.load for record in world.ledger.returns.values())
    assert all(state.get("returning", 0) >= 0 for state in world.ledger.states.values())


@settings(max_examples=150, deadline=None)
@given(WORLDS, st.lists(STEP, max_size=30))
def test_whatever_happens_stock_and_money_hold(told: Any, steps: list[Any]) -> None:
    world, made = world_of(told), list[Return]()
    before = {p.sku: p.on_hand for p in world.ledger.positions.values()}
    for step in steps:
        take(world, made, step, told)
        holds(world, before)


@settings(max_examples=80, deadline=None)
@given(WORLDS, st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_when_all_of_it_has_come_back_all_of_it_is_paid(told: Any, parts: list[int]) -> None:
    # GIVEN an order that comes back in returns of 1 to 3 units, everything as new, without fees
    world = world_of({**told, "fee": 0})
    left = {line.line_id: line.quantity for line in world.order.lines}
    for units in [*parts, *[3] * 10]:
        line_id = next((name for name, n in left.items() if n), None)
        if line_id is None:
            break
        units = min(units, left[line_id])
        left[line_id] -= units
        record = world.ask({line_id: units}, outcome=told["outcome"])
        world.receive(record, {line_id: units})
        world.inspect(record, [(line_id, units, Condition.NEW)])
        assert world.settle(record).status is ReturnStatus.CLOSED
    # THEN exactly what was paid is paid back, delivery included, and the stock is whole
    assert ours(world) == order_total(world.order)
    sold = sum(line.quantity for line in world.order.lines)
    assert sum(p.available for p in world.ledger.positions.values()) == 8 + sold
    assert world.order.status.value == "closed"
