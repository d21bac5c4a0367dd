"""An order of a kit is an order of what is in it, and its channel goes on knowing one line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from dom.errors import InvalidInput
from dom.fulfillment.relieve import relieve
from dom.fulfillment.told.ship import ship_told
from dom.intake.ingest import Outcome
from dom.model.facts import Delta, Facts
from dom.model.fulfillment import FulfillmentStatus, Parcel, RejectReason, units_by_line
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket, HoldReason
from dom.model.told import ShipmentTold, UnitsTold, WorkNamed
from dom.model.totals import order_total
from support.builders import NOW
from support.kits import KitShop, kit, lines_of, sold_line

B, S = Bucket, FulfillmentStatus
TEA = kit("TEASET", POT=1, CUP=4)


@pytest.fixture
def shop() -> KitShop:
    made = KitShop()
    made.describe(TEA)
    made.stock("RENO", POT=3, CUP=12)
    made.stock("BOSTON", POT=3, CUP=12)
    return made


def test_a_kit_is_taken_apart_once_and_its_money_is_shared_exactly(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 2, price=1001, discount=33, tax=17))
    assert [(x.line_id, x.sku, x.quantity) for x in shop.order.lines] == [
        ("7-c1", "POT", 2),
        ("7-c2", "CUP", 8),
    ]
    assert order_total(shop.order) == 2 * 1001 - 33 + 17
    assert shop.sold == {"7": {B.PENDING: 2}}


def test_repeats_change_nothing_and_a_new_recipe_does_not_touch_orders(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 2))
    before = shop.order
    shop.describe(kit("TEASET", POT=1, CUP=6, SPOON=6))
    assert shop.hear(shop.facts) is Outcome.UNCHANGED  # type: ignore[arg-type]
    shop.tell(sold_line("7", "TEASET", 3))
    assert [x.quantity for x in shop.order.lines] == [3, 12]
    assert [x.parts for x in shop.order.kits] == [x.parts for x in before.kits]


def test_a_kit_leaves_from_one_location_whatever_its_parts_would_cost_elsewhere() -> None:
    # GIVEN the near location has a part of it only
    shop = KitShop()
    shop.describe(TEA)
    shop.stock("RENO", POT=5, CUP=3)
    shop.stock("BOSTON", POT=1, CUP=4)
    shop.tell(sold_line("7", "TEASET"))
    (work,) = shop.route()
    assert (work.location_id, lines_of(work)) == ("BOSTON", {"POT": 1, "CUP": 4})


@pytest.mark.parametrize("kits", [1, 3, 4, 5, 6])
def test_three_and_three_for_five_kits_are_two_locations_with_whole_kits(
    shop: KitShop, kits: int
) -> None:
    shop.tell(sold_line("7", "TEASET", kits))
    works = shop.route()
    assert all(lines_of(x)["CUP"] == 4 * lines_of(x)["POT"] for x in works)
    assert sum(lines_of(x)["POT"] for x in works) == kits
    assert len(works) == (1 if kits <= 3 else 2)
    assert shop.sold == {"7": {B.ALLOCATED: kits}}
    shop.assert_consistent()


def test_many_kits_use_up_what_is_there_and_the_rest_waits_whole() -> None:
    shop = KitShop()
    shop.describe(kit("PACK", MUG=6))
    shop.stock("RENO", MUG=6 * 63 + 5)
    shop.stock("BOSTON", MUG=6 * 37 + 5)
    shop.tell(sold_line("7", "PACK", 101))
    shop.route()
    shop.route()
    assert shop.sold == {"7": {B.ALLOCATED: 100, B.BACKORDERED: 1}}
    shop.assert_consistent()


def test_a_kit_and_a_part_of_it_share_what_is_there(shop: KitShop) -> None:
    # GIVEN 3 + 3 pots, of which kits want 5 and a customer one by itself
    shop.tell(sold_line("7", "TEASET", 5), sold_line("8", "POT", 1))
    shop.route()
    assert shop.sold == {"7": {B.ALLOCATED: 5}, "8": {B.ALLOCATED: 1}}
    shop.assert_consistent()


def test_a_kit_and_too_many_of_its_part_are_never_oversold(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 5), sold_line("8", "POT", 3))
    shop.route()
    shop.assert_consistent()
    found = Counter({name: n[B.ALLOCATED] for name, n in shop.sold.items() if B.ALLOCATED in n})
    assert found["7"] + found["8"] == 6


def test_a_kit_waits_whole_for_its_last_part() -> None:
    shop = KitShop()
    shop.describe(TEA)
    shop.stock("RENO", POT=9, CUP=3)
    shop.tell(sold_line("7", "TEASET", 1))
    assert shop.route() == []
    assert shop.sold == {"7": {B.BACKORDERED: 1}}
    shop.stock("RENO", CUP=4)
    (work,) = shop.route()
    assert lines_of(work) == {"POT": 1, "CUP": 4}


def test_the_channel_is_told_of_the_kit_and_of_each_once(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 5), sold_line("8", "CUP", 2))
    for work in shop.route():
        shop.ship(work.id)
        shop.confirm(work.id)
        shop.confirm(work.id)
    assert shop.told == {"7": 5, "8": 2}


def test_parcels_tell_which_holds_the_kit(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 1), sold_line("8", "POT", 1))
    (work,) = shop.route()
    boxes = (
        Parcel("1Z1", units={"7-c1": 1, "8": 1}),
        Parcel("1Z2", units={"7-c2": 4}),
    )
    shop.ship(work.id, parcels=boxes)
    shop.confirm(work.id)
    assert [one.units for one in shop.shipments[0].parcels] == [{"8": 1}, {"7": 1}]


def test_a_rejected_part_takes_its_whole_kit_elsewhere(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 2))
    (work,) = shop.route()
    shop.act("reject", work.id, lines={"7-c2": 1}, reason=RejectReason.DAMAGED)
    (kept,) = shop.works()
    assert lines_of(kept) == {"POT": 1, "CUP": 4}
    cups, pots = (shop.ledger.positions[f"{sku}@RENO"] for sku in ("CUP", "POT"))
    assert (cups.unsellable, cups.reserved) == (1, 4)
    assert (pots.unsellable, pots.reserved) == (0, 1)
    assert all("RENO" in x.excluded for x in shop.order.lines)
    shop.route()
    moved = [x for x in shop.works() if x.location_id == "BOSTON"]
    assert [lines_of(x) for x in moved] == [{"POT": 1, "CUP": 4}]
    shop.assert_consistent()


def test_a_part_that_is_not_found_takes_its_kit_away_and_the_rest_is_picked(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 2))
    (work,) = shop.route()
    shop.act("accept", work.id)
    shop.act("pick", work.id, lines={"7-c1": 1, "7-c2": 8}, reason=RejectReason.NOT_IN_STOCK)
    found = shop.ledger.works[work.id]
    assert (found.status, lines_of(found)) == (S.PICKING, {"POT": 1, "CUP": 4})
    assert shop.sold == {"7": {B.PENDING: 1, B.PICKED: 1}}


def test_a_part_of_the_only_kit_that_is_not_found_takes_the_work_away(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 1))
    (work,) = shop.route()
    shop.act("accept", work.id)
    shop.act("pick", work.id, lines={"7-c1": 1}, reason=RejectReason.NOT_IN_STOCK)
    assert shop.ledger.works[work.id].status is S.REJECTED
    assert shop.sold == {"7": {B.PENDING: 1}}
    shop.assert_consistent()


def test_many_kits_that_the_fullest_refused_leave_from_the_others(shop: KitShop) -> None:
    shop.stock("RENO", POT=30, CUP=200)
    shop.stock("BOSTON", POT=20, CUP=200)
    shop.tell(sold_line("7", "TEASET", 30))
    (work,) = shop.route()
    shop.act("accept", work.id)
    shop.act("reject", work.id, reason=RejectReason.NO_VARIANCE)
    shop.route()
    kits = Counter({"RENO": 0})
    for one in shop.works(S.ASSIGNED):
        kits[one.location_id] += lines_of(one)["POT"]
    assert kits == {"RENO": 0, "BOSTON": 20}
    shop.assert_consistent()


def test_what_is_short_goes_with_its_kit(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 2))
    (work,) = shop.route()
    key = f"POT@{work.location_id}"
    position = shop.ledger.positions[key]
    shop.ledger.positions[key] = replace(position, on_hand=1)

    class Works:
        def find(self, place: LocationId, status: S | None, cursor: str | None) -> object:
            found = [x for x in shop.ledger.works.values() if x.status is status]
            return type("Page", (), {"works": found, "next": None})()

    relieve(Sku("POT"), LocationId(work.location_id), Works(), shop.floor)  # type: ignore[arg-type]
    assert lines_of(shop.ledger.works[work.id]) == {"POT": 1, "CUP": 4}
    assert shop.sold == {"7": {B.PENDING: 1, B.ALLOCATED: 1}}


def test_the_channel_cancels_a_kit_and_both_parts_are_taken_back(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 3))
    shop.route()
    shop.tell(sold_line("7", "TEASET", 3, removed=1))
    assert shop.order.withdraw == {"7-c1": 1, "7-c2": 4}
    shop.withdraw()
    assert shop.sold == {"7": {B.ALLOCATED: 2, B.CANCELLED: 1}}
    shop.assert_consistent()


def test_people_cancel_kits_and_not_parts_of_them(shop: KitShop) -> None:
    shop.tell(sold_line("7", "TEASET", 3))
    with pytest.raises(InvalidInput, match="kit of line 7"):
        shop.cancel(**{"7-c1": 1})
    with pytest.raises(InvalidInput, match="4 of 3"):
        shop.cancel(**{"7": 4})
    shop.cancel(**{"7": 2})
    assert shop.sold == {"7": {B.PENDING: 1, B.CANCELLED: 2}}


def test_a_refund_that_comes_before_its_order_is_of_the_kit_as_well(shop: KitShop) -> None:
    at = NOW + timedelta(minutes=5)
    refund = Delta("r1", at, removed={"7": 1})
    shop.hear(Facts("shopify", "shop", "1001", at, refunds=(refund,)))
    assert shop.order.hold_reason is HoldReason.INVALID_DATA
    shop.tell(sold_line("7", "TEASET", 2))
    assert shop.sold == {"7": {B.PENDING: 1, B.CANCELLED: 1}}
    shop.hear(Facts("shopify", "shop", "1001", at, refunds=(refund,)))
    assert shop.sold == {"7": {B.PENDING: 1, B.CANCELLED: 1}}


def test_a_line_whose_sku_is_mended_becomes_the_kit(shop: KitShop) -> None:
    shop.tell(sold_line("7", "", 2))
    assert shop.order.hold_reason is HoldReason.INVALID_DATA
    shop.tell(sold_line("7", "TEASET", 2))
    assert (shop.order.hold_reason, shop.sold) == (None, {"7": {B.PENDING: 2}})
    assert [x.line_id for x in shop.order.lines] == ["7-c1", "7-c2"]


def test_a_line_with_work_does_not_become_a_kit(shop: KitShop) -> None:
    shop.tell(sold_line("7", "POT", 1))
    shop.route()
    shop.tell(sold_line("7", "TEASET", 1))
    assert [x.line_id for x in shop.order.lines] == ["7"] and not shop.order.kits


def test_a_sku_that_becomes_a_kit_later_stays_what_it_was_when_it_was_bought() -> None:
    shop = KitShop()
    shop.stock("RENO", TEASET=2)
    shop.tell(sold_line("7", "TEASET", 2))
    shop.describe(TEA)
    shop.tell(sold_line("7", "TEASET", 2, removed=1))
    (work,) = shop.route()
    assert units_by_line(work.lines) == {"7": 1}


def test_an_order_that_is_too_large_with_its_components_is_parked() -> None:
    shop = KitShop()
    shop.describe(kit("BOX", **{f"P{n}": 1 for n in range(10)}))
    with pytest.raises(InvalidInput, match="too large"):
        shop.tell(*(sold_line(str(n), "BOX") for n in range(80)))
    shop.tell(*(sold_line(str(n), "BOX") for n in range(40)))
    assert len(shop.order.lines) == 400


def test_a_line_that_is_named_like_a_component_is_parked(shop: KitShop) -> None:
    with pytest.raises(InvalidInput, match="the id of a component"):
        shop.tell(sold_line("7", "TEASET"), sold_line("7-c1", "POT"))


def test_kits_wait_whole_for_the_release_of_one_part(shop: KitShop) -> None:
    day = NOW.date() + timedelta(days=9)
    pot = shop.ledger.products[Sku("POT")]
    shop.ledger.products[Sku("POT")] = replace(pot, releases_on=day)
    shop.tell(sold_line("7", "TEASET", 1), sold_line("8", "CUP", 2))
    (work,) = shop.route()
    assert lines_of(work) == {"CUP": 2}
    assert shop.sold == {"7": {B.PREORDERED: 1}, "8": {B.ALLOCATED: 2}}
    assert [x.units(B.PREORDERED) for x in shop.order.lines] == [1, 4, 0]


def test_what_a_warehouse_says_has_left_has_left_without_the_rest_of_its_kit(
    shop: KitShop,
) -> None:
    # GIVEN a pot that left while its cups were not found
    shop.tell(sold_line("7", "TEASET", 1))
    (work,) = shop.route()
    shop.act("accept", work.id)
    told = ShipmentTold(
        WorkNamed(work.id, frozenset({LocationId(work.location_id)})),
        (UnitsTold(1, "7-c1"),),
        reason=RejectReason.NOT_IN_STOCK,
    )
    ship_told(told, "file-1", "wms", shop.floor)
    assert lines_of(shop.ledger.works[work.id]) == {"POT": 1}
    assert shop.confirm(work.id) is None and shop.told == {}
    # WHEN the cups go from elsewhere, the kit is complete, and told
    (rest,) = shop.route()
    assert lines_of(rest) == {"CUP": 4} and rest.location_id != work.location_id
    shop.ship(rest.id)
    assert shop.confirm(rest.id)
    assert shop.told == {"7": 1}
    assert shop.confirm(work.id) is None and shop.told == {"7": 1}
