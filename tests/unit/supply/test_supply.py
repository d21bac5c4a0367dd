"""Transfers and purchases: units are conserved, whatever comes, twice, late or in another order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from dom.errors import (
    Busy,
    CommitRefused,
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    IllegalTransition,
    InvalidInput,
    NotFound,
    OutOfStock,
)
from dom.inventory.supply import order as supply
from dom.inventory.supply.move import receive, ship
from dom.inventory.supply.order import cancel, close, ending, place
from dom.inventory.supply.ports import Dock
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Position
from dom.model.supply import (
    TOGETHER,
    Request,
    SupplyKind,
    SupplyLine,
    SupplyOrder,
    SupplyStatus,
    Units,
    supply_id,
)
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW
from support.fakes import FakeLedger

S = SupplyStatus
RENO, CHI = LocationId("RENO"), LocationId("CHI")


@dataclass
class World:
    """A ledger with the orders, and two locations."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    reached: set[str] = field(default_factory=lambda: {"RENO", "CHI"})

    def existing(self, location_ids: Any) -> set[str]:
        return set(location_ids) & {"RENO", "CHI"}

    def load(self, order_id: str) -> SupplyOrder | None:
        return self.ledger.supplies.get(order_id)

    def reach(self, location_id: str) -> None:
        if location_id not in self.reached:
            raise Forbidden(location_id)

    @property
    def dock(self) -> Dock:
        return Dock(self, self.ledger, self, self.ledger, lambda: NOW)

    def stock(self, **units: int) -> None:
        """On hand at Reno."""
        for sku, on_hand in units.items():
            self.ledger.stock(sku, RENO, on_hand)

    def transfer(self, reference: str = "T1", **units: int) -> SupplyOrder:
        """Asked for at Reno, to Chicago."""
        name = supply_id(SupplyKind.TRANSFER, RENO, CHI, reference)
        lines = tuple(SupplyLine(Sku(sku), number) for sku, number in units.items())
        order = SupplyOrder(name, SupplyKind.TRANSFER, CHI, reference, lines, NOW, "ops", RENO)
        return place(order, self.dock)

    def purchase(self, **units: int) -> SupplyOrder:
        name = supply_id(SupplyKind.PURCHASE, "ACME", CHI, "P1")
        lines = tuple(SupplyLine(Sku(sku), number) for sku, number in units.items())
        order = SupplyOrder(
            name, SupplyKind.PURCHASE, CHI, "P1", lines, NOW, "ops", supplier="ACME"
        )
        return place(order, self.dock)

    def ship(
        self, order: SupplyOrder, request: str = "s", anyway: bool = False, **units: int
    ) -> SupplyOrder:
        asked = Request(request, tuple(Units(Sku(sku), n) for sku, n in units.items()), "floor")
        return ship(order.id, asked, anyway, self.reach, self.dock)

    def receive(
        self, order: SupplyOrder, request: str = "r", damaged: int = 0, **units: int
    ) -> SupplyOrder:
        came = tuple(Units(Sku(sku), n, min(n, damaged)) for sku, n in units.items())
        return receive(order.id, Request(request, came, "floor"), self.reach, self.dock)

    def close(self, order: SupplyOrder) -> SupplyOrder:
        return close(order.id, "ops", self.reach, self.dock)

    def at(self, sku: str, place: str) -> Position:
        return self.ledger.positions[f"{sku}@{place}"]

    def causes(self, sku: str, place: str) -> list[Cause]:
        return [one.cause for one in self.ledger.books.get(f"{sku}@{place}", ())]


def told(order: SupplyOrder) -> list[tuple[str, str, int]]:
    return [(one.sku, one.kind, one.units) for one in order.discrepancies]


def test_a_transfer_moves_stock_from_one_place_to_the_other() -> None:
    # GIVEN
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    assert (order.status, world.at("MUG", RENO).on_hand) == (S.REQUESTED, 10)
    # WHEN it leaves
    assert world.ship(order).status is S.SHIPPED
    assert world.at("MUG", RENO).on_hand == 6
    # THEN it is nobody's until it comes
    assert "MUG@CHI" not in world.ledger.positions
    done = world.receive(order, MUG=4)
    assert (done.status, world.at("MUG", CHI).on_hand, told(done)) == (S.RECEIVED, 4, [])
    assert world.causes("MUG", RENO)[-1] is Cause.TRANSFER_OUT
    assert world.causes("MUG", CHI) == [Cause.TRANSFER_IN]
    assert world.close(done).status is S.CLOSED
    (movement,) = world.ledger.books["MUG@CHI"]
    assert movement.references[0]["reference"] == "T1"


