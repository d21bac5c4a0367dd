"""A thousand orders, of which locations refuse a fifth of the work: all end, nothing is lost."""

from __future__ import annotations

import random
from collections import Counter

from dom.fulfillment.actions import perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, RejectReason
from dom.model.location import Location
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.queue import Place, Waiting, waits_of
from dom.model.rules import RuleSet
from dom.model.stock import Cause
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, DALLAS, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

S, B = FulfillmentStatus, Bucket
ORDERS, BATCH = 1000, 100
SKUS = [f"SKU-{n:02}" for n in range(30)]
CAPACITY = 220
REASONS = [one for one in RejectReason if one is not RejectReason.NOT_IN_STOCK]
STEPS = ("accept", "pick", "pack", "ship")
# Where work goes on from; a part of it may have been refused.
NEXT = {S.ASSIGNED: 0, S.RELEASED: 0, S.ACCEPTED: 1, S.PICKING: 2}


class Season:
    """The orders, six places with bounded days, and a floor that refuses at random."""

    def __init__(self, seed: int) -> None:
        self.random, self.ledger = random.Random(seed), FakeLedger()
        self.places = tuple(self._place(n) for n in range(6))
        self.ledger.open(*self.places)
        self.stocked = Counter[str]()
        self.refused = self.asked = 0
        ledger, clock = self.ledger, frozen(NOW)
        places = FakePlaces(ledger, self.places)
        self.ports = Routing(ledger, ledger, places, ledger, clock, RuleSet(), lines=ledger)
        self.floor = Floor(ledger, ledger, ledger, ledger, clock)
        self.desk = Desk(ledger, ledger, clock)

    def _place(self, number: int) -> Location:
        where = (RENO, BOSTON, DALLAS)[number % 3]
        return location(f"P{number}", where, daily_capacity=CAPACITY)

    def stock(self, units: int) -> None:
        """About so many units of each SKU at each of four places."""
        for sku in SKUS:
            for place in self.random.sample(self.places, 4):
                here = self.random.randint(1, units)
                self.ledger.stock(sku, place.location_id, here)
                self.stocked[f"{sku}@{place.location_id}"] = here

    def place(self) -> None:
        for number in range(ORDERS):
            skus = self.random.sample(SKUS, self.random.choice((1, 1, 2, 3)))
            lines = [line(str(n), sku, self.random.randint(1, 2)) for n, sku in enumerate(skus)]
            made = order(f"ord_{number:04}", *lines, version=0)
            self.ledger.commit(Commit(f"placed-{number}", NOW, "test", orders=(made,)))

    def route(self) -> None:
        names = [one.order_id for one in self.orders if one.hold_reason is None]
        waiting = [name for name in names if self._open(self.ledger.orders[name])]
        self.random.shuffle(waiting)
        for start in range(0, len(waiting), BATCH):
            assert route(waiting[start : start + BATCH], self.ports).failed == []

    def work(self) -> int:
        """Each location answers for what it has; a fifth of it, at any step, it cannot do."""
        todo = [work for work in self.ledger.works.values() if work.status in NEXT]
        for one in todo:
            wait_for(one.id, "acceptance", "token", self.floor)
            self.asked += 1
            refuses = self.random.random() < 0.2
            steps = STEPS[NEXT[one.status] :]
            for step in steps[: self.random.randint(0, len(steps) - 2) if refuses else None]:
                request = ActionRequest(parcels=_parcels(step, one))
                perform(step, one.id, request, "ana", None, self.floor)
            if refuses:
                self._refuse(self.ledger.works[one.id])
        return len(todo)

    def _refuse(self, work: FulfillmentOrder) -> None:
        self.refused += 1
        part = self.random.choice(work.lines)
        units = {part.line_id: self.random.randint(1, part.quantity)}
        request = ActionRequest(
            reason=self.random.choice(REASONS),
            lines=units if self.random.random() < 0.5 else None,
        )
        perform("reject", work.id, request, "ana", None, self.floor)

    def give_up(self, share: float) -> None:
        """Some customers want no more of what waits, or is not packed yet."""
        for one in self.orders:
            if self._open(one) and self.random.random() < share:
                cancel(Wish(one.order_id, "ana", "no longer wanted"), None, self.desk)
                withdraw_units(one.order_id, self.floor)

    @property
    def orders(self) -> list[Order]:
        return list(self.ledger.orders.values())

    @staticmethod
    def _open(one: Order) -> int:
        return sum(x.units(B.PENDING) + x.units(B.BACKORDERED) for x in one.lines)

    def assert_conserved(self) -> None:
        """Stock is what moved, work and lines are what orders say, days what work takes."""
        gone, held = Counter[str](), Counter[str]()
        slots = Counter[str]()
        for work in self.ledger.works.values():
            units = {f"{x.sku}@{work.location_id}": x.quantity for x in work.lines}
            if work.status is S.SHIPPED:
                gone.update(units)
            elif work.status not in (S.REJECTED, S.CANCELLED):
                held.update(units)
            if work.status not in (S.REJECTED, S.CANCELLED):
                slots[work.location_id] += 1
        for key, position in self.ledger.positions.items():
            moved = self.ledger.books.get(key, ())
            assert position.on_hand == self.stocked[key] + sum(x.on_hand for x in moved), key
            assert gone[key] == -sum(x.on_hand for x in moved if x.cause is Cause.SHIPMENT), key
            assert position.reserved == held[key] == sum(x.reserved for x in moved), key
            assert position.available >= 0 and position.on_hand >= 0, key
        for place in self.places:
            left = self.ledger.states[place.location_id]
            day = f"left#{place.local_date(NOW)}"
            assert left.get(day, CAPACITY) == CAPACITY - slots[place.location_id] >= 0
        for one in self.orders:
            assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)
        standing = {
            Place(sku, wait.rank): Waiting(one.order_id, wait.rank, wait.units)
            for one in self.orders
            for sku, wait in waits_of(one).items()
        }
        assert self.ledger.standing == standing


def _parcels(step: str, work: FulfillmentOrder) -> tuple[Parcel, ...]:
    return (Parcel(work.id),) if step == "ship" else ()


def test_a_thousand_orders_end_though_a_fifth_of_the_work_is_refused() -> None:
    # GIVEN a thousand orders, too little stock and days that are soon full
    season = Season(seed=7)
    season.stock(units=32)
    season.place()
    # WHEN locations refuse a fifth of what they get, and some customers cancel
    season.route()
    season.assert_conserved()
    rounds = 0
    while season.work():
        season.give_up(share=0.02)
        season.route()
        season.assert_conserved()
        rounds += 1
        assert rounds < 30
    # THEN it ends: what is not shipped or cancelled waits in line for goods or for another day
    assert 0.15 < season.refused / season.asked < 0.25 and season.refused > 150
    ends = Counter[Bucket]()
    for one in season.orders:
        for x in one.lines:
            ends.update(x.buckets)
    assert set(ends) == {B.SHIPPED, B.BACKORDERED, B.CANCELLED}
    assert min(ends.values()) > 10
    # AND whoever waits no longer is done
    season.give_up(share=1.0)
    season.assert_conserved()
    done = {OrderStatus.FULFILLED, OrderStatus.CANCELLED}
    assert {one.status for one in season.orders} == done
    assert season.ledger.lengths(SKUS) == {} == season.ledger.demand(SKUS)
