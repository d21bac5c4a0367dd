"""A cart that holds a kit becomes an order of it: its parts are kept once, all the way."""

from __future__ import annotations

from datetime import timedelta

from dom.model.ids import Sku
from dom.model.order import Bucket
from dom.model.reservation import ReservationStatus
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from support.fakes import FakePlaces, FakeReservations, frozen
from support.kits import KitShop, kit, sold_line


def test_the_parts_that_a_cart_holds_become_those_of_its_order() -> None:
    # GIVEN a cart with both kits that there are
    shop = KitShop()
    shop.describe(kit("TEASET", POT=1, CUP=4))
    shop.stock("RENO", POT=2, CUP=8)
    carts, places = FakeReservations(shop.ledger), FakePlaces(shop.ledger, shop.places)
    ports = Holding(shop.ledger, places, carts, shop.ledger, frozen(shop.now))
    wanted = HoldRequest({Sku("TEASET"): 2}, timedelta(minutes=9), "web", "shopify")
    cart = hold(wanted, ports)
    assert {x.sku: x.quantity for x in cart.holds} == {"POT": 2, "CUP": 8}
    # WHEN it is ordered
    shop.tell(sold_line("7", "TEASET", 2), reservation_id=cart.id)
    # THEN its parts wait for a location, and no hold keeps them beside that
    found = carts.load(cart.id)
    assert found and found.status is ReservationStatus.CONSUMED
    assert shop.ledger.demand(["POT", "CUP"]) == {"POT": 2, "CUP": 8}
    assert all(x.reserved == 0 for x in shop.ledger.positions.values())
    # AND a location gets all of them
    (work,) = shop.route()
    assert work.location_id == "RENO"
    assert shop.sold == {"7": {Bucket.ALLOCATED: 2}}
    shop.assert_consistent()
