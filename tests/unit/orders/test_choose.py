"""A pickup that its store could not hand over: its customer chooses, once, or it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import CommitRefused, Conflict, IllegalTransition, InvalidInput
from dom.fulfillment.actions import perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.unanswered import unanswered
from dom.model.addresses import Address
from dom.model.asked import Asked
from dom.model.authorization import Authorization
from dom.model.choice import Choice, Way, choosing
from dom.model.fulfillment import FulfillmentLine, RejectReason
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket, HoldReason, Method, Order, OrderStatus, ShipGroup
from dom.model.rules import RuleSet
from dom.orders.cancel import cancel
from dom.orders.change import Desk, Wish
from dom.orders.choose import choose
from dom.orders.hold import hold, release
from dom.orders.stores import Stores, other_stores
from dom.relay.wanted import is_routable
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import NOW, RENO, line, location, order, work
from support.fakes import FakeLedger, FakePlaces, frozen

B = Bucket
DAY = timedelta(days=1)
HOME = Destination("US", "95814", "CA", "Sacramento", Coordinates(38.58, -121.49))
NEAR, FAR = Coordinates(39.5, -119.8), Coordinates(40.7, -74.0)
PLACES = (
    location("RENO"),
    location("FAR", FAR),
    location("NEAR", NEAR),
    location("DC", RENO, capabilities=frozenset()),
)


def refused(method: Method = Method.PICKUP, home: Destination | None = HOME) -> FakeLedger:
    """Three mugs that RENO could not hand over."""
    ledger = FakeLedger()
    ledger.open(*PLACES)
    ledger.stock("MUG", "RENO", 10, reserved=3)
    ledger.stock("MUG", "NEAR", 3)
    ledger.stock("MUG", "FAR", 3)
    bought = line("1", quantity=3, buckets={B.ALLOCATED: 3})
    group = ShipGroup("sg1", method, home, LocationId("RENO"), promised_by=NOW + DAY)
    ledger.orders["ord_a"] = order("ord_a", bought, ship_groups=(group,), fulfillment_orders=1)
    lines = (FulfillmentLine("1", Sku("MUG"), 3),)
    ledger.works["ord_a-1"] = work(method=method, lines=lines)
    reject(ledger)
    return ledger


def reject(ledger: FakeLedger, name: str = "ord_a-1") -> None:
    request = ActionRequest(reason=RejectReason.NO_VARIANCE)
    perform("reject", name, request, "reno", None, floor(ledger))


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later))


def stores(ledger: FakeLedger) -> Stores:
    return Stores(ledger, FakePlaces(ledger, PLACES), frozen(NOW))


def chosen(ledger: FakeLedger, way: Way, **rest: Any) -> Order:
    wish = Wish("ord_a", "customer", "as she likes")
    return choose(wish, Choice(way, **rest), stores(ledger), Desk(ledger, ledger, frozen(NOW)))


def routed(ledger: FakeLedger) -> None:
    places = FakePlaces(ledger, PLACES)
    ports = Routing(ledger, ledger, places, ledger, frozen(NOW), RuleSet())
    route(["ord_a"], ports)


def told(ledger: FakeLedger) -> list[str]:
    return [entry.type for entry in ledger.orders["ord_a"].history]


def buckets(ledger: FakeLedger) -> dict[Bucket, int]:
    return dict(ledger.orders["ord_a"].line("1").buckets)


def test_the_customer_is_asked_and_nothing_is_routed_meanwhile() -> None:
    ledger = refused()
    stored = ledger.orders["ord_a"]
    assert (stored.hold_reason, choosing(stored)) == (HoldReason.INVENTORY_OUT_OF_STOCK, ("sg1",))
    assert told(ledger) == ["OrderHeld", "ChoiceAsked"]
    assert not is_routable(stored)
    routed(ledger)
    assert buckets(ledger) == {B.PENDING: 3}


def test_what_is_to_be_shipped_is_routed_to_any_location_that_ships() -> None:
    ledger = refused()
    stored = chosen(ledger, Way.SHIP)
    assert (stored.status, choosing(stored)) == (OrderStatus.OPEN, ())
    assert told(ledger)[-2:] == ["ChoiceMade", "OrderReleased"]
    (group,) = stored.ship_groups
    assert (group.method, group.location_id, group.promised_by) == (Method.SHIP, None, None)
    routed(ledger)
    assert ledger.works["ord_a-2"].method is Method.SHIP
    assert buckets(ledger) == {B.ALLOCATED: 3}


def test_another_store_gets_it_and_only_that_store() -> None:
    ledger = refused()
    chosen(ledger, Way.OTHER_STORE, location_id="FAR")
    routed(ledger)
    made = ledger.works["ord_a-2"]
    assert (made.location_id, made.method) == ("FAR", Method.PICKUP)


def test_stores_are_offered_by_distance_if_they_have_all_of_it() -> None:
    ledger = refused()
    stored = ledger.orders["ord_a"]
    assert [x.location_id for x in other_stores(stored, "sg1", stores(ledger))] == ["NEAR", "FAR"]
    ledger.states["NEAR"]["open"] = False
    assert [x.location_id for x in other_stores(stored, "sg1", stores(ledger))] == ["FAR"]
    ledger.stock("MUG", "FAR", 2)
    assert other_stores(stored, "sg1", stores(ledger)) == []


def test_cancelling_takes_what_waits_and_lets_its_money_go() -> None:
    ledger = refused()
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=Authorization(4500))
    stored = chosen(ledger, Way.CANCEL)
    assert (buckets(ledger), stored.status) == ({B.CANCELLED: 3}, OrderStatus.CANCELLED)
    assert stored.authorization and stored.authorization.void == 4500
    assert told(ledger).count("OrderCancelled") == 1


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"way": Way.OTHER_STORE, "location_id": "RENO"}, "location_id"),
        ({"way": Way.OTHER_STORE, "location_id": "DC"}, "location_id"),
        ({"way": Way.OTHER_STORE, "location_id": "NOWHERE"}, "location_id"),
        ({"way": Way.SHIP}, "address"),
    ],
)
def test_what_cannot_be_chosen_is_named(choice: Any, field: str) -> None:
    ledger = refused(home=None)
    before = ledger.orders["ord_a"]
    with pytest.raises(InvalidInput) as error:
        chosen(ledger, **choice)
    assert (error.value.field, ledger.orders["ord_a"]) == (field, before)


def test_nobody_is_asked_of_what_was_all_wished_back() -> None:
    ledger = refused()
    lines = (FulfillmentLine("1", Sku("MUG"), 3),)
    bought = line("1", quantity=3, buckets={B.ALLOCATED: 3})
    whole = ledger.orders["ord_a"]
    whole = replace(whole, hold_reason=None, hold_detail="", choices={}, history=())
    ledger.orders["ord_a"] = replace(whole, lines=(bought,), withdraw={"1": 3})
    ledger.works["ord_a-2"] = replace(work(2, method=Method.PICKUP), lines=lines)
    ledger.stock("MUG", "RENO", 10, reserved=3)
    reject(ledger, "ord_a-2")
    stored = ledger.orders["ord_a"]
    assert (buckets(ledger), stored.choices, stored.hold_reason) == ({B.CANCELLED: 3}, {}, None)
    assert not {"OrderHeld", "ChoiceAsked"} & {entry.type for entry in stored.history}


def test_it_is_not_sent_to_whoever_gets_another_part_of_the_order() -> None:
    ledger = refused(home=None)
    bought = ledger.orders["ord_a"]
    gift = ShipGroup("sg2", Method.SHIP, HOME)
    ledger.orders["ord_a"] = replace(bought, ship_groups=(*bought.ship_groups, gift))
    with pytest.raises(InvalidInput) as error:
        chosen(ledger, Way.SHIP)
    assert error.value.field == "address"


def test_an_answer_without_a_group_is_for_the_one_that_waits() -> None:
    ledger = refused()
    chosen(ledger, Way.SHIP)
    asked = ledger.orders["ord_a"]
    waits = replace(asked.ship_groups[0], id="sg2", method=Method.PICKUP, location_id="NEAR")
    more = replace(asked.lines[0], line_id="2", ship_group_id="sg2")
    known = Asked(NOW + timedelta(days=3), LocationId("NEAR"))
    ledger.orders["ord_a"] = replace(
        asked,
        ship_groups=(*asked.ship_groups, waits),
        lines=(*asked.lines, more),
        choices={"sg2": known},
    )
    assert choosing(chosen(ledger, Way.SHIP)) == ()


def test_a_store_that_has_sold_out_meanwhile_says_so_and_leaves_the_choice_open() -> None:
    ledger = refused()
    ledger.stock("MUG", "NEAR", 2)
    with pytest.raises(IllegalTransition) as error:
        chosen(ledger, Way.OTHER_STORE, location_id="NEAR")
    assert error.value.found == "out of stock"
    assert choosing(ledger.orders["ord_a"]) == ("sg1",)
    chosen(ledger, Way.OTHER_STORE, location_id="FAR")


def test_who_chose_a_store_that_sold_out_before_routing_is_asked_again() -> None:
    ledger = refused()
    chosen(ledger, Way.OTHER_STORE, location_id="NEAR")
    ledger.stock("MUG", "NEAR", 1)
    routed(ledger)
    stored = ledger.orders["ord_a"]
    assert (choosing(stored), stored.hold_reason) == (("sg1",), HoldReason.INVENTORY_OUT_OF_STOCK)
    held = sum(buckets(ledger).values()) - buckets(ledger).get(B.PENDING, 0)
    assert held == buckets(ledger).get(B.ALLOCATED, 0)
    offered = [x.location_id for x in other_stores(stored, "sg1", stores(ledger))]
    assert "NEAR" not in offered and chosen(ledger, Way.SHIP).hold_reason is None


def test_an_address_that_is_told_is_where_it_goes() -> None:
    ledger = refused(home=None)
    there = Address(HOME, {"address1": "1 Main St", "country_code": "US"})
    chosen(ledger, Way.SHIP, address=there)
    assert ledger.orders["ord_a"].ship_groups[0].destination == HOME
    assert ledger.personal("ord_a").data["addresses"]["sg1"] == there.words  # type: ignore[union-attr, index]


def test_the_same_choice_twice_is_one_and_another_is_too_late() -> None:
    ledger = refused()
    once = chosen(ledger, Way.SHIP)
    assert chosen(ledger, Way.SHIP) == once
    with pytest.raises(IllegalTransition):
        chosen(ledger, Way.CANCEL)
    with pytest.raises(IllegalTransition):
        chosen(ledger, Way.OTHER_STORE, location_id="FAR")


def test_a_cancellation_and_an_address_are_the_same_twice_too() -> None:
    ledger = refused()
    once = chosen(ledger, Way.CANCEL)
    assert chosen(ledger, Way.CANCEL) == once == chosen(ledger, Way.CANCEL, ship_group_id="sg1")
    there = Address(HOME, {"address1": "1 Main St", "country_code": "US"})
    ledger = refused()
    once = chosen(ledger, Way.SHIP, address=there)
    assert chosen(ledger, Way.SHIP, address=there) == once
    with pytest.raises(IllegalTransition):
        chosen(ledger, Way.SHIP, address=replace(there, words={"address1": "2 Main St"}))


def test_a_second_question_that_a_person_ended_is_not_asked_again() -> None:
    ledger = refused()
    chosen(ledger, Way.OTHER_STORE, location_id="NEAR")
    ledger.stock("MUG", "NEAR", 0)
    routed(ledger)
    assert choosing(ledger.orders["ord_a"]) == ("sg1",)
    release(Wish("ord_a", "eva", "she waits"), Desk(ledger, ledger, frozen(NOW)))
    routed(ledger)
    assert (choosing(ledger.orders["ord_a"]), buckets(ledger)) == ((), {B.BACKORDERED: 3})
    # A store that gives it up later asks, and what is chosen then may sell out, too.
    ledger.stock("MUG", "NEAR", 3)
    routed(ledger)
    (again,) = (x for x in ledger.works.values() if x.location_id == "NEAR")
    reject(ledger, again.id)
    chosen(ledger, Way.OTHER_STORE, location_id="FAR")
    ledger.stock("MUG", "FAR", 0)
    routed(ledger)
    assert choosing(ledger.orders["ord_a"]) == ("sg1",)


@pytest.mark.parametrize("waits", [B.PREORDERED, B.BACKORDERED])
@pytest.mark.parametrize("way", [Way.CANCEL, None])
def test_nobody_is_asked_of_goods_that_wait_for_their_day(waits: Bucket, way: Way | None) -> None:
    ledger = refused()
    stored = ledger.orders["ord_a"]
    game = line("2", "GAME", buckets={waits: 1})
    ledger.orders["ord_a"] = replace(stored, lines=(*stored.lines, game))
    assert [x.location_id for x in other_stores(ledger.orders["ord_a"], "sg1", stores(ledger))]
    if way:
        chosen(ledger, way)
    else:
        unanswered("ord_a", floor(ledger, 3 * DAY))
    after = ledger.orders["ord_a"]
    assert (buckets(ledger), after.line("2").buckets) == ({B.CANCELLED: 3}, {waits: 1})
    assert (choosing(after), after.hold_reason) == ((), None)


def test_what_waits_for_its_day_goes_the_chosen_way_too() -> None:
    ledger = refused()
    stored = ledger.orders["ord_a"]
    game = line("2", "GAME", buckets={B.BACKORDERED: 1})
    ledger.orders["ord_a"] = replace(stored, lines=(*stored.lines, game))
    ledger.stock("GAME", "NEAR", 1)
    chosen(ledger, Way.OTHER_STORE, location_id="NEAR")
    routed(ledger)
    assert ledger.orders["ord_a"].line("2").buckets == {B.ALLOCATED: 1}


def test_of_a_choice_and_a_cancellation_at_once_one_wins() -> None:
    ledger = refused()

    def cancelled_first(_: Any) -> None:
        ledger.before = lambda commit: None
        cancel(Wish("ord_a", "eva", "he called"), None, Desk(ledger, ledger, frozen(NOW)))
        raise CommitRefused((Conflict("order", "ord_a", None),))

    ledger.before = cancelled_first
    with pytest.raises(IllegalTransition, match="cancelled"):
        chosen(ledger, Way.SHIP)
    assert buckets(ledger) == {B.CANCELLED: 3}
    assert ledger.orders["ord_a"].choices == {}


def test_without_an_answer_it_is_reminded_once_and_cancelled_once() -> None:
    ledger = refused()
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=Authorization(4500))
    for hours in (1, 37, 38, 71):
        unanswered("ord_a", floor(ledger, timedelta(hours=hours)))
    assert told(ledger).count("ChoiceReminded") == 1
    assert buckets(ledger) == {B.PENDING: 3}
    for _ in range(2):
        unanswered("ord_a", floor(ledger, 3 * DAY))
    stored = ledger.orders["ord_a"]
    assert (buckets(ledger), stored.status) == ({B.CANCELLED: 3}, OrderStatus.CANCELLED)
    assert (told(ledger).count("OrderCancelled"), stored.choose_at) == (1, None)
    assert stored.authorization and stored.authorization.void == 4500


def test_a_hold_for_another_reason_leaves_the_choice_open() -> None:
    ledger = refused()
    desk = Desk(ledger, ledger, frozen(NOW))
    # GIVEN one that was held by hand when its store gave up
    held = replace(ledger.orders["ord_a"], hold_reason=HoldReason.MANUAL)
    ledger.orders["ord_a"] = held
    # WHEN that hold ends, THEN the choice is still open; and its own end leaves it to people
    for reason, open_ in ((HoldReason.INVENTORY_OUT_OF_STOCK, ("sg1",)), (None, ())):
        release(Wish("ord_a", "eva", "fine"), desk)
        stored = ledger.orders["ord_a"]
        assert (stored.hold_reason, choosing(stored)) == (reason, open_)


def test_a_choice_ends_no_hold_for_another_reason() -> None:
    ledger = refused()
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], hold_reason=HoldReason.MANUAL)
    assert chosen(ledger, Way.SHIP).hold_reason is HoldReason.MANUAL
    with pytest.raises(IllegalTransition):
        hold(Wish("ord_a", "eva", "wait"), Desk(ledger, ledger, frozen(NOW)))
