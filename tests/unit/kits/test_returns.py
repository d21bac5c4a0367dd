"""Kits come back whole or in part, and pay back what their parts cost, never more than was paid."""

from __future__ import annotations

from typing import Any

import pytest
from dom.errors import InvalidInput
from dom.model.as_sold import refund_of, sold
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket
from dom.model.refund import Refund
from dom.model.return_terms import Condition, Disposition, ReturnOutcome
from dom.model.rma import ExchangeLine, Return
from dom.model.totals import order_total
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kits import KitShop, kit, sold_line
from support.returning import PLACES, World

B = Bucket
PRICE = 10_001


def delivered(kits: int = 2, **line: Any) -> tuple[KitShop, World]:
    """An order of kits of a pot and four cups, all of it with the customer."""
    shop = KitShop(places=PLACES)
    shop.describe(kit("TEASET", POT=1, CUP=4))
    shop.stock("RENO", POT=9, CUP=36)
    shop.tell(sold_line("7", "TEASET", kits, PRICE, **line))
    for work in shop.route():
        shop.ship(work.id)
        shop.act("deliver", work.id)
    return shop, World(shop.ledger, places=PLACES)


def ask(shop: KitShop, world: World, units: dict[str, int], **rest: Any) -> Return:
    return world.ask(units, order_id=OrderId(shop.name), **rest)


def back(shop: KitShop, world: World, units: dict[str, int]) -> Refund:
    """Asked for, received and found as good as new."""
    record = ask(shop, world, units)
    found = {line.line_id: line.quantity for line in record.lines}
    record = world.receive(record, found)
    record = world.inspect(record, [(name, n, Condition.NEW) for name, n in found.items()])
    return record.refunds[-1]


def test_a_kit_comes_back_as_its_parts_and_is_paid_back_as_one_line() -> None:
    shop, world = delivered()
    refund = back(shop, world, {"7": 1})
    assert {line.line_id: line.quantity for line in refund.lines} == {"7-c1": 1, "7-c2": 4}
    # The first units of a line have its odd cents: 10002 and 10000 are two times 10001.
    assert refund.amount.amount == PRICE + 1
    (line,) = refund_of(refund, shop.order).lines
    assert (line.line_id, line.quantity, line.amount) == ("7", 1, PRICE + 1)
    assert line.disposition is Disposition.RESTOCK
    assert shop.sold == {"7": {B.DELIVERED: 1, B.RETURNED: 1}}
    (kit_,) = sold(shop.order).lines
    assert (kit_.back.refunded_units, kit_.back.refunded) == (1, PRICE + 1)
    assert back(shop, world, {"7": 1}).amount.amount == PRICE - 1


def test_one_component_comes_back_for_its_share_and_is_no_unit_of_the_kit() -> None:
    shop, world = delivered(1)
    refund = back(shop, world, {"7-c2": 1})
    # A fifth of the price, as nothing is known of what the components are worth.
    assert refund.amount.amount == 2001
    (line,) = refund_of(refund, shop.order).lines
    assert (line.line_id, line.quantity, line.amount) == ("7", 0, refund.amount.amount)
    assert shop.sold == {"7": {B.DELIVERED: 1}}
    with pytest.raises(InvalidInput, match="0 of this kit can be returned whole"):
        ask(shop, world, {"7": 1})
    rest = back(shop, world, {"7-c1": 1, "7-c2": 3})
    assert refund.amount.amount + rest.amount.amount == PRICE
    assert shop.sold == {"7": {B.RETURNED: 1}}


def test_a_kit_and_a_part_of_it_are_asked_for_in_one_return_only_once() -> None:
    shop, world = delivered()
    with pytest.raises(InvalidInput, match="twice"):
        ask(shop, world, {"7": 1, "7-c1": 1})


def test_a_kit_is_not_what_a_customer_gets_instead() -> None:
    shop, world = delivered()
    with pytest.raises(InvalidInput, match="name its components"):
        ask(
            shop,
            world,
            {"7": 1},
            outcome=ReturnOutcome.EXCHANGE,
            exchange_lines=(ExchangeLine(Sku("TEASET"), 1),),
        )


@settings(deadline=None, max_examples=60)
@given(
    kits=st.integers(1, 3),
    discount=st.integers(0, 500),
    tax=st.integers(0, 900),
    steps=st.lists(
        st.tuples(st.sampled_from(["7", "7-c1", "7-c2"]), st.integers(1, 3)), max_size=8
    ),
)
def test_whatever_comes_back_in_whatever_parts_sums_to_what_was_paid(
    kits: int, discount: int, tax: int, steps: list[tuple[str, int]]
) -> None:
    shop, world = delivered(kits, discount=discount, tax=tax)
    paid = kits * PRICE - discount + tax
    assert order_total(shop.order) == paid
    refunds = []
    for name, units in steps:
        try:
            refunds.append(back(shop, world, {name: units}))
        except InvalidInput:
            continue
        assert sum(x.amount.amount for x in refunds) <= paid
    rest = {x.line_id: x.returnable for x in shop.order.lines if x.returnable}
    refunds += [back(shop, world, rest)] if rest else []
    assert sum(x.amount.amount for x in refunds) == paid
    told = [line for x in refunds for line in refund_of(x, shop.order).lines]
    assert sum(line.amount for line in told) == paid
    assert sum(line.quantity for line in told) <= kits
    assert shop.sold == {"7": {B.RETURNED: kits}}
    assert shop.works(FulfillmentStatus.SHIPPED) == []
