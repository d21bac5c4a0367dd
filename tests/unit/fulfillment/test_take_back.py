"""The open work of a location that was switched off moves; what is packed stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict
from dom.fulfillment.actions import perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import STATUSES, Closing, take_back
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.order import Bucket, HoldReason, Method
from dom.model.work_machine import BUCKET_OF
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket
RENO = LocationId("RENO")


@dataclass(frozen=True)
class Page:
    works: tuple[FulfillmentOrder, ...]
    next: str | None


@dataclass
class Works:
    """Lists of two a page, by what the ledger holds."""

    ledger: FakeLedger

    def find(
        self, location_id: LocationId, status: FulfillmentStatus | None, cursor: str | None
    ) -> Page:
        ids = sorted(self.ledger.works)
        listed = [self.ledger.works[one] for one in ids if one > (cursor or "")]
        found = [w for w in listed if w.status is status and w.held_by == location_id]
        return Page(tuple(found[:2]), found[1].id if len(found) > 2 else None)


def shop(*statuses: FulfillmentStatus, method: Method = Method.SHIP) -> FakeLedger:
    """One order with one unit for each status, all of them at RENO."""
    ledger = FakeLedger()
    ledger.open(location("RENO", daily_capacity=50))
    ledger.stock("MUG", "RENO", 50, reserved=len(statuses))
    for number, status in enumerate(statuses, start=1):
        name = f"ord_{number}"
        held = FulfillmentOrderId(f"{name}-1")
        lines = (FulfillmentLine("1", Sku("MUG"), 1),)
        facts = {"lines": lines, "method": method, "capacity_day": NOW.date()}
        one = replace(work(status=status, **facts), id=held, order_id=OrderId(name))
        ledger.works[held] = one
        ledger.orders[name] = order(name, line("1", buckets={BUCKET_OF[status]: 1}))
    return ledger


def floor(ledger: FakeLedger) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW))


def finish(ledger: FakeLedger) -> list[Closing]:
    """Everything that is left, as the queue would bring it."""
    left: Closing | None = Closing(RENO)
    done = []
    while left:
        done.append(left)
        left = take_back(left, Works(ledger), floor(ledger))
    return done


def statuses(ledger: FakeLedger) -> list[str]:
    return [one.status.value for one in ledger.works.values()]


def test_what_is_not_packed_is_routed_again_and_may_come_back_one_day() -> None:
    ledger = shop(*STATUSES, S.PACKED, S.SHIPPED)
    finish(ledger)
    assert statuses(ledger) == ["cancelled"] * 4 + ["packed", "shipped"]
    first = ledger.orders["ord_2"].line("1")
    assert (first.buckets, first.excluded) == ({B.PENDING: 1}, ())
    assert ledger.positions["MUG@RENO"].reserved == 2
    assert ledger.states["RENO"][f"left#{NOW.date()}"] == 4
    said = ledger.works["ord_2-1"].history[-1]
    assert (said.type, said.data["reason"]) == ("FulfillmentOrderCancelled", "location_closed")


def test_many_are_taken_back_page_by_page_and_looked_for_once_more_a_minute_later() -> None:
    ledger = shop(*[S.RELEASED] * 5, *[S.PICKING] * 3)
    steps = finish(ledger)
    assert set(statuses(ledger)) == {"cancelled"}
    delays = [step.delay.total_seconds() for step in steps]
    assert delays.count(60) == 1
    assert delays.index(60) == len(steps) - len(STATUSES)


def test_a_repeated_page_changes_nothing() -> None:
    ledger = shop(S.RELEASED)
    for _ in range(2):
        take_back(Closing(RENO, step=1), Works(ledger), floor(ledger))
    assert len(ledger.commits) == 1


def test_what_was_packed_meanwhile_stays() -> None:
    ledger = shop(S.PICKING)

    def packed_first(commit: Any) -> None:
        ledger.before = lambda commit: None
        perform("pack", "ord_1-1", ActionRequest(), "reno", None, floor(ledger))
        raise CommitRefused((Conflict("fulfillment_order", "ord_1-1", None),))

    ledger.before = packed_first
    finish(ledger)
    assert statuses(ledger) == ["packed"]


def test_one_that_keeps_changing_does_not_stop_the_others_and_comes_again() -> None:
    ledger = shop(S.RELEASED, S.RELEASED)

    def one_is_busy(commit: Any) -> None:
        if commit.fulfillment_orders[0].id == "ord_1-1":
            raise CommitRefused((Conflict("fulfillment_order", "ord_1-1", None),))

    ledger.before = one_is_busy
    with pytest.raises(Busy):
        take_back(Closing(RENO, step=1), Works(ledger), floor(ledger))
    assert statuses(ledger) == ["released", "cancelled"]


def test_a_pickup_waits_for_the_customers_choice() -> None:
    ledger = shop(S.RELEASED, method=Method.PICKUP)
    finish(ledger)
    assert ledger.orders["ord_1"].hold_reason is HoldReason.INVENTORY_OUT_OF_STOCK


def test_what_only_waits_there_for_its_customer_is_not_the_stores_to_move() -> None:
    ledger = shop(S.RELEASED)
    there = replace(ledger.works["ord_1-1"], to_location=LocationId("SHOP"))
    ledger.works["ord_1-1"] = there
    take_back(Closing(LocationId("SHOP"), step=1), Works(ledger), floor(ledger))
    assert statuses(ledger) == ["released"]
