"""Where an outlet says so, nothing is given to a location before its order's money is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from dom.fulfillment.actions import expire_work
from dom.fulfillment.ports import Floor
from dom.fulfillment.release import LOOK_AGAIN, PAID_SOON
from dom.fulfillment.waiting import wait_for
from dom.model.authorization import Authorization, Taken
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import OrderId
from dom.model.order import Bucket, Order
from dom.model.outlet import Capture, Outlet
from dom.model.payment import TOO_MUCH, followed_up, refused, taken
from support.builders import NOW, line, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
EARLY = Outlet("shopify", "shop", capture=Capture.AT_RELEASE)
MONEY = Authorization(4500)


def known(outlet: Outlet | None = EARLY, money: Authorization | None = MONEY) -> FakeLedger:
    """Two allocated units, one of them in work that is to be released, and one cancelled."""
    ledger = FakeLedger()
    buckets = {Bucket.ALLOCATED: 2, Bucket.CANCELLED: 1}
    ledger.orders["ord_a"] = order("ord_a", line("1", quantity=3, buckets=buckets))
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=money)
    ledger.works["ord_a-1"] = work(1, S.ASSIGNED)
    if outlet:
        ledger.outlets[("shopify", "shop")] = outlet
    return ledger


def begin(ledger: FakeLedger) -> FulfillmentStatus:
    """Its execution begins."""
    wait_for("ord_a-1", "acceptance", "token", at(ledger, NOW))
    return ledger.works["ord_a-1"].status


def at(ledger: FakeLedger, now: datetime) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(now))


def look(ledger: FakeLedger, after: timedelta = LOOK_AGAIN) -> FulfillmentStatus:
    """The sweep looks at it when it is time."""
    return expire_work("ord_a-1", at(ledger, NOW + after)).status


def test_all_that_is_not_cancelled_is_asked_for_and_work_waits_until_it_is_there() -> None:
    ledger = known()
    assert begin(ledger) is S.ASSIGNED
    (entry,) = ledger.orders["ord_a"].history
    assert (entry.type, entry.data["amount"]) == ("PaymentCaptureDue", 3000)
    assert ledger.works["ord_a-1"].due_at == NOW + PAID_SOON
    assert look(ledger) is S.ASSIGNED
    assert len(ledger.orders["ord_a"].history) == 1
    # WHEN it is captured, THEN the location gets its work
    asked = ledger.orders["ord_a"]
    assert asked.authorization
    paid = taken(asked, asked.authorization, Taken(3000, 0), NOW, "channel")
    ledger.orders[OrderId("ord_a")] = paid
    assert look(ledger, 2 * LOOK_AGAIN) is S.RELEASED


def test_a_bank_that_refuses_keeps_it_waiting_and_is_not_asked_again() -> None:
    ledger = known()
    begin(ledger)
    asked = ledger.orders["ord_a"]
    assert asked.authorization
    ledger.orders["ord_a"] = refused(asked, asked.authorization, "declined", NOW, "channel")
    assert look(ledger) is S.ASSIGNED
    assert ledger.works["ord_a-1"].due_at == NOW + 2 * LOOK_AGAIN
    # NOR while the account is paused
    ledger.outlets[("shopify", "shop")] = replace(EARLY, active=False)
    assert look(ledger, 2 * LOOK_AGAIN) is S.ASSIGNED
    # UNLESS somebody lets the account's orders go unpaid
    del ledger.outlets[("shopify", "shop")]
    assert look(ledger, 3 * LOOK_AGAIN) is S.RELEASED


def cancelled(ledger: FakeLedger, units: int) -> Order:
    """The order after so many of its allocated units were cancelled."""
    known = ledger.orders["ord_a"]
    gone = known.line("1").moved(Bucket.ALLOCATED, Bucket.CANCELLED, units)
    return followed_up(known.with_lines([gone]), NOW, "test")


def money_of(order: Order) -> Authorization:
    assert order.authorization
    return order.authorization


@pytest.mark.parametrize(("units", "due", "void"), [(1, 1500, 0), (2, 0, 4500)])
def test_what_is_cancelled_after_it_was_asked_for_is_not_captured_any_more(
    units: int, due: int, void: int
) -> None:
    ledger = known()
    begin(ledger)
    money = money_of(cancelled(ledger, units))
    assert (money.due, money.void) == (due, void)


def test_a_bank_that_refused_lets_the_money_of_a_cancelled_order_go() -> None:
    ledger = known()
    begin(ledger)
    asked = ledger.orders["ord_a"]
    ledger.orders["ord_a"] = refused(asked, money_of(asked), "declined", NOW, "channel")
    gone = cancelled(ledger, 2)
    assert gone.history[-1].type == "PaymentVoidDue"
    assert (money_of(gone).due, money_of(gone).failed) == (0, "")
    # Of a part nothing more is asked: a person does that.
    assert money_of(cancelled(ledger, 1)).failed == "declined"


def test_a_capture_that_was_under_way_as_its_order_was_cancelled_is_told_to_a_person() -> None:
    ledger = known()
    begin(ledger)
    asked = money_of(ledger.orders["ord_a"])
    now = taken(cancelled(ledger, 2), asked, Taken(3000, 0, "t1"), NOW, "channel")
    assert [x.type for x in now.history][-2:] == ["PaymentCaptured", "PaymentFailed"]
    assert now.history[-1].data["amount"] == 3000
    money = money_of(now)
    assert (money.due, money.void, money.failed) == (3000, 1500, TOO_MUCH)
    # Once, and what is left of the guarantee is let go.
    again = taken(now, money, Taken(3000, 4500), NOW, "channel")
    assert money_of(again).voided == 1500
    assert [x.type for x in again.history].count("PaymentFailed") == 1


@pytest.mark.parametrize(
    ("outlet", "money"),
    [
        (None, MONEY),
        (replace(EARLY, capture=Capture.AT_SHIP), MONEY),
        (EARLY, None),
        (EARLY, replace(MONEY, settled=True)),
    ],
)
def test_nothing_else_waits_for_its_money(
    outlet: Outlet | None, money: Authorization | None
) -> None:
    assert begin(known(outlet, money)) is S.RELEASED
