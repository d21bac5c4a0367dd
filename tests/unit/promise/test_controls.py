"""Controls: what is kept back, from whom, when, and which of several counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import OutOfStock
from dom.model.control import ANYWHERE, Control, ControlKind, Sale, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.product import Product
from dom.model.reservation import Reservation
from dom.model.scope import Where
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from support.builders import NOW, location
from support.fakes import FakeReservations
from support.promises import Shop

K = ControlKind
HOUR = timedelta(hours=1)
MUG, HAT = Sku("MUG"), Sku("HAT")
RENO = location("RENO", groups=frozenset({"west"}))
STORE = location("STORE", type=LocationType.STORE)
SHELVES = ((RENO, 20), (STORE, 5))
SALE = Sale(MUG, "kitchen", "shopify", NOW)


def control(kind: ControlKind, units: int = 0, name: str = "c", **rest: Any) -> Control:
    return Control(name, kind, units, **rest)


def kept(*controls: Control, **changes: Any) -> int:
    return kept_back(replace(SALE, **changes), SHELVES, controls)


@pytest.mark.parametrize(
    ("scope", "concerns"),
    [
        ({}, True),
        ({"skus": frozenset({MUG, HAT})}, True),
        ({"skus": frozenset({HAT})}, False),
        ({"categories": frozenset({"kitchen"})}, True),
        ({"categories": frozenset({"garden"})}, False),
        ({"channels": frozenset({"shopify"})}, True),
        ({"channels": frozenset({"amazon"})}, False),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + HOUR}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + HOUR}, True),
        ({"skus": frozenset({MUG}), "channels": frozenset({"amazon"})}, False),
    ],
)
def test_all_that_is_given_must_hold(scope: dict[str, Any], concerns: bool) -> None:
    assert kept(control(K.THRESHOLD, 3, **scope)) == (3 if concerns else 0)


def test_a_buffer_is_of_each_position_and_a_threshold_of_all() -> None:
    assert kept(control(K.BUFFER, 7)) == 7 + 5
    assert kept(control(K.THRESHOLD, 7)) == 7
    assert kept(control(K.EXCLUDE)) == 25
    west = Where(groups=frozenset({"west"}))
    assert kept(control(K.EXCLUDE, where=west)) == 20
    stores = Where(types=frozenset({LocationType.STORE}))
    assert kept(control(K.BUFFER, 2, where=stores)) == 2
    assert kept_back(SALE, SHELVES, [control(K.THRESHOLD, 7)], pooled=False) == 0
    assert kept_back(SALE, ((RENO, -3),), [control(K.BUFFER, 7)]) == 0


def test_the_more_specific_buffer_counts_not_the_larger_and_never_two() -> None:
    all_of_it = control(K.BUFFER, 9, "all")
    kitchen = control(K.BUFFER, 4, "kitchen", categories=frozenset({"kitchen"}))
    mug = control(K.BUFFER, 1, "mug", skus=frozenset({MUG}))
    at_reno = control(K.BUFFER, 6, "reno", where=Where(frozenset({LocationId("RENO")})))
    mug_there = replace(mug, id="mug_there", units=8, where=at_reno.where)
    assert kept(all_of_it) == 9 + 5
    assert kept(all_of_it, kitchen) == 4 + 4
    assert kept(all_of_it, kitchen, mug) == 1 + 1
    assert kept(all_of_it, at_reno) == 6 + 5
    # Goods decide before places.
    assert kept(kitchen, at_reno) == 4 + 4
    assert kept(mug, mug_there, at_reno) == 8 + 1


def test_a_channels_own_counts_before_everybodys_and_of_equals_the_one_that_keeps_more() -> None:
    everybody = control(K.THRESHOLD, 10, "a")
    shop = control(K.THRESHOLD, 2, "b", channels=frozenset({"shopify"}))
    assert kept(everybody, shop) == 2
    assert kept(everybody, shop, channel="amazon") == 10
    assert kept(everybody, control(K.THRESHOLD, 11, "c")) == 11


def test_an_exclusion_beats_any_buffer_where_it_holds() -> None:
    gone = control(K.EXCLUDE, where=Where(groups=frozenset({"west"})))
    mug = control(K.BUFFER, 1, "mug", skus=frozenset({MUG}))
    assert kept(gone, mug) == 20 + 1


def test_controls_do_not_depend_on_their_order() -> None:
    several = [
        control(K.BUFFER, 3, "a"),
        control(K.BUFFER, 3, "b", where=Where(groups=frozenset({"west"}))),
        control(K.THRESHOLD, 2, "c"),
        control(K.EXCLUDE, 0, "d", where=Where(types=frozenset({LocationType.STORE}))),
    ]
    assert kept(*several) == kept(*reversed(several)) == 3 + 5 + 2
    assert several[0].where == ANYWHERE


def shop_with(*controls: Control, **units: int) -> Shop:
    shop = Shop((RENO, STORE), controls=controls)
    for place, on_hand in units.items():
        shop.ledger.stock("MUG", place, on_hand)
    shop.ledger.describe(Product(MUG, "kitchen"))
    return shop


def test_the_fields_own_example() -> None:
    # HotWax: five stores of 20, threshold 10, queued 50, one store's 20 off: 20.
    places = tuple(location(f"S{n}") for n in range(5))
    off = Where(frozenset({LocationId("S0")}))
    shop = Shop(
        places,
        controls=(control(K.THRESHOLD, 10), control(K.EXCLUDE, name="off", where=off)),
    )
    for place in places:
        shop.ledger.stock("MUG", place.location_id, 20)
    shop.queue("MUG", 50)
    assert shop.ats("MUG") == 20


def test_promises_and_ats_go_by_them_and_so_do_holds() -> None:
    kitchen = control(K.THRESHOLD, 3, categories=frozenset({"kitchen"}))
    shop = shop_with(kitchen, RENO=5)
    assert shop.ats("MUG") == 2
    assert shop.promise(("MUG", 3)).unavailable == (("MUG", 1),)
    assert held(shop, 2).holds[0].quantity == 2
    with pytest.raises(OutOfStock) as refused:
        held(shop, 1)
    assert refused.value.short == (("MUG", 1),)


def test_a_hold_in_a_store_keeps_that_stores_buffer_and_no_threshold() -> None:
    stores = Where(types=frozenset({LocationType.STORE}))
    shop = shop_with(control(K.BUFFER, 4, where=stores), control(K.THRESHOLD, 90, "t"), STORE=5)
    held(shop, 1, "STORE")
    with pytest.raises(OutOfStock):
        held(shop, 1, "STORE")


def held(shop: Shop, units: int, at: str = "") -> Reservation:
    ports = Holding(
        shop.ledger,
        shop.places,
        FakeReservations(shop.ledger),
        shop.ledger,
        lambda: shop.now,
        controls=lambda: shop.controls,
    )
    place = LocationId(at) if at else None
    return hold(HoldRequest({MUG: units}, HOUR, "webshop", "shopify", place), ports)
