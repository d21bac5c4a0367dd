"""Whatever happens to merged work, in any sequence: each unit ships once, and every order ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from dom.errors import Rejected
from dom.fulfillment.actions import expire_work
from dom.fulfillment.recall import recall_work
from dom.fulfillment.scan import scan
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.addresses import Address
from dom.model.box import Box
from dom.model.fulfillment import FulfillmentStatus, Parcel, RejectReason
from dom.model.geo import Destination
from dom.model.order import Bucket
from dom.model.work_machine import BUCKET_OF, OPEN
from dom.orders.address import change_address
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.orders.hold import hold, release
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.builders import NOW
from support.shipments import House

S, B = FulfillmentStatus, Bucket
WORKS = ("ord_a-1", "ord_a-2", "ord_c-1", "ord_d-1")
NAMES, ORDERS = st.sampled_from(WORKS), st.sampled_from(["ord_a", "ord_c", "ord_d"])
AWAY = frozenset({S.SHIPPED, S.DELIVERED})
STEPS = ("accept", "pick", "pack", "ship", "reject", "cancel", "confirm-cancel", "split")


class Shipments(RuleBasedStateMachine):
    """Three orders of one customer at RENO, one of them in two works; who loses units is done."""

    @initialize(early=st.sets(NAMES))
    def allocated(self, early: set[str]) -> None:
        self.house = House()
        for number, name in enumerate(WORKS):
            waits = {"status": S.ASSIGNED, "due_at": NOW} if name in early else {}
            self.house.add(name, sku=("MUG", "HAT")[number % 2], **waits)  # type: ignore[arg-type]

    @rule(name=NAMES)
    def merged(self, name: str) -> None:
        self.house.merge(name)

    @rule(name=NAMES, action=st.sampled_from(STEPS))
    def alone(self, name: str, action: str) -> None:
        parcels, reason = (Parcel("1Z"),), RejectReason.NO_VARIANCE
        self.tried(lambda: self.house.act(action, name, parcels=parcels, reason=reason))

    @rule(name=NAMES, action=st.sampled_from(STEPS[:4]), boxed=st.booleans(), twice=st.booleans())
    def as_one(self, name: str, action: str, boxed: bool, twice: bool) -> None:
        box = (Box(Parcel("1Z")),) if boxed and action in ("pack", "ship") else ()
        key = f"{action}{len(self.house.ledger.commits)}" if twice else ""
        for _ in range(1 + twice):
            self.tried(lambda: self.house.as_one(action, name, *box, request_id=key))

    @rule(name=NAMES)
    def released(self, name: str) -> None:
        if self.house.work(name).status is S.ASSIGNED:
            wait_for(name, "acceptance", "token", self.house.floor)

    @rule(order_id=ORDERS, what=st.sampled_from([cancel, hold, release]))
    def ordered(self, order_id: str, what: Callable[..., object]) -> None:
        wish, rest = Wish(order_id, "eva", "no"), (None,) if what is cancel else ()
        self.tried(lambda: what(wish, *rest, self.desk))

    @rule(order_id=ORDERS, city=st.sampled_from(["Boise", "Miami"]))
    def moves(self, order_id: str, city: str) -> None:
        address = Address(Destination("US", "", "", city), {"city": city})
        self.tried(lambda: change_address(Wish(order_id, "eva"), address, self.desk))

    @rule(order_id=ORDERS)
    def follow_up(self, order_id: str) -> None:
        withdraw_units(order_id, self.house.floor)
        recall_work(order_id, self.house.floor)

    @rule(name=NAMES)
    def late(self, name: str) -> None:
        expire_work(name, self.house.floor)

    @rule()
    def carrier(self) -> None:
        scan("1Z", "delivered", NOW, self.house.floor)

    @invariant()
    def units_are_where_their_work_is(self) -> None:
        ledger = self.house.ledger
        for order in ledger.orders.values():
            for line in order.lines:
                work = ledger.works[f"{order.order_id}-{line.line_id}"]  # type: ignore[index]
                assert sum(line.buckets.values()) == 1
                there = BUCKET_OF.get(work.status)
                assert dict(line.buckets) == {there: 1} if there else not line.units(B.SHIPPED)

    @invariant()
    def stock_leaves_once(self) -> None:
        ledger, reserved, gone = self.house.ledger, Counter[str](), Counter[str]()
        for work in ledger.works.values():
            reserved[work.lines[0].sku] += work.status in OPEN
            gone[work.lines[0].sku] += work.status in AWAY
        for position in ledger.positions.values():
            assert position.reserved == reserved[position.sku]
            assert position.on_hand == 20 - gone[position.sku]

    @invariant()
    def members_name_one_another_and_nobody_else(self) -> None:
        for work in self.house.ledger.works.values():
            if work.status not in OPEN or not work.together:
                continue
            others = [self.house.work(name) for name in work.companions]
            assert others
            assert {one.together for one in others} == {work.together}
            assert {one.location_id for one in others} == {work.location_id}

    @invariant()
    def what_shares_a_box_shares_its_fate(self) -> None:
        for work in self.house.ledger.works.values():
            if work.together and work.status is S.PACKED:
                fates = {self.house.work(name).status for name in work.companions}
                assert fates <= {S.PACKED, S.CANCEL_REQUESTED}

    def teardown(self) -> None:
        """One person brings all of it to an end."""
        if not hasattr(self, "house"):
            return
        for name in WORKS:
            self.ordered(name[:5], release)
            for action in ("refuse-cancel", "ship", "reject"):
                self.alone(name, action)
                self.as_one(name, action if action == "ship" else "pick", False, False)
        self.carrier()
        assert not {w.status for w in self.house.ledger.works.values()} & OPEN

    @property
    def desk(self) -> Desk:
        return Desk(self.house.ledger, self.house.ledger, lambda: NOW)

    def tried(self, deed: Callable[[], object]) -> None:
        before = len(self.house.ledger.commits)
        try:
            deed()
        except Rejected:
            assert len(self.house.ledger.commits) == before


TestShipments = Shipments.TestCase
TestShipments.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
