"""When money of an order is due, when it is let go, and when neither."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.authorization import Authorization
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, Method, ShipGroup
from dom.model.payment import BEYOND, earned, followed_up
from dom.model.return_terms import Condition
from support.builders import NOW, line
from support.money import EDIT, after, bought, money
from support.returning import delivered

B = Bucket


def test_what_is_captured_for_units_is_what_their_return_pays_back() -> None:
    # GIVEN 3 for 100.00 and a tax of 1.00, of which one unit is cancelled
    world = delivered(("MUG", 3, 3334), discounts={"1": 2}, taxes={"1": 100})
    gone = world.order.line("1").moved(B.DELIVERED, B.CANCELLED, 1)
    world.ledger.orders["ord_a"] = world.order.with_lines([gone])
    captured = earned(world.order)
    # WHEN the two others come back one by one
    paid = 0
    for _ in range(2):
        record = world.ask({"1": 1})
        world.receive(record, {"1": 1})
        inspected = world.inspect(record, [("1", 1, Condition.NEW)])
        paid += sum(refund.amount.amount for refund in inspected.refunds)
    # THEN nothing of them is left
    assert paid == captured == 6667 + 67


def test_delivery_is_due_with_the_first_parcel_and_what_is_left_over_is_let_go() -> None:
    lines = (line("1", quantity=2), line("2"))
    now = after(bought(*lines, shipping=Money(499, "USD"), fees=100), ("ship", 0, 1))
    assert money(now).due == 1500 + 499 + 100
    now = after(after(now, ("ship", 0, 1)), ("cancel", 1, 1))
    assert (money(now).due, money(now).void) == (3599, 1500)
    types = [entry.type for entry in now.history]
    assert types == ["PaymentCaptureDue", "PaymentCaptureDue", "PaymentVoidDue"]
    assert [entry.data.get("final") for entry in now.history] == [False, False, None]


def test_an_order_that_is_cancelled_is_let_go_whole() -> None:
    now = after(bought(line("1"), shipping=Money(499, "USD")), ("cancel", 0, 1))
    assert (money(now).due, money(now).void) == (0, 1999)


@pytest.mark.parametrize("method", [Method.PICKUP, Method.CURBSIDE, Method.SHIP_TO_STORE])
def test_what_is_collected_is_due_when_it_is_handed_over(method: Method) -> None:
    group = ShipGroup("sg1", method, Destination("US"))
    now = after(bought(line("1"), ship_groups=(group,)), ("ship", 0, 1))
    assert money(now).due == 0
    handed = now.line("1").moved(B.SHIPPED, B.COLLECTED, 1)
    now = followed_up(now.with_lines([handed]), NOW, "test")
    assert (money(now).due, money(now).void) == (1500, 0)


def test_what_is_worth_more_than_the_guarantee_is_for_a_person() -> None:
    now = after(after(bought(line("1")), (EDIT, 0, 1)), ("ship", 0, 2))
    assert (money(now).due, money(now).short) == (1500, 1500)
    assert (now.history[-1].type, now.history[-1].data["detail"]) == ("PaymentFailed", BEYOND)


@pytest.mark.parametrize("known", [None, Authorization(1500, settled=True)])
def test_a_paid_order_is_left_alone(known: Authorization | None) -> None:
    paid = replace(bought(line("1")), authorization=known)
    assert after(paid, ("ship", 0, 1)).history == ()
