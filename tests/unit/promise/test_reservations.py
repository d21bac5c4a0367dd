"""Holds: never more units than there are, and every unit comes back exactly once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from threading import RLock

import pytest
from dom.errors import Busy, IdempotencyMismatch, IllegalTransition, NotFound, OutOfStock
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.reservation import EDGES, Reservation, ReservationId, ReservationStatus
from dom.promise.expire import sweep
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding, Promising
from dom.promise.settle import Step, commit, extend, release, settle
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, line, location, order
from support.fakes import FakeLedger, FakePlaces, FakeReservations
from support.promises import Shop

TTL = timedelta(minutes=10)
OPEN = (location("RENO"), location("BOSTON", BOSTON), location("OFF", active=False))
S = ReservationStatus


class LockedLedger(FakeLedger):
    """Commits one after the other, as DynamoDB does with transactions on one item."""

    lock = RLock()

    def commit(self, commit: Commit) -> None:
        with self.lock:
            super().commit(commit)


@dataclass
class Store:
    """Stock, a clock that tests turn, and what customers do."""

    ledger: FakeLedger = field(default_factory=LockedLedger)
    now: datetime = NOW

    def __post_init__(self) -> None:
        numbers = count()
        places = FakePlaces(self.ledger, OPEN)
        self.ports = Holding(
            self.ledger,
            places,
            FakeReservations(self.ledger),
            self.ledger,
            lambda: self.now,
            lambda: str(next(numbers)),
        )

    def hold(self, units: int, at: str = "", key: str = "", sku: str = "MUG") -> Reservation:
        place = LocationId(at) if at else None
        request = HoldRequest({Sku(sku): units}, TTL, "webshop", "shopify", place, key)
        return hold(request, self.ports)

    def settle(self, name: str, step: Step) -> Reservation:
        return settle(ReservationId(name), step, "webshop", lambda _: True, self.ports)

    def reserved(self, place: str = "RENO", sku: str = "MUG") -> int:
        return self.ledger.positions[f"{sku}@{place}"].reserved


@pytest.fixture
def store() -> Store:
    made = Store()
    made.ledger.stock("MUG", "RENO", 5)
    return made


def test_a_hold_reserves_its_units_until_it_expires(store: Store) -> None:
    made = store.hold(2)
    assert (made.status, made.expires_at) == (S.HELD, NOW + TTL)
    assert [(one.location_id, one.quantity) for one in made.holds] == [("RENO", 2)]
    assert store.reserved() == 2


def test_exactly_k_of_n_parallel_holds_succeed(store: Store) -> None:
    # GIVEN 5 mugs and 64 customers who want one each, at once
    def buy(_: int) -> str:
        try:
            return store.hold(1).status.value
        except (OutOfStock, Busy) as error:
            return type(error).__name__

    with ThreadPoolExecutor(16) as pool:
        outcomes = Counter(pool.map(buy, range(64)))
    # THEN 5 have one, and nobody was told anything but that there are no more
    assert outcomes == Counter(held=5, OutOfStock=59)
    assert store.reserved() == 5


def test_a_hold_goes_where_most_stock_is(store: Store) -> None:
    store.ledger.stock("MUG", "BOSTON", 9)
    store.ledger.stock("MUG", "OFF", 99)
    assert store.hold(1).holds[0].location_id == "BOSTON"


def test_a_cart_is_held_at_one_location_if_one_has_everything(store: Store) -> None:
    store.ledger.stock("MUG", "BOSTON", 9)
    store.ledger.stock("CUP", "RENO", 1)
    request = HoldRequest({Sku("MUG"): 2, Sku("CUP"): 1}, TTL, "webshop")
    assert {one.location_id for one in hold(request, store.ports).holds} == {"RENO"}


def test_three_and_three_hold_five(store: Store) -> None:
    store.ledger.stock("MUG", "RENO", 3)
    store.ledger.stock("MUG", "BOSTON", 3)
    assert sum(one.quantity for one in store.hold(5).holds) == 5
    with pytest.raises(OutOfStock) as refused:
        store.hold(2)
    assert refused.value.short == (("MUG", 1),)


def test_all_of_a_cart_is_held_or_nothing(store: Store) -> None:
    request = HoldRequest({Sku("MUG"): 1, Sku("CUP"): 1}, TTL, "webshop")
    with pytest.raises(OutOfStock):
        hold(request, store.ports)
    assert store.reserved() == 0


def test_at_a_named_location_only_its_own_stock_counts(store: Store) -> None:
    store.ledger.stock("MUG", "BOSTON", 1)
    assert store.hold(1, at="BOSTON").holds[0].location_id == "BOSTON"
    with pytest.raises(OutOfStock):
        store.hold(1, at="BOSTON")


def test_an_unknown_location_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="location NOWHERE"):
        store.hold(1, at="NOWHERE")


def test_a_repeat_with_the_same_key_holds_once(store: Store) -> None:
    first = store.hold(2, key="cart-1")
    assert store.hold(2, key="cart-1") == first
    assert store.reserved() == 2
    with pytest.raises(IdempotencyMismatch):
        store.hold(3, key="cart-1")


def test_a_repeat_that_overtakes_itself_holds_once(store: Store) -> None:
    # GIVEN the same request arrives twice, the second while the first is about to be written
    def overtaken(_: Commit) -> None:
        store.ledger.before = lambda _: None
        store.hold(2, key="cart-1")

    store.ledger.before = overtaken
    assert store.hold(2, key="cart-1").version == 1
    assert store.reserved() == 2


def test_a_document_that_lags_refuses_nobody(store: Store) -> None:
    # GIVEN a document that has not seen the delivery yet
    store.ledger.availability = lambda skus: {"MUG": {"RENO": 0}}  # type: ignore[method-assign]
    assert store.hold(5).status is S.HELD


def test_nobody_is_refused_for_a_hold_that_is_over(store: Store) -> None:
    # GIVEN everything is held by carts that were left, and no sweep has come
    old = [store.hold(1) for _ in range(5)]
    store.now += TTL
    # WHEN / THEN
    assert store.hold(3).status is S.HELD
    states = {store.ledger.reservations[one.id].status for one in old}
    assert (states, store.reserved()) == ({S.EXPIRED}, 3)


def test_a_hold_that_is_not_over_keeps_its_units(store: Store) -> None:
    store.hold(5)
    store.now += TTL - timedelta(microseconds=1)
    with pytest.raises(OutOfStock):
        store.hold(1)


@pytest.mark.parametrize(("step", "kept"), [(commit, 2), (release, 0)])
def test_an_edge_is_taken_once(store: Store, step: Step, kept: int) -> None:
    made = store.hold(2)
    assert store.settle(made.id, step).version == 2
    with pytest.raises(IllegalTransition):
        store.settle(made.id, step)
    assert store.reserved() == kept


def test_a_committed_hold_outlives_its_time_until_it_is_released(store: Store) -> None:
    made = store.hold(2)
    store.settle(made.id, commit)
    store.now += TTL * 100
    assert (sweep(store.ports), store.reserved()) == ((0, 0), 2)
    assert store.settle(made.id, release).status is S.RELEASED
    assert store.reserved() == 0


@pytest.mark.parametrize("step", [commit, release, extend(None)])
def test_nothing_becomes_of_a_hold_whose_time_is_over(store: Store, step: Step) -> None:
    made = store.hold(2)
    store.now += TTL
    with pytest.raises(IllegalTransition) as refused:
        store.settle(made.id, step)
    assert refused.value.found == "expired"


def test_an_extended_hold_is_swept_at_its_new_time(store: Store) -> None:
    made = store.hold(2)
    store.now += TTL / 2
    assert store.settle(made.id, extend(None)).expires_at == NOW + TTL * 1.5
    store.now = NOW + TTL
    assert (sweep(store.ports), store.reserved()) == ((0, 0), 2)
    store.now = NOW + TTL * 1.5
    assert (sweep(store.ports), store.reserved()) == ((1, 0), 0)


def test_extending_never_shortens(store: Store) -> None:
    made = store.hold(1)
    assert store.settle(made.id, extend(timedelta(seconds=1))).expires_at == made.expires_at


def test_a_sweep_gives_back_many_holds_in_few_transactions(store: Store) -> None:
    store.ledger.stock("MUG", "RENO", 90)
    for _ in range(90):
        store.hold(1)
    store.ledger.commits.clear()
    store.now += TTL
    assert (sweep(store.ports), store.reserved()) == ((90, 0), 0)
    assert len(store.ledger.commits) == 3


def test_a_hold_that_was_released_while_the_sweep_ran_is_given_back_once(store: Store) -> None:
    # GIVEN two holds that are due, one of which its customer commits a moment too early to be late
    made, other = store.hold(2), store.hold(1)
    store.now += TTL
    due = store.ports.reservations.due(store.now)
    store.now = NOW
    store.settle(made.id, release)
    store.now += TTL
    store.ports.reservations.due = lambda now: due  # type: ignore[method-assign]
    # WHEN
    assert sweep(store.ports) == (2, 1)
    # THEN
    assert store.ledger.reservations[other.id].status is S.EXPIRED
    assert store.reserved() == 0


def test_a_stranger_does_not_see_a_reservation(store: Store) -> None:
    made = store.hold(1)
    with pytest.raises(NotFound):
        settle(made.id, release, "stranger", lambda _: False, store.ports)


def test_every_edge_gives_back_what_it_should() -> None:
    assert set(EDGES) == {one for one in S if one.keeps}
    assert {to for targets in EDGES.values() for to in targets if to.keeps} == {S.COMMITTED}


def test_movements_name_the_reservation_and_sum_to_the_position(store: Store) -> None:
    made = store.hold(2)
    store.settle(made.id, release)
    moved = list(store.ledger.movements.values())
    assert [change.reserved for change in moved] == [2, -2]
    assert {one["reservation_id"] for change in moved for one in change.references} == {made.id}


def test_what_can_be_sold_counts_holds_until_they_end() -> None:
    shop = Shop(OPEN[:1])
    shop.ledger.stock("MUG", "RENO", 5)
    ports = Holding(
        shop.ledger, shop.places, FakeReservations(shop.ledger), shop.ledger, lambda: shop.now
    )
    hold(HoldRequest({Sku("MUG"): 4}, TTL, "webshop"), ports)
    assert shop.ats("MUG") == 1
    assert shop.promise(("MUG", 5)).unavailable == (("MUG", 4),)
    shop.now += TTL
    assert shop.ats("MUG") == 5
    assert shop.promise(("MUG", 5)).unavailable == ()
    assert isinstance(shop.ports, Promising)


def test_a_cart_cannot_hold_what_an_earlier_order_waits_for(store: Store) -> None:
    waiting = order("ord_b", line("1", "MUG", 4), version=0)
    store.ledger.commit(Commit("b", NOW, "test", orders=(waiting,)))
    free = sum(one.available for one in store.ledger.positions.values()) - 4
    with pytest.raises(OutOfStock) as refused:
        store.hold(free + 1)
    assert refused.value.short == (("MUG", 1),)
    store.hold(free)
    with pytest.raises(OutOfStock):
        store.hold(1)


STEPS = st.one_of(
    st.tuples(st.just("hold"), st.integers(1, 4), st.sampled_from(["", "RENO", "BOSTON"])),
    st.tuples(st.sampled_from(["commit", "release", "extend"]), st.integers(0, 30), st.just("")),
    st.tuples(st.just("wait"), st.integers(1, 15), st.just("")),
    st.tuples(st.just("sweep"), st.just(0), st.just("")),
)
TAKE: dict[str, Step] = {"commit": commit, "release": release, "extend": extend(None)}


def play(store: Store, made: list[Reservation], step: tuple[str, int, str]) -> None:
    """One step of a random life; what is refused changes nothing."""
    kind, number, place = step
    if kind == "hold":
        with suppress(OutOfStock):
            made.append(store.hold(number, at=place))
    elif kind == "wait":
        store.now += timedelta(minutes=number)
    elif kind == "sweep":
        assert sweep(store.ports)[1] == 0
    elif made:
        with suppress(IllegalTransition):
            store.settle(made[number % len(made)].id, TAKE[kind])


def assert_books_are_in_order(store: Store) -> None:
    """What is reserved is what reservations keep, moved by as many movements, and it is there."""
    kept, moved = Counter[str](), Counter[str]()
    for one in store.ledger.reservations.values():
        if one.status.keeps:
            kept.update({f"{h.sku}@{h.location_id}": h.quantity for h in one.holds})
    for (key, _), change in store.ledger.movements.items():
        moved[key] += change.reserved
    for key, position in store.ledger.positions.items():
        assert position.reserved == kept[key] == moved[key]
        assert position.available >= 0


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, max_size=40))
def test_a_random_life_of_holds_never_loses_or_doubles_a_unit(
    steps: list[tuple[str, int, str]],
) -> None:
    store, made = Store(), list[Reservation]()
    store.ledger.stock("MUG", "RENO", 5)
    store.ledger.stock("MUG", "BOSTON", 3)
    for step in steps:
        play(store, made, step)
        assert_books_are_in_order(store)
    # WHEN everything comes to its end
    store.now += TTL * 100
    sweep(store.ports)
    for one in made:
        with suppress(IllegalTransition):
            store.settle(one.id, release)
    # THEN it closes at 0
    assert (store.reserved("RENO"), store.reserved("BOSTON")) == (0, 0)
