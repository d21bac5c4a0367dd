"""Any sequence of partial returns, exchanges, cancels, losses, late parcels and refunds closes
stock and money exactly."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from dom.errors import IllegalTransition, InvalidInput
from dom.model.ids import Sku
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
from dom.model.rma import ExchangeLine, Return
from dom.model.totals import line_total, order_total
from dom.returns.decide import overdue
from dom.returns.money import left_to_pay
from dom.returns.scan import scan
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
    st.tuples(st.just("scan"), LINE, st.just(0)),
    st.tuples(st.just("wait"), LINE, st.sampled_from([3, 31])),
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
        "sent": st.sampled_from(list(ShipsOn)),
        "outcome": st.sampled_from(list(ReturnOutcome)),
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
    rule = ReturnRule("any", days=None, restocking_percent=told["fee"])
    world.policy = ReturnPolicy((rule,), routing=ROUTING, refund_on=told["early"])
    world.policy = replace(world.policy, exchange_on=told["sent"], review_score=None)
    return world


def take(world: World, made: list[Return], step: tuple[str, str, int], told: Any) -> None:
    """One step; what the state machine or the quantities refuse changes nothing."""
    name, line, units = step
    with suppress(IllegalTransition, InvalidInput):
        if name == "ask":
            can = world.order.line(line).returnable
            made.append(ask(world, {line: min(units, can) or 1}, told["outcome"]))
        elif name == "shop refunds":
            shop_refunds(world, line, units)
        elif made:
            # The newest return, or the one before it: they overlap.
            record = world.ledger.returns[made[-1 if line == "1" else max(-2, -len(made))].id]
            act(world, record, name, units)


def ask(world: World, units: dict[str, int], outcome: ReturnOutcome) -> Return:
    instead = (ExchangeLine(Sku("CAP"), 1),) if outcome is ReturnOutcome.EXCHANGE else ()
    return world.ask(units, outcome=outcome, exchange_lines=instead)


def act(world: World, record: Return, name: str, units: int) -> None:
    """Of its line as many units as there are, or one too many when there are none."""
    [line] = record.lines
    # What was not sent may come late.
    there = {"receive": line.outstanding or line.not_sent, "lose": line.outstanding}.get(
        name, line.received - record.graded(line.line_id)
    )
    days, condition = units, list(Condition)[units % 4]
    units = min(units, there) or 1
    if name == "receive":
        world.receive(record, {line.line_id: units}, at="BOSTON" if units % 2 else "RENO")
    elif name == "lose":
        world.receive(record, {}, {line.line_id: units})
    elif name == "inspect":
        world.inspect(record, [(line.line_id, units, condition)])
    elif name == "cancel":
        world.cancel(record)
    elif name == "scan":
        scan(record.id, "in_transit", world.now, world.ports)
    elif name == "wait":
        world.wait(days=days)
        overdue(record.id, world.ports)
    else:
        world.settle(record)


def shop_refunds(world: World, line_id: str, units: int) -> None:
    """The channel pays units back by itself (0: some money), never more than is left of it."""
    order, line = world.order, world.order.line(line_id)
    units = min(units, line.quantity - line.paid_back)
    share = line_total(order, line) * units // line.quantity or order_total(order) // 3
    share = max(0, min(share, left_to_pay(order)))
    line = replace(line, by_channel=(line.by_channel or 0) + units or None)
    told = replace(order, channel_refunded=order.channel_refunded + share)
    world.ledger.orders["ord_a"] = told.with_lines([line])


def ours(world: World) -> int:
    return sum(record.refunded.amount for record in world.ledger.returns.values())


def exchanged(world: World) -> int:
    """What of the order's value went into other goods."""
    returns = world.ledger.returns.values()
    return sum(one.exchanged for record in returns for one in record.refunds)


def holds(world: World, stock_before: dict[str, int]) -> None:
    """What must be true after every step."""
    order, returns = world.order, list(world.ledger.returns.values())
    for line in order.lines:
        assert sum(line.buckets.values()) == line.quantity
        assert 0 <= line.back.returning <= line.units(Bucket.DELIVERED)
        received = sum(x.received for r in returns for x in r.lines if x.line_id == line.line_id)
        assert line.units(Bucket.RETURNED) == received
        assert line.back.refunded <= line_total(order, line)
    paid_back = ours(world) + exchanged(world) + order.channel_refunded
    assert paid_back + order.exchange_promised <= order_total(order)
    assert order.exchange_promised >= 0
    for record in returns:
        assert sum(x.exchanged for x in record.refunds) <= record.exchange_value
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


@settings(max_examples=100, deadline=None)
@given(WORLDS, st.lists(STEP, max_size=25))
def test_whatever_happened_every_return_ends_by_itself(told: Any, steps: list[Any]) -> None:
    # GIVEN any life, of which nothing more comes; what is there is inspected
    world, made = world_of(told), list[Return]()
    before = {p.sku: p.on_hand for p in world.ledger.positions.values()}
    for step in steps:
        take(world, made, step, told)
    for name in [one.id for one in made]:
        record = world.ledger.returns[name]
        waits = [(x.line_id, x.received - record.graded(x.line_id)) for x in record.lines]
        found = [(line, units, Condition.NEW) for line, units in waits if units]
        if found:
            world.inspect(record, found)
    # WHEN a month passes, and the sweep and the executions do their part
    world.wait(days=31)
    for name in [one.id for one in made]:
        overdue(name, world.ports)
        world.settle(world.ledger.returns[name])
    # THEN all are over, nobody is owed anything, no unit is claimed and none is waited for
    holds(world, before)
    for record in world.ledger.returns.values():
        assert record.status in (ReturnStatus.CLOSED, ReturnStatus.CANCELLED)
        assert (record.pending, record.due_at, record.load) == ((), None, 0)
        ended = record.status is ReturnStatus.CANCELLED
        assert ended or all(line.outstanding == 0 for line in record.lines)
    assert all(line.back.returning == 0 for line in world.order.lines)
    assert sum(amount for _, amount in world.shop.paid) == ours(world)


@settings(max_examples=80, deadline=None)
@given(WORLDS, st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_when_all_of_it_has_come_back_all_of_it_is_paid(told: Any, parts: list[int]) -> None:
    # GIVEN an order that comes back in returns of 1 to 3 units, everything as new, without fees
    # (money or store credit: what is exchanged is no payment)
    kinds = {ReturnOutcome.EXCHANGE: ReturnOutcome.REFUND}
    told = {**told, "fee": 0, "outcome": kinds.get(told["outcome"], told["outcome"])}
    world = world_of(told)
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