def test_what_comes_short_over_damaged_or_unasked_is_told() -> None:
    world = World()
    world.stock(MUG=10, CUP=10)
    order = world.transfer(MUG=4, CUP=3)
    world.ship(order)
    done = world.receive(order, MUG=3, CUP=5, POT=2, damaged=1)
    assert told(done) == [("CUP", "over", 2), ("POT", "unexpected", 2)]
    assert world.at("CUP", CHI).unsellable == 1
    assert told(world.close(done)) == [
        ("MUG", "short", 1),
        ("CUP", "over", 2),
        ("POT", "unexpected", 2),
    ]


def test_a_purchase_is_received_in_parts() -> None:
    world = World()
    order = world.purchase(MUG=10)
    world.receive(order, "r1", MUG=4)
    world.receive(order, "r2", MUG=6)
    done = world.close(order)
    assert (world.at("MUG", CHI).on_hand, told(done)) == (10, [])
    assert world.causes("MUG", CHI) == [Cause.RECEIPT] * 2
    with pytest.raises(InvalidInput):
        world.ship(order)


def test_what_orders_have_does_not_leave_unless_it_did() -> None:
    world = World()
    world.ledger.stock("MUG", RENO, 5, reserved=2)
    order = world.transfer(MUG=4)
    with pytest.raises(OutOfStock) as refused:
        world.ship(order)
    assert refused.value.short == (("MUG", 1),)
    assert world.at("MUG", RENO).on_hand == 5
    world.ship(order, anyway=True)
    assert world.at("MUG", RENO).available == -1


def test_of_a_sku_that_was_never_there_nothing_leaves_by_itself() -> None:
    world = World()
    order = world.transfer(MUG=1)
    with pytest.raises(OutOfStock):
        world.ship(order)
    world.ship(order, anyway=True)
    assert world.at("MUG", RENO).on_hand == -1


def test_more_than_was_asked_for_does_not_leave() -> None:
    world = World()
    world.stock(MUG=10, CUP=10)
    order = world.transfer(MUG=4)
    for units in ({"MUG": 5}, {"CUP": 1}):
        with pytest.raises(InvalidInput):
            world.ship(order, **units)
    world.ship(order, "s1", MUG=3)
    with pytest.raises(InvalidInput):
        world.ship(order, "s2", MUG=2)


def test_a_request_counts_once_and_cannot_say_two_things() -> None:
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    for _ in range(3):
        world.ship(order, "s", MUG=2)
        world.receive(order, "r", MUG=2)
    assert (world.at("MUG", RENO).on_hand, world.at("MUG", CHI).on_hand) == (8, 2)
    with pytest.raises(IdempotencyMismatch):
        world.ship(order, "s", MUG=1)
    with pytest.raises(IdempotencyMismatch):
        world.receive(order, "r", MUG=1)
    # The same name for what leaves and what comes is no contradiction.
    world.ship(order, "r", MUG=1)


def test_the_same_order_again_is_the_same_and_another_needs_another_number() -> None:
    world = World()
    first = world.transfer(MUG=4)
    world.receive(first, POT=1)
    again = world.transfer(MUG=4)
    assert (again.id, again.status) == (first.id, S.RECEIVED)
    with pytest.raises(IdempotencyMismatch):
        world.transfer(MUG=5)
    assert world.transfer("T2", MUG=5).id != first.id


def test_it_is_cancelled_only_before_anything_moved() -> None:
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    gone = cancel(order.id, "ops", world.reach, world.dock)
    assert cancel(order.id, "ops", world.reach, world.dock) == gone
    with pytest.raises(IllegalTransition):
        world.ship(order)
    other = world.transfer("T2", MUG=4)
    world.ship(other)
    with pytest.raises(IllegalTransition):
        cancel(other.id, "ops", world.reach, world.dock)


def test_it_comes_on_another_day_until_it_is_over() -> None:
    world, day = World(), NOW.date()
    order = world.purchase(MUG=1)

    def expect(on: date | None) -> SupplyOrder:
        return supply.expect(order.id, on, "ops", world.reach, world.dock)

    assert expect(day).expected_on == day
    stored = world.load(order.id)
    assert expect(day) == stored, "said again, nothing is written"
    assert expect(None).expected_on is None
    world.close(order)
    assert expect(None).status is S.CLOSED
    with pytest.raises(IllegalTransition):
        expect(day)
    world.reached = {"RENO"}
    with pytest.raises(Forbidden):
        expect(day)


def test_what_comes_after_the_end_is_there_all_the_same() -> None:
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    world.ship(order)
    assert told(world.close(order)) == [("MUG", "short", 4)]
    late = world.receive(order, MUG=4)
    assert (late.status, told(late), world.at("MUG", CHI).on_hand) == (S.CLOSED, [], 4)


def test_what_is_received_before_it_is_told_to_have_left_ends_the_same() -> None:
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    assert told(world.receive(order, MUG=4)) == [("MUG", "over", 4)]
    assert told(world.ship(order)) == []
    assert (world.at("MUG", RENO).on_hand, world.at("MUG", CHI).on_hand) == (6, 4)


