"""How many of a kit may be sold: as many as locations can put together, one location each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from dom.errors import OutOfStock
from dom.model.control import Control, ControlKind
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability
from dom.model.order import Method
from dom.model.product import Product
from dom.model.reservation import Reservation
from dom.network.put_product import put_product
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from hypothesis import given
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, RENO, location
from support.fakes import FakeReservations, frozen
from support.kits import Products, kit
from support.promises import Shop

ALL = frozenset(Capability)
TEA = kit("TEASET", POT=1, CUP=4)


def shop(**stock: dict[str, int]) -> Shop:
    made = Shop((location("RENO", RENO), location("BOSTON", BOSTON)))
    put_product(TEA, Products(made.ledger.products))
    for place, units in stock.items():
        for sku, n in units.items():
            made.ledger.stock(sku, place, n)
    return made


def held(made: Shop, place: str | None = None, **units: int) -> Reservation:
    ledger = made.ledger
    ports = Holding(
        ledger,
        made.places,
        FakeReservations(ledger),
        ledger,
        frozen(made.now),
        controls=lambda: made.controls,
    )
    at = LocationId(place) if place else None
    wanted = {Sku(sku): n for sku, n in units.items()}
    return hold(HoldRequest(wanted, timedelta(minutes=5), "web", "shopify", at), ports)


def control(kind: ControlKind, sku: str, units: int = 0, **rest: Any) -> Control:
    return Control(f"{kind}-{sku}", kind, units, frozenset({Sku(sku)}), **rest)


def test_each_location_counts_what_it_can_put_together() -> None:
    made = shop(RENO={"POT": 3, "CUP": 9}, BOSTON={"POT": 9, "CUP": 11})
    assert (made.ats("TEASET"), made.ats("POT"), made.ats("CUP")) == (2 + 2, 12, 20)


def test_parts_at_different_locations_are_no_kit() -> None:
    made = shop(RENO={"POT": 3}, BOSTON={"CUP": 12})
    assert made.ats("TEASET") == 0
    promise = made.promise(("TEASET", 1))
    assert (promise.options, promise.unavailable) == ((), (("TEASET", 1),))


def test_stock_that_is_counted_under_the_kit_itself_is_not_sold() -> None:
    made = shop(RENO={"TEASET": 5})
    assert made.ats("TEASET") == 0


def test_units_that_others_wait_for_are_no_kits() -> None:
    made = shop(RENO={"POT": 5, "CUP": 20})
    made.queue("CUP", 5)
    assert made.ats("TEASET") == 3
    made.queue("POT", 4)
    assert made.ats("TEASET") == 1


@pytest.mark.parametrize(
    ("controls", "kits"),
    [
        ([control(ControlKind.THRESHOLD, "TEASET", 2)], 8),
        ([control(ControlKind.BUFFER, "TEASET", 2)], 6),
        ([control(ControlKind.EXCLUDE, "POT")], 0),
        ([control(ControlKind.BUFFER, "POT", 4)], 2),
        ([control(ControlKind.THRESHOLD, "CUP", 9)], 7),
        ([Control("all", ControlKind.THRESHOLD, 3)], 7),
    ],
)
def test_controls_of_components_and_of_the_kit_both_hold(
    controls: list[Control], kits: int
) -> None:
    made = shop(RENO={"POT": 5, "CUP": 20}, BOSTON={"POT": 5, "CUP": 20})
    made.controls = tuple(controls)
    assert made.ats("TEASET") == kits
    promise = made.promise(("TEASET", 10))
    covered = max((dict(x.lines).get(Sku("TEASET"), 0) for x in promise.options), default=0)
    assert covered == kits


def test_a_kit_is_promised_from_one_location_and_told_as_a_kit() -> None:
    made = shop(RENO={"POT": 1, "CUP": 3}, BOSTON={"POT": 1, "CUP": 4})
    promise = made.promise(("TEASET", 1))
    (ship,) = (x for x in promise.options if x.method is Method.SHIP)
    assert (ship.location_ids, ship.lines) == (("BOSTON",), (("TEASET", 1),))
    assert {x.location_ids for x in promise.options if x.method is Method.PICKUP} == {("BOSTON",)}
    assert promise.unavailable == ()


def test_a_kit_and_a_part_of_it_in_one_cart_share_what_is_there() -> None:
    made = shop(RENO={"POT": 3, "CUP": 12}, BOSTON={"POT": 3, "CUP": 12})
    promise = made.promise(("TEASET", 5), ("POT", 1))
    (ship,) = (x for x in promise.options if x.method is Method.SHIP)
    assert dict(ship.lines) == {"TEASET": 5, "POT": 1}
    promise = made.promise(("TEASET", 5), ("POT", 3))
    (ship,) = (x for x in promise.options if x.method is Method.SHIP)
    assert sum(dict(ship.lines).values()) == 6
    assert sum(n for _, n in promise.unavailable) == 2


def test_kits_of_what_is_not_released_are_promised_for_its_day() -> None:
    made = shop(RENO={"POT": 3, "CUP": 12})
    day = NOW.date() + timedelta(days=10)
    known = made.ledger.products[Sku("POT")]
    made.ledger.products[Sku("POT")] = Product(
        Sku("POT"), releases_on=day, preorder_limit=2, part_of=known.part_of
    )
    assert made.ats("TEASET") == 0
    promise = made.promise(("TEASET", 3))
    (ship,) = promise.options
    assert (ship.available_on, ship.lines) == (day, (("TEASET", 2),))
    assert promise.unavailable == (("TEASET", 1),)


@pytest.mark.parametrize("kits", [1, 2])
def test_kits_of_what_is_not_released_or_kept_back_are_not_held(kits: int) -> None:
    made = shop(RENO={"POT": 3, "CUP": 12})
    made.controls = (control(ControlKind.THRESHOLD, "POT", 2),)
    if kits > 1:
        with pytest.raises(OutOfStock) as refused:
            held(made, TEASET=kits)
        assert refused.value.short == (("TEASET", 1),)
    day = NOW.date() + timedelta(days=10)
    made.ledger.products[Sku("CUP")] = Product(Sku("CUP"), releases_on=day)
    with pytest.raises(OutOfStock):
        held(made, TEASET=1)


def test_two_kits_that_compete_for_a_component_are_refused_by_name() -> None:
    made = shop(RENO={"POT": 2, "CUP": 8})
    put_product(kit("PAIR", CUP=2, POT=1), Products(made.ledger.products))
    with pytest.raises(OutOfStock) as refused:
        held(made, TEASET=2, PAIR=1)
    assert {sku for sku, _ in refused.value.short} == {"TEASET", "PAIR"}
    assert held(made, TEASET=1, PAIR=1).holds


def test_a_hold_of_kits_is_of_whole_kits_at_each_location() -> None:
    made = shop(RENO={"POT": 3, "CUP": 9}, BOSTON={"POT": 9, "CUP": 11})
    cart = held(made, TEASET=4)
    assert {(x.sku, x.location_id): x.quantity for x in cart.holds} == {
        ("POT", "RENO"): 2,
        ("CUP", "RENO"): 8,
        ("POT", "BOSTON"): 2,
        ("CUP", "BOSTON"): 8,
    }
    assert made.ats("TEASET") == 0
    with pytest.raises(OutOfStock) as refused:
        held(made, TEASET=1)
    assert refused.value.short == (("TEASET", 1),)


def test_a_hold_of_a_kit_and_its_part_is_one_hold_of_each_position() -> None:
    made = shop(RENO={"POT": 3, "CUP": 9})
    cart = held(made, TEASET=1, CUP=2)
    assert {x.sku: x.quantity for x in cart.holds} == {"POT": 1, "CUP": 6}
    assert len(cart.holds) == 2


def test_a_hold_at_a_named_place_is_of_what_that_place_can_put_together() -> None:
    made = shop(RENO={"POT": 3, "CUP": 9}, BOSTON={"POT": 9, "CUP": 11})
    with pytest.raises(OutOfStock):
        held(made, "RENO", TEASET=3)
    assert {x.location_id for x in held(made, "RENO", TEASET=2).holds} == {"RENO"}


@given(
    stock=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20)), min_size=2, max_size=2),
    kits=st.integers(1, 6),
    pots=st.integers(0, 3),
)
def test_carts_hold_what_is_there_to_the_last_unit_and_no_more(
    stock: list[tuple[int, int]], kits: int, pots: int
) -> None:
    made = shop(
        **{
            place: {"POT": a, "CUP": b}
            for place, (a, b) in zip(("RENO", "BOSTON"), stock, strict=True)
        }
    )
    there = sum(min(a, b // 4) for a, b in stock)
    assert made.ats("TEASET") == there
    enough = kits <= there and kits + pots <= sum(a for a, _ in stock)
    try:
        held(made, TEASET=kits, **({"POT": pots} if pots else {}))
        done = True
    except OutOfStock:
        done = False
    assert done is enough
    assert all(x.available >= 0 for x in made.ledger.positions.values())
