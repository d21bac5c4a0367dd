"""Whatever people, carriers, clocks and switches do to an order, in any sequence: sums stay true.

The rules call the use cases as the deployed functions do, legal or not. What they refuse must have
changed nothing; afterwards, units are where the order says, stock is what the work holds, and
everything can be brought to an end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dom.errors import Rejected
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import DEEDS, ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.recall import recall_work
from dom.fulfillment.scan import scan
from dom.fulfillment.take_back import Closing, take_back
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.addresses import Address
from dom.model.demand import demand_of
from dom.model.effort import EffortRate
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, RejectReason
from dom.model.geo import Destination
from dom.model.history import HistoryEntry
from dom.model.ids import LocationId
from dom.model.order import UNASSIGNED, Bucket, Method, ShipGroup
from dom.model.queue import waits_of
from dom.model.rules import RuleSet
from dom.model.work_machine import BUCKET_OF, OPEN
from dom.orders.address import change_address
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.orders.hold import hold, release
from dom.routing.ports import Routing
from dom.routing.route import route
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.builders import NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces

S = FulfillmentStatus
B = Bucket
# On hand at RENO; the order's first line is of the first, its second of the second.
HELD = {"MUG": 10, "HAT": 4}
AWAY = frozenset({S.SHIPPED, S.DELIVERED, S.DELIVERY_FAILED, S.COLLECTED})
SCANS = ("in_transit", "out_for_delivery", "delivered", "failure", "return_to_sender")
# Reasons that leave what is on hand as it is, so that units can be counted.
REASONS = (None, RejectReason.NO_VARIANCE, RejectReason.DAMAGED)
# What usually follows; work of another method refuses it, or knows the way.
NEXT = {
    S.ASSIGNED: "accept",
    S.RELEASED: "accept",
    S.ACCEPTED: "pick",
    S.PICKING: "pack",
    S.PACKED: "ship",
    S.SHIPPED: "ready",
    S.READY_FOR_PICKUP: "collect",
    S.ARRIVED: "collect",
}
SENT = ActionRequest(parcels=(Parcel("1Z"), Parcel("2Z")), identity_checked=True)
HOME = Destination("US", "95814", "CA", "Sacramento")
RATES = {Method.SHIP: EffortRate(2, 1, 1), Method.PICKUP: EffortRate(5, 0, 3)}
BOUNDS = {"daily_capacity": 50, "daily_effort": 1_000, "efforts": RATES}
PLACES = (location("RENO", RENO, **BOUNDS), location("SHOP", RENO))


@dataclass(frozen=True)
class Page:
    works: tuple[FulfillmentOrder, ...]
    next: str | None = None


class Life(RuleBasedStateMachine):
    """One order of three mugs and two hats, RENO which has them, and SHOP where one may collect."""

    @initialize(method=st.sampled_from([m for m in Method if m is not Method.DIGITAL]))
    def placed(self, method: Method) -> None:
        self.ledger, self.now, self.stuck = FakeLedger(), NOW, ""
        self.ledger.open(*PLACES)
        for sku, units in HELD.items():
            self.ledger.stock(sku, "RENO", units)
        store = {Method.PICKUP: "RENO", Method.CURBSIDE: "RENO", Method.SHIP_TO_STORE: "SHOP"}
        place = LocationId(store[method]) if method in store else None
        group = ShipGroup("sg1", method, None if place else HOME, place)
        lines = (line("1", quantity=3), line("2", "HAT", 2))
        self.ledger.orders["ord_a"] = order("ord_a", *lines, ship_groups=(group,))
        self.route()

    # What the system does by itself.

    @rule()
    def route(self) -> None:
        places = FakePlaces(self.ledger, PLACES, lambda: self.now)
        ledger = self.ledger
        ports = Routing(ledger, ledger, places, ledger, lambda: self.now, RuleSet())
        if self.ledger.orders["ord_a"].hold_reason is None:
            route(["ord_a"], ports)
        for work in self.works():
            if work.status is S.ASSIGNED:
                self.tried(lambda w=work: wait_for(w.id, "acceptance", "token", self.floor))

    @rule()
    def follow_up(self) -> None:
        withdraw_units("ord_a", self.floor)
        recall_work("ord_a", self.floor)

    @rule(hours=st.sampled_from([1, 5, 30, 24 * 9, 24 * 20]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for work in self.works():
            expire_work(work.id, self.floor)

    # What people, carriers and switches do.

    @rule(
        pick=st.integers(0, 3),
        action=st.sampled_from(sorted(DEEDS)),
        units=st.none() | st.dictionaries(st.sampled_from(["1", "2"]), st.integers(1, 3)),
        reason=st.sampled_from(REASONS),
        restock=st.booleans(),
        twice=st.booleans(),
    )
    def act(
        self, pick: int, action: str, units: Any, reason: Any, restock: bool, twice: bool
    ) -> None:
        works = self.works()
        if not works:
            return
        work = works[pick % len(works)]
        request = ActionRequest(
            request_id=f"{action}{self.ledger.commits[-1].id}" if twice else "",
            lines=units or None,
            parcels=(Parcel("1Z"), Parcel("2Z")) if action in ("pack", "ship") else (),
            reason=reason or RejectReason.NO_VARIANCE,
            identity_checked=True,
            restock=restock,
        )
        for _ in range(1 + twice):
            self.act_on(work, action, request)

    @rule(pick=st.integers(0, 3))
    def goes_on(self, pick: int) -> None:
        """The next step on the way to the customer."""
        for work in self.works()[-1 - pick :][:1]:
            action = NEXT.get(work.status, "deliver")
            at_store = work.status is S.PACKED and work.location_id == work.store
            collected = at_store and work.method not in (Method.SHIP, Method.SAME_DAY)
            self.act_on(work, "ready" if collected else action, SENT)

    @rule(number=st.sampled_from(["1Z", "2Z"]), status=st.sampled_from(SCANS), late=st.booleans())
    def carrier(self, number: str, status: str, late: bool) -> None:
        at = self.now - timedelta(days=1) if late else self.now
        scan(number, status, at, self.floor)

    @rule(units=st.none() | st.dictionaries(st.sampled_from(["1", "2"]), st.integers(1, 3)))
    def cancelled(self, units: Any) -> None:
        self.tried(lambda: cancel(Wish("ord_a", "ana", "no"), units or None, self.desk))

    @rule(step=st.sampled_from([hold, release]))
    def held(self, step: Callable[[Wish, Desk], Any]) -> None:
        self.tried(lambda: step(Wish("ord_a", "ana", "look"), self.desk))

    @rule(city=st.sampled_from(["Boise", "Miami"]))
    def moves(self, city: str) -> None:
        address = Address(Destination("US", "", "", city), {"city": city})
        self.tried(lambda: change_address(Wish("ord_a", "ana"), address, self.desk))

    @rule()
    def switched_off(self) -> None:
        left: Closing | None = Closing(LocationId("RENO"))
        while left:
            left = take_back(left, self, self.floor)

    # What must be true.

    @invariant()
    def units_are_somewhere_once(self) -> None:
        for one in self.ledger.orders["ord_a"].lines:
            assert sum(one.buckets.values()) == one.quantity
            worked: Counter[Bucket] = Counter()
            for work in self.works():
                for part in work.lines:
                    if part.line_id == one.line_id and work.status in BUCKET_OF:
                        worked[BUCKET_OF[work.status]] += part.quantity
            outside = {B.CANCELLED, *UNASSIGNED}
            assert worked == {b: n for b, n in one.buckets.items() if b not in outside}

    @invariant()
    def what_waits_is_counted(self) -> None:
        one = self.ledger.orders["ord_a"]
        found = {name: n for name, n in self.ledger.counters.items() if n}
        counted = {sku: n for (sku, _, fence), n in found.items() if not fence}
        assert counted == dict(one.counted) == demand_of(one)
        in_line = {sku: n for (sku, _, fence), n in found.items() if fence}
        assert in_line == {sku: wait.units for sku, wait in waits_of(one).items()}
        assert one.queued == waits_of(one)

    @invariant()
    def stock_is_what_the_work_holds(self) -> None:
        reserved: Counter[str] = Counter()
        for work in self.works():
            if work.status in OPEN:
                for part in work.lines:
                    reserved[f"{part.sku}@{work.held_by}"] += part.quantity
        for key, position in self.ledger.positions.items():
            assert position.reserved == reserved[key], key
            assert position.on_hand >= 0
        assert set(reserved) <= set(self.ledger.positions)

    @invariant()
    def a_day_has_left_what_no_work_takes(self) -> None:
        taken = Counter[str]()
        for work, effort in self._counted():
            taken.update({f"left#{work.capacity_day}": 1, f"effort#{work.capacity_day}": effort})
        state = self.ledger.states["RENO"]
        left = {name: n for name, n in state.items() if "#" in name}
        most = {name: 50 if name.startswith("left") else 1_000 for name in left}
        assert left == {name: most[name] - taken[name] for name in left}
        assert set(taken) <= set(left)

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        for number, (sku, units) in enumerate(HELD.items(), start=1):
            there = sum(p.on_hand for p in self.ledger.positions.values() if p.sku == sku)
            gone = sum(_away(work, str(number)) for work in self.works())
            assert there + gone == units, sku

    @invariant()
    def whoever_pays_hears_of_every_cancelled_unit(self) -> None:
        found = self.ledger.orders["ord_a"]
        told: Any = [e.data["units"] for e in found.history if e.type == "OrderCancelled"]
        assert sum(told) == sum(one.units(B.CANCELLED) for one in found.lines)

    @invariant()
    def wishes_concern_what_a_location_has(self) -> None:
        found = self.ledger.orders["ord_a"]
        for line_id, units in found.withdraw.items():
            assert 0 < units <= found.line(line_id).quantity
        assert set(found.recall) <= set(self.ledger.works)

    def teardown(self) -> None:
        """Time and one person bring everything to an end."""
        if not hasattr(self, "ledger"):
            return
        self.held(release)
        for _ in range(4):
            self.cancelled(None)
            self.follow_up()
            for action in ("confirm-cancel", "reject", "write-off"):
                for work in self.works():
                    units = {part.line_id: part.quantity for part in work.lines}
                    reason = RejectReason.NO_VARIANCE
                    self.act_on(work, action, ActionRequest(lines=units, reason=reason))
            self.held(release)
            self.time_passes(24 * 60)
        left = {w.id: w.status for w in self.works() if w.status in OPEN}
        assert left == {}
        ended = {B.CANCELLED, B.DELIVERED, B.COLLECTED, B.RETURNED}
        for one in self.ledger.orders["ord_a"].lines:
            assert set(one.buckets) <= ended, one.buckets

    # Helpers.

    @property
    def floor(self) -> Floor:
        ledger = self.ledger
        return Floor(ledger, ledger, ledger, ledger, lambda: self.now)

    @property
    def desk(self) -> Desk:
        return Desk(self.ledger, self.ledger, lambda: self.now)

    def _counted(self) -> list[tuple[FulfillmentOrder, int]]:
        """Works whose slot was not given back, with the effort that they took of their day."""
        commits = self.ledger.commits
        freed = {
            x.fulfillment_orders[0].id for x in commits if any(c.units < 0 for c in x.capacity)
        }
        effort, lost, left = dict[str, int](), Counter[str](), set[str]()
        for work in (work for commit in commits for work in commit.fulfillment_orders):
            if work.status not in OPEN:
                left.add(work.id)
                continue
            # What was lost on its way to the store was packed all the same.
            if work.id in left:
                left.remove(work.id)
                lost[work.id] = effort[work.id] - work.effort
            effort[work.id] = work.effort + lost[work.id]
        return [(work, effort[work.id]) for work in self.works() if work.id not in freed]

    def works(self) -> list[FulfillmentOrder]:
        return list(self.ledger.works.values())

    def find(self, place: LocationId, status: FulfillmentStatus | None, cursor: str | None) -> Page:
        """The list of a location's work, all on one page."""
        return Page(tuple(w for w in self.works() if w.held_by == place and w.status is status))

    def act_on(self, work: FulfillmentOrder, action: str, request: ActionRequest) -> None:
        self.tried(lambda: perform(action, work.id, request, "ana", None, self.floor))

    def tried(self, deed: Callable[[], object]) -> None:
        """Do it; what is refused has changed nothing. Nobody else is there, so nothing is busy."""
        before = len(self.ledger.commits)
        try:
            deed()
        except Rejected:
            assert len(self.ledger.commits) == before


