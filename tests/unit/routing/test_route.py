"""A batch is routed and committed: nothing oversold, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict, Rejected
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentStatus
from dom.model.location import Location, LocationType
from dom.model.order import Bucket, HoldReason, Method, Order, ShipGroup
from dom.model.rules import RuleSet
from dom.routing.ports import Routing
from dom.routing.route import Outcome, route, route_all
from support.builders import BOSTON, DALLAS, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

B = Bucket


class Desk:
    """A ledger with places and orders, and the routing that works on it."""

    def __init__(self, *places: Location) -> None:
        self.ledger = FakeLedger()
        self.places = places or (location("RENO", RENO), location("BOSTON", BOSTON))
        self.ledger.open(*self.places)

    def ports(self, **rest: Any) -> Routing:
        ledger = self.ledger
        places = FakePlaces(ledger, self.places)
        return Routing(ledger, ledger, places, ledger, frozen(NOW), RuleSet(), **rest)

    def placed(self, *orders: Order) -> list[str]:
        for one in orders:
            self.ledger.orders[one.order_id] = one
        return [one.order_id for one in orders]

    def route(self, *orders: Order) -> Outcome:
        return route(self.placed(*orders), self.ports())

    def buckets(self, order_id: str = "ord_a", line_id: str = "1") -> dict[Bucket, int]:
        return dict(self.ledger.orders[order_id].line(line_id).buckets)

    def reserved(self, sku: str = "MUG", place: str = "RENO") -> int:
        return self.ledger.positions[f"{sku}@{place}"].reserved

    def assert_consistent(self) -> None:
        """Reserved stock is what work holds and what movements say; buckets add up."""
        held: dict[str, int] = {}
        for work in self.ledger.works.values():
            for part in work.lines:
                key = f"{part.sku}@{work.location_id}"
                held[key] = held.get(key, 0) + part.quantity
        moved: dict[str, int] = {}
        for (key, _), change in self.ledger.movements.items():
            moved[key] = moved.get(key, 0) + change.reserved
        for key, position in self.ledger.positions.items():
            assert position.reserved == held.get(key, 0) == moved.get(key, 0), key
            assert position.available >= 0, key
        for one in self.ledger.orders.values():
            assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)


def test_an_order_goes_to_the_nearest_place_that_has_it_all() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)
    outcome = desk.route(order())
    (work,) = desk.ledger.works.values()
    assert (work.location_id, work.status, work.id) == (
        "RENO",
        FulfillmentStatus.ASSIGNED,
        "ord_a-1",
    )
    assert work.distance_km is not None and 150 < work.distance_km < 220
    assert work.cost.amount > 0 and work.co2e_grams > 0 and work.why and work.delivers_by
    found = desk.ledger.orders["ord_a"]
    assert found.told == {"sg1": work.delivers_by}
    assert work.ships_by and NOW < work.ships_by < work.delivers_by
    assert found.look_at == work.ships_by
    (decision,) = desk.ledger.decisions.values()
    assert decision.outcome == "allocated" and decision.candidates
    assert desk.buckets() == {B.ALLOCATED: 1}
    assert outcome.failed == []
    desk.assert_consistent()


def test_what_is_nowhere_is_backordered_and_looked_at_again() -> None:
    desk = Desk()
    desk.route(order())
    found = desk.ledger.orders["ord_a"]
    assert desk.buckets() == {B.BACKORDERED: 1}
    assert found.due_at == NOW + timedelta(minutes=15)
    assert found.history[-1].type == "OrderBackordered"


def test_a_backorder_that_still_finds_nothing_writes_nothing() -> None:
    desk = Desk()
    desk.route(order())
    written = len(desk.ledger.commits)
    route(["ord_a"], desk.ports())
    assert len(desk.ledger.commits) == written


def test_a_backorder_is_filled_when_stock_has_come() -> None:
    desk = Desk()
    desk.route(order())
    desk.ledger.stock("MUG", "RENO", 1)
    route(["ord_a"], desk.ports())
    assert desk.buckets() == {B.ALLOCATED: 1}
    assert desk.ledger.orders["ord_a"].due_at is None
    desk.assert_consistent()


def test_five_units_over_two_places_with_three_each() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 3)
    desk.ledger.stock("MUG", "BOSTON", 3)
    desk.route(order("ord_a", line("1", quantity=5)))
    assert desk.buckets() == {B.ALLOCATED: 5}
    assert sorted(w.lines[0].quantity for w in desk.ledger.works.values()) == [2, 3]
    desk.assert_consistent()


def test_two_lines_of_one_sku_share_its_stock() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 3)
    desk.route(order("ord_a", line("1", quantity=2), line("2", quantity=2)))
    taken = desk.buckets("ord_a", "1").get(B.ALLOCATED, 0) + desk.buckets("ord_a", "2").get(
        B.ALLOCATED, 0
    )
    assert taken == 3
    desk.assert_consistent()


def test_fifty_units_serve_fifty_of_two_hundred_in_few_transactions() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 50)
    outcome = desk.route(*(order(f"ord_{n:03d}") for n in range(200)))
    allocated = [one for one in desk.ledger.orders.values() if one.lines[0].units(B.ALLOCATED)]
    assert len(allocated) == desk.reserved() == 50
    assert outcome.counts["GroupsCommitted"] <= 8
    assert len([m for m in desk.ledger.movements if m[0] == "MUG@RENO"]) <= 3
    desk.assert_consistent()


def test_a_repeat_finds_nothing_left_to_do() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(order())
    route(["ord_a"], desk.ports())
    assert desk.reserved() == 1


@pytest.mark.parametrize(
    "gone", [{"hold_reason": HoldReason.MANUAL}, {"lines": (line("1", buckets={B.CANCELLED: 1}),)}]
)
def test_held_and_cancelled_orders_drop_out(gone: dict[str, Any]) -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(replace(order(), **gone))
    assert desk.ledger.works == {}


def once(ledger: FakeLedger, happening: Callable[[], None]) -> None:
    """Let something happen just before the next commit."""

    def before(commit: Commit) -> None:
        ledger.before = lambda commit: None
        happening()

    ledger.before = before


def test_an_order_that_changes_meanwhile_leaves_its_group_and_no_other() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    orders = [order(f"ord_{n}") for n in range(3)]

    def cancelled() -> None:
        gone = replace(orders[1], lines=(line("1", buckets={B.CANCELLED: 1}),), version=2)
        desk.ledger.orders["ord_1"] = gone

    once(desk.ledger, cancelled)
    assert desk.route(*orders).failed == []
    assert {w.order_id for w in desk.ledger.works.values()} == {"ord_0", "ord_2"}
    desk.assert_consistent()


def test_stock_that_shrank_meanwhile_is_known_truly_in_the_next_solve() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)
    once(desk.ledger, lambda: desk.ledger.stock("MUG", "RENO", 1))
    desk.route(*(order(f"ord_{n}") for n in range(3)))
    assert (desk.reserved(), desk.reserved(place="BOSTON")) == (1, 2)
    desk.assert_consistent()


def test_a_location_switched_off_meanwhile_gets_nothing() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)
    once(desk.ledger, lambda: desk.ledger.open(location("RENO", active=False)))
    desk.route(order())
    assert [w.location_id for w in desk.ledger.works.values()] == ["BOSTON"]
    desk.assert_consistent()


def test_a_location_known_to_be_closed_is_not_even_tried() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.stock("MUG", "BOSTON", 5)
    desk.ledger.open(location("RENO", active=False))
    outcome = desk.route(order())
    assert outcome.counts["GroupsRefused"] == 0
    assert [w.location_id for w in desk.ledger.works.values()] == ["BOSTON"]


def test_capacity_admits_exactly_as_many_as_it_says() -> None:
    desk = Desk(location("RENO", RENO, daily_capacity=3), location("BOSTON", BOSTON))
    desk.ledger.stock("MUG", "RENO", 50)
    desk.ledger.stock("MUG", "BOSTON", 50)
    desk.route(*(order(f"ord_{n}") for n in range(8)))
    assert (desk.reserved(), desk.reserved(place="BOSTON")) == (3, 5)
    assert desk.ledger.states["RENO"]["left#2026-03-04"] == 0


def test_a_document_that_lags_behind_never_makes_a_backorder() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.ledger.availability = lambda skus: {sku: {"RENO": 0} for sku in skus}  # type: ignore[method-assign]
    desk.route(order())
    assert desk.buckets() == {B.ALLOCATED: 1}


def test_a_rejected_line_never_goes_back_there() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    desk.route(order("ord_a", line("1", excluded=("RENO",))))
    assert desk.buckets() == {B.BACKORDERED: 1}


def test_what_stays_in_conflict_comes_again_and_takes_nothing() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)

    def busy(commit: Commit) -> None:
        raise Busy("throttled")

    desk.ledger.before = busy
    assert desk.route(order()).failed == ["ord_a"]
    assert desk.reserved() == 0


def test_an_order_that_is_always_refused_is_given_up_for_now() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)

    def refuse(commit: Commit) -> None:
        found = {"available": 5}
        raise CommitRefused((Conflict("position", "MUG@RENO", found),))

    desk.ledger.before = refuse
    assert desk.route(order()).failed == ["ord_a"]


def test_one_order_that_can_never_be_written_does_not_hold_up_the_others() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)

    def too_large(commit: Commit) -> None:
        if any(one.order_id == "ord_1" for one in commit.orders):
            raise Rejected("item over 400 KB")

    desk.ledger.before = too_large
    outcome = desk.route(*(order(f"ord_{n}") for n in range(3)))
    assert outcome.failed == ["ord_1"]
    assert desk.reserved() == 2


def test_one_order_that_breaks_the_solver_fails_alone() -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 5)
    groups = (ShipGroup("sg1", Method.SHIP, "nowhere"),)  # type: ignore[arg-type]
    broken = order("ord_1", ship_groups=groups)
    ids = desk.placed(order("ord_0"), broken, order("ord_2"))
    outcome = route_all(ids, desk.ports())
    assert outcome.failed == ["ord_1"]
    assert desk.reserved() == 2


def test_warehouses_keep_work_movable_and_stores_start_at_once() -> None:
    desk = Desk(location("RENO", RENO), location("DALLAS", DALLAS, type=LocationType.STORE))
    desk.ledger.stock("MUG", "RENO", 1)
    desk.ledger.stock("CUP", "DALLAS", 1)
    ids = desk.placed(order("ord_a", line("1"), line("2", "CUP")))
    route(ids, desk.ports(release_after=timedelta(hours=1)))
    due = {w.location_id: w.due_at for w in desk.ledger.works.values()}
    assert due == {"RENO": NOW + timedelta(hours=1), "DALLAS": NOW}


def large(desk: Desk, skus: int = 120) -> list[str]:
    """An order of so many SKUs at one place that it fits no transaction."""
    for n in range(skus):
        desk.ledger.stock(f"S{n}", "RENO", 1)
    return desk.placed(order("ord_a", *(line(str(n), f"S{n}") for n in range(skus))))


class Killed(BaseException):
    """The worker is gone between two steps."""


def die_at(ledger: FakeLedger, commit_number: int) -> None:
    start = len(ledger.commits)

    def before(commit: Commit) -> None:
        if len(ledger.commits) - start == commit_number:
            ledger.before = lambda commit: None
            raise Killed

    ledger.before = before


def test_an_order_too_large_for_one_transaction_is_committed_in_steps() -> None:
    desk = Desk()
    assert route(large(desk), desk.ports()).failed == []
    (work,) = desk.ledger.works.values()
    found = desk.ledger.orders["ord_a"]
    assert len(work.lines) == 120 and found.open_plan is None
    assert {dict(x.buckets)[B.ALLOCATED] for x in found.lines} == {1}
    assert all(commit.writes <= 100 for commit in desk.ledger.commits)
    desk.assert_consistent()


@pytest.mark.parametrize("step", range(5))
def test_a_worker_killed_at_any_step_of_a_large_order_loses_nothing(step: int) -> None:
    desk = Desk()
    ids = large(desk)
    die_at(desk.ledger, step)
    with pytest.raises(Killed):
        route(ids, desk.ports())
    assert route(ids, desk.ports()).failed == []
    assert len(desk.ledger.works) == 1
    desk.assert_consistent()


def test_a_large_order_that_is_cancelled_meanwhile_gives_its_stock_back() -> None:
    desk = Desk()
    ids = large(desk)
    die_at(desk.ledger, 2)
    with pytest.raises(Killed):
        route(ids, desk.ports())
    found = desk.ledger.orders["ord_a"]
    gone = tuple(replace(x, buckets={B.CANCELLED: 1}) for x in found.lines)
    desk.ledger.orders["ord_a"] = replace(found, lines=gone, version=found.version + 1)
    route(ids, desk.ports())
    assert desk.ledger.works == {}
    assert desk.ledger.orders["ord_a"].open_plan is None
    desk.assert_consistent()


def test_a_large_order_whose_stock_is_gone_is_routed_anew() -> None:
    desk = Desk()
    ids = large(desk)
    die_at(desk.ledger, 2)
    with pytest.raises(Killed):
        route(ids, desk.ports())
    position = desk.ledger.positions["S99@RENO"]
    desk.ledger.positions["S99@RENO"] = replace(position, on_hand=0)
    route(ids, desk.ports())
    route(ids, desk.ports())
    found = desk.ledger.orders["ord_a"]
    assert dict(found.line("99").buckets) == {B.BACKORDERED: 1}
    assert dict(found.line("98").buckets) == {B.ALLOCATED: 1}
    desk.assert_consistent()


@pytest.mark.parametrize("commit_number", range(3))
def test_a_worker_killed_between_two_groups_loses_and_doubles_nothing(commit_number: int) -> None:
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 60)
    ids = desk.placed(*(order(f"ord_{n:03d}") for n in range(90)))
    die_at(desk.ledger, commit_number)
    with pytest.raises(Killed):
        route(ids, desk.ports())
    route(ids, desk.ports())
    assert desk.reserved() == 60
    desk.assert_consistent()
