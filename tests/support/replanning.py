"""A ledger with places and orders whose work waits, and the re-plan that works on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dom.aws.archive import DecisionArchive
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.geo import Coordinates, Destination
from dom.model.location import Location
from dom.model.order import Bucket, Method, Order, ShipGroup
from dom.model.replan import Ask, Report
from dom.model.rules import RuleSet
from dom.model.work_machine import OPEN
from dom.routing.ports import Routing
from dom.routing.replan.ports import Replanning, Threshold
from dom.routing.replan.run import replan
from dom.routing.route import Outcome, route
from dom.sourcing.joint.batch import Polish
from support.archive import MemoryObjects
from support.builders import BOSTON, DALLAS, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces

SACRAMENTO = Coordinates(38.58, -121.49)
VERNAL = Coordinates(40.46, -109.53)
# Of all places in these tests.
ZONE = ZoneInfo("America/Los_Angeles")
WAIT = timedelta(hours=2)


@dataclass(frozen=True)
class Page:
    """Some work of a location."""

    works: tuple[FulfillmentOrder, ...]
    next: str | None = None


@dataclass
class FakeWorks:
    """The works that a FakeLedger keeps, page by page."""

    ledger: FakeLedger
    size: int = 100

    def find(self, location_id: str, status: FulfillmentStatus | None, cursor: str | None) -> Page:
        found = [
            work
            for work in self.ledger.works.values()
            if work.location_id == location_id and status in (None, work.status)
        ]
        start = int(cursor or 0)
        more = len(found) > start + self.size
        return Page(
            tuple(found[start : start + self.size]), str(start + self.size) if more else None
        )


@dataclass
class Waves:
    """One small world. `now` moves; rules and threshold may be changed between the calls."""

    places: tuple[Location, ...] = (
        location("RENO", RENO),
        location("DALLAS", DALLAS),
        location("BOSTON", BOSTON),
    )
    rules: RuleSet = field(default_factory=RuleSet)
    threshold: Threshold = field(default_factory=Threshold)
    now: datetime = NOW
    ledger: FakeLedger = field(default_factory=FakeLedger)
    page: int = 100
    polish: Polish | None = None
    objects: MemoryObjects = field(default_factory=MemoryObjects)

    def __post_init__(self) -> None:
        """All places are open."""
        self.ledger.open(*self.places)
        self.archive = DecisionArchive(self.objects, lambda: self.now)

    @property
    def routing(self) -> Routing:
        places = FakePlaces(self.ledger, self.places)
        clock = lambda: self.now  # noqa: E731
        ports = self.ledger, self.ledger, places, self.ledger, clock, self.rules
        return Routing(*ports, release_after=WAIT, archive=self.archive)

    def stock(self, units: Mapping[str, Mapping[str, int]]) -> None:
        """`{"MUG": {"RENO": 3}}`."""
        for sku, there in units.items():
            for place, on_hand in there.items():
                self.ledger.stock(sku, place, on_hand)

    def route(self, *orders: Order) -> Outcome:
        """Each order alone, one after the other."""
        outcome = Outcome()
        for one in orders:
            self.ledger.orders[one.order_id] = one
            outcome = route([one.order_id], self.routing)
        return outcome

    @property
    def replanning(self) -> Replanning:
        works = FakeWorks(self.ledger, self.page)
        return Replanning(self.routing, works, self.threshold, polish=self.polish)

    def replan(self, **ask: Any) -> Report:
        return replan(Ask(**ask), self.replanning)

    def close(self, place: str) -> None:
        self.ledger.states[place]["open"] = False

    def live(self) -> dict[str, str]:
        """Where the orders' live work is."""
        works = sorted(self.ledger.works.values(), key=lambda work: work.id)
        return {w.order_id: w.location_id for w in works if w.status in OPEN}

    def assert_sound(self) -> None:
        """Reserved is what live work holds and what movements say; nothing is promised twice."""
        held: Counter[str] = Counter()
        units: Counter[tuple[str, str]] = Counter()
        used: Counter[tuple[str, str]] = Counter()
        for work in self.ledger.works.values():
            if work.status in OPEN:
                used[work.location_id, f"left#{work.capacity_day}"] += 1
                used[work.location_id, f"effort#{work.capacity_day}"] += work.effort
                for part in work.lines:
                    held[f"{part.sku}@{work.location_id}"] += part.quantity
                    units[work.order_id, part.line_id] += part.quantity
        moved: Counter[str] = Counter()
        for (key, _), change in self.ledger.movements.items():
            moved[key] += change.reserved
        for key, position in self.ledger.positions.items():
            assert position.reserved == held[key] == moved[key], key
            assert position.available >= 0, key
        for one in self.ledger.orders.values():
            for x in one.lines:
                assert sum(x.buckets.values()) == x.quantity
                assert x.units(Bucket.ALLOCATED) == units[one.order_id, x.line_id]
        self._assert_slots_add_up(used)

    def _assert_slots_add_up(self, used: Counter[tuple[str, str]]) -> None:
        """What is left of today is the bound less what live work takes: of slots, and of effort."""
        today = self.now.astimezone(ZONE).date().isoformat()
        for place, state in self.ledger.states.items():
            for counter, bound in (("left", "daily_capacity"), ("effort", "daily_effort")):
                name, most = f"{counter}#{today}", state.get(bound)
                if name in state and most is not None:
                    assert state[name] == most - used[place, name] >= 0, (place, name)


def to(order_id: str, place: Coordinates | None = SACRAMENTO, *skus: str, **rest: Any) -> Order:
    """An order of one unit of each SKU (a mug) to a place."""
    lines = [line(str(n), sku) for n, sku in enumerate(skus or ("MUG",), 1)]
    group = ShipGroup("sg1", Method.SHIP, Destination("US", coordinates=place))
    return order(order_id, *lines, ship_groups=(group,), **rest)


def peak() -> Waves:
    """The last mug of Reno went to Vernal, so that Sacramento's comes from Dallas."""
    waves = Waves()
    waves.stock({"MUG": {"RENO": 1, "DALLAS": 1}})
    waves.route(to("ord_a", VERNAL), to("ord_b", SACRAMENTO))
    assert waves.live() == {"ord_a": "RENO", "ord_b": "DALLAS"}
    return waves


def changed(work: FulfillmentOrder, **rest: Any) -> FulfillmentOrder:
    """The work as somebody else left it, one version later."""
    return replace(work, version=work.version + 1, **rest)
