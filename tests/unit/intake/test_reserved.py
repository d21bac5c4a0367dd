"""An order names its cart's reservation: what was held becomes what it waits for, never both."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from dom.channels import CHANNELS
from dom.errors import IllegalTransition
from dom.intake.hold import Policy
from dom.intake.ingest import Outcome, Ports, ingest
from dom.model.commit import MAX_WRITES, Commit
from dom.model.facts import Facts
from dom.model.ids import Sku
from dom.model.reservation import Reservation, ReservationStatus
from dom.model.stock import Cause
from dom.promise.expire import sweep
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from dom.promise.settle import commit, release, settle
from support.bodies import ORDER
from support.builders import location
from support.fakes import FakePapers, FakeReservations, frozen
from support.intake import NOW, inbound, sample
from support.promises import Shop

SHOPIFY = CHANNELS["shopify"]
TTL = timedelta(minutes=10)
S = ReservationStatus
CREATED = sample("orders-create")
BOUGHT = {Sku(one["sku"]): one["quantity"] for one in CREATED["line_items"] if one["sku"]}
FIRST = next(iter(BOUGHT))


class Silent:
    """Nobody hears of returns here, and no order is only named."""

    def send(self, news: object) -> None:
        raise AssertionError(news)


class Store:
    """A shop with ten of each thing, and a cart."""

    def __init__(self) -> None:
        self.shop = Shop((location("RENO"),), now=NOW)
        self.ledger = self.shop.ledger
        for sku in BOUGHT:
            self.ledger.stock(sku, "RENO", 10)
        self.carts = FakeReservations(self.ledger)

    @property
    def holding(self) -> Holding:
        clock = frozen(self.shop.now)
        return Holding(self.ledger, self.shop.places, self.carts, self.ledger, clock)

    def hold(self, units: dict[Sku, int] | None = None) -> Reservation:
        return hold(HoldRequest(units or BOUGHT, TTL, "web", "shopify", None), self.holding)

    def tell(self, name: str, topic: str = "orders/create", **changes: Any) -> Outcome:
        """What the shop says of an order whose cart noted that reservation."""
        note = [{"name": "gift", "value": None}, {"name": "reservation_id", "value": name}]
        body = {**CREATED, "note_attributes": note, **changes}
        event = inbound(topic, body, f"{topic}-{len(self.ledger.commits)}")
        now, policy = self.shop.now, Policy(route_unpaid=True)
        silent = Silent()
        told = policy, silent, silent
        ports = Ports(self.ledger, self.ledger, *told, self.carts, self.ledger, FakePapers())
        return ingest(event, SHOPIFY, ports, now)

    def settle(self, cart: Reservation, step: Any) -> None:
        settle(cart.id, step, "web", lambda _: True, self.holding)

    def status(self, cart: Reservation) -> ReservationStatus:
        found = self.carts.load(cart.id)
        assert found is not None
        return found.status

    def ats(self) -> dict[Sku, int]:
        return {sku: self.shop.ats(sku) for sku in BOUGHT}

    def reserved(self) -> int:
        return sum(one.reserved for one in self.ledger.positions.values())


def left(orders: int = 1) -> dict[Sku, int]:
    """What is left to sell after so many orders."""
    return {sku: 10 - orders * units for sku, units in BOUGHT.items()}


@pytest.mark.parametrize("committed", [False, True])
def test_the_order_takes_its_units_in_the_transaction_that_writes_it(committed: bool) -> None:
    store = Store()
    cart = store.hold()
    if committed:
        store.settle(cart, commit)
    assert store.ats() == left()
    # WHEN
    assert store.tell(cart.id) is Outcome.WRITTEN
    # THEN what others may buy is the same, and the units are kept once
    assert store.ats() == left()
    (order,) = store.ledger.orders.values()
    found = store.carts.load(cart.id)
    assert found is not None
    assert (found.status, found.order_id) == (S.CONSUMED, order.order_id)
    assert store.reserved() == 0
    assert dict(order.counted) == BOUGHT
    causes = [one.cause for one in store.ledger.books[f"{FIRST}@RENO"]]
    assert causes == [Cause.ALLOCATION, Cause.RELEASE]
    (last,) = [one for one in store.ledger.commits if one.orders]
    assert last.reservations and last.stock
    # AND it is over: neither time nor the shop can give the units back once more
    store.shop.now += TTL
    assert sweep(store.holding) == (0, 0)
    with pytest.raises(IllegalTransition):
        store.settle(cart, release)
    assert store.ats() == left()


def test_said_again_it_changes_nothing() -> None:
    store = Store()
    cart = store.hold()
    store.tell(cart.id)
    before = len(store.ledger.commits)
    assert store.tell(cart.id) is Outcome.UNCHANGED
    assert store.tell(cart.id, "orders/updated") is Outcome.UNCHANGED
    assert len(store.ledger.commits) == before


def test_what_was_held_beyond_the_order_is_free_again() -> None:
    store = Store()
    cart = store.hold({FIRST: 9})
    store.tell(cart.id)
    assert store.ats() == left()


def test_a_reservation_that_is_over_counts_for_nothing() -> None:
    store = Store()
    cart = store.hold()
    store.shop.now += TTL
    assert store.tell(cart.id) is Outcome.WRITTEN
    assert store.status(cart) is S.HELD
    assert sweep(store.holding) == (1, 0)
    assert (store.status(cart), store.ats()) == (S.EXPIRED, left())


@pytest.mark.parametrize("name", ["", "nonsense", "res_" + "a" * 20, "res_" + "a" * 5000])
def test_an_order_that_names_none_that_is_known_is_taken_all_the_same(name: str) -> None:
    store = Store()
    assert store.tell(name) is Outcome.WRITTEN
    assert store.ats() == left()


def test_an_order_that_stands_already_still_takes_what_its_cart_holds() -> None:
    store = Store()
    cart = store.hold()
    store.tell("")
    assert store.ats() == left(2)
    assert store.tell(cart.id) is Outcome.WRITTEN
    assert store.ats() == left()
    assert store.tell(cart.id) is Outcome.UNCHANGED


def test_two_orders_cannot_take_the_same_cart() -> None:
    store = Store()
    cart = store.hold()
    store.tell(cart.id)
    store.tell(cart.id, id=77)
    assert (store.ats(), store.reserved()) == (left(2), 0)


def test_a_cart_that_is_released_meanwhile_loses_nothing_and_doubles_nothing() -> None:
    store = Store()
    cart = store.hold()

    def released(one: Commit) -> None:
        if one.orders:
            store.ledger.before = lambda _: None
            store.settle(cart, release)

    store.ledger.before = released
    assert store.tell(cart.id) is Outcome.WRITTEN
    assert (store.status(cart), store.ats(), store.reserved()) == (S.RELEASED, left(), 0)


SKUS = [Sku(f"S{n:02}") for n in range(30)]


def large(store: Store) -> tuple[Reservation, dict[str, Any]]:
    """A cart of 30 things, and what the shop says of its order."""
    for sku in SKUS:
        store.ledger.stock(sku, "RENO", 5)
    first = CREATED["line_items"][0]
    lines = [{**first, "id": 900 + n, "sku": sku, "quantity": 1} for n, sku in enumerate(SKUS)]
    return store.hold(dict.fromkeys(SKUS, 1)), {"line_items": lines}


def test_a_cart_too_large_for_one_transaction_is_given_back_right_after_its_order() -> None:
    store, seen = Store(), list[Commit]()
    cart, body = large(store)

    def between(one: Commit) -> None:
        seen.append(one)
        if one.reservations:
            assert store.shop.ats(SKUS[0]) == 3, "for a moment kept twice, never by nobody"

    store.ledger.before = between
    assert store.tell(cart.id, **body) is Outcome.WRITTEN
    assert [bool(one.orders) for one in seen] == [True, False]
    assert all(one.writes <= MAX_WRITES for one in seen)
    assert [store.shop.ats(sku) for sku in SKUS] == [4] * 30
    assert store.reserved() == 0


def test_what_broke_off_between_the_two_is_given_back_by_the_next_telling() -> None:
    store = Store()
    cart, body = large(store)

    def dies(one: Commit) -> None:
        if one.reservations:
            raise TimeoutError

    store.ledger.before = dies
    with pytest.raises(TimeoutError):
        store.tell(cart.id, **body)
    assert [store.shop.ats(sku) for sku in SKUS] == [3] * 30
    store.ledger.before = lambda _: None
    assert store.tell(cart.id, **body) is Outcome.WRITTEN
    assert [store.shop.ats(sku) for sku in SKUS] == [4] * 30


def test_an_order_by_our_api_names_it_in_a_field_of_its_own() -> None:
    name = "res_" + "a" * 20
    for told in (name, ""):
        found = CHANNELS["api"].parse(
            "", "", json.dumps({**ORDER, "reservation_id": told}).encode()
        )
        assert isinstance(found, Facts) and found.snapshot
        assert found.snapshot.reservation_id == told


@pytest.mark.parametrize("value", [None, 7, "res_", "RES_" + "a" * 20, ["x"], {"a": 1}])
def test_what_buyers_make_up_names_no_reservation(value: object) -> None:
    note = [{"name": "reservation_id", "value": value}]
    body = json.dumps({**CREATED, "note_attributes": note}).encode()
    found = SHOPIFY.parse("orders/create", "acme.myshopify.com", body)
    assert isinstance(found, Facts) and found.snapshot
    assert found.snapshot.reservation_id == ""