def _away(work: FulfillmentOrder, line_id: str) -> int:
    """Units of the line that left with the work, wherever they are, and are not back in stock."""
    parts = work.lines if work.status in AWAY else ()
    units = sum(part.quantity for part in parts if part.line_id == line_id)
    return units + sum(_lost(entry, line_id, work) for entry in work.history)


def _lost(entry: HistoryEntry, line_id: str, work: FulfillmentOrder) -> int:
    """Units that an entry says are gone for good: with a parcel, or on their way to a store."""
    data: Any = entry.data
    if entry.type in ("FulfillmentOrderReshipped", "FulfillmentOrderLost"):
        return 0 if data["restocked"] else int(data["units"].get(line_id, 0))
    types = [one.type for one in work.history if one.seq < entry.seq]
    on_its_way = "FulfillmentOrderShipped" in types and "FulfillmentOrderReadied" not in types
    if entry.type == "FulfillmentOrderRejected" and on_its_way:
        return int(data["refused"].get(line_id, 0))
    return 0


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)


def test_the_effort_of_what_is_cancelled_while_it_lies_ready_comes_back() -> None:
    life = Life()
    life.placed(method=Method.PICKUP)
    life.act(pick=0, action="ready", units=None, reason=None, restock=False, twice=False)
    for units in ({"1": 1}, None):
        life.cancelled(units=units)
        life.follow_up()
        life.a_day_has_left_what_no_work_takes()