def test_who_does_not_reach_a_location_moves_nothing_there() -> None:
    world = World(reached={"RENO"})
    world.stock(MUG=10)
    order = world.transfer(MUG=4)
    world.ship(order)
    for refused in (lambda: world.receive(order, MUG=4), lambda: world.close(order)):
        with pytest.raises(Forbidden):
            refused()
    world.reached = {"CHI"}
    with pytest.raises(Forbidden):
        world.ship(order)


def test_locations_must_exist_and_orders_be_known() -> None:
    world = World()
    name = supply_id(SupplyKind.TRANSFER, "MARS", CHI, "T")
    lines = (SupplyLine(Sku("MUG"), 1),)
    order = SupplyOrder(name, SupplyKind.TRANSFER, CHI, "T", lines, NOW, "ops", LocationId("MARS"))
    with pytest.raises(InvalidInput) as refused:
        place(order, world.dock)
    assert refused.value.field == "from_location_id"
    with pytest.raises(NotFound):
        world.close(order)
    with pytest.raises(NotFound):
        ending("burn")


def test_a_large_order_moves_in_parts_and_goes_on_where_it_broke_off() -> None:
    world = World()
    units = {f"S{n:03}": n + 1 for n in range(3 * TOGETHER + 5)}
    world.stock(**units)
    order = world.transfer(**units)
    fails = iter([2, 6])

    def before(commit: Commit) -> None:
        if len(world.ledger.commits) in left:
            left.remove(len(world.ledger.commits))
            raise Busy("throttled")

    left = list(fails)
    world.ledger.before = before
    for act in (world.ship, lambda one: world.receive(one, **units)):
        while True:
            try:
                act(order)
                break
            except Busy:
                continue
    assert left == []
    assert {sku: world.at(sku, CHI).on_hand for sku in units} == units
    assert {world.at(sku, RENO).on_hand for sku in units} == {0}
    assert told(world.close(order)) == []


def test_a_position_that_keeps_moving_is_busy_and_nothing_moved() -> None:
    world = World()
    world.stock(MUG=10)
    order = world.transfer(MUG=4)

    def before(commit: Commit) -> None:
        raise CommitRefused((Conflict("position", "MUG@RENO", None),))

    world.ledger.before = before
    with pytest.raises(Busy):
        world.ship(order)
    assert world.at("MUG", RENO).on_hand == 10


SKUS = ["A", "B", "C"]
COMMANDS = st.lists(
    st.tuples(
        st.sampled_from(["ship", "receive", "close", "cancel", "again"]),
        st.sampled_from(SKUS),
        st.integers(1, 4),
        st.booleans(),
    ),
    max_size=25,
)


@given(COMMANDS)
def test_units_are_conserved_whatever_happens(commands: list[tuple[str, str, int, bool]]) -> None:
    # GIVEN two SKUs that are to move, and one that nobody asked for
    world = World()
    world.stock(A=6, B=3)
    order = world.transfer(A=5, B=5)
    last: Callable[[], object] = lambda: None  # noqa: E731
    # WHEN people do whatever they like, some of it again, with answers that get lost
    for number, (verb, sku, units, lost) in enumerate(commands):
        if verb != "again":
            last = _doing(world, order, verb, sku, units, f"q{number}")
        for _ in range(2 if lost else 1):
            with suppress(InvalidInput, OutOfStock, IllegalTransition):
                last()
    # THEN what left is what came, but for what the order says
    end = world.ledger.supplies[order.id]
    start = {"A": 6, "B": 3, "C": 0}
    for one in end.lines:
        left = start[one.sku] - _on_hand(world, one.sku, RENO)
        assert (one.shipped, one.received) == (left, _on_hand(world, one.sku, CHI))
        assert world.ledger.positions.get(f"{one.sku}@RENO", Position(one.sku, RENO)).on_hand >= 0
    signs = {"over": 1, "unexpected": 1, "short": -1}
    if not end.listed:
        differs = sum(signs[kind] * units for _, kind, units in told(end))
        assert sum(one.received - one.shipped for one in end.lines) == differs


def _on_hand(world: World, sku: str, place: str) -> int:
    found = world.ledger.positions.get(f"{sku}@{place}")
    return found.on_hand if found else 0


def _doing(
    world: World, order: SupplyOrder, verb: str, sku: str, units: int, request: str
) -> Callable[[], object]:
    return {
        "ship": lambda: world.ship(order, request, **{sku: units}),
        "receive": lambda: world.receive(order, request, **{sku: units}),
        "close": lambda: world.close(order),
        "cancel": lambda: cancel(order.id, "ops", world.reach, world.dock),
    }[verb]


def test_an_order_that_would_outgrow_its_item_is_refused() -> None:
    world = World()
    with pytest.raises(InvalidInput) as refused:
        world.transfer(**{f"{n}{'S' * 1_000}": 1 for n in range(400)})
    assert refused.value.field == "lines"
    assert world.ledger.supplies == {}
