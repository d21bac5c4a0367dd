"""An address that a person changes holds, for routing, for locations and against the channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import CommitRefused, Conflict, IllegalTransition, InvalidInput, NotFound
from dom.fulfillment.actions import perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.ports import Floor
from dom.fulfillment.recall import recall_work
from dom.model.addresses import Address
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.geo import Destination
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.order import Bucket, HoldReason, Method, ShipGroup
from dom.model.work_machine import BUCKET_OF
from dom.orders.address import change_address
from dom.orders.change import Desk, Wish
from dom.relay.steps import Unrelayed, steps_for
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket
BOISE = Destination("US", "83702", "ID", "Boise")
HOME: dict[str, object] = {"address1": "1 Old Street", "city": "Sacramento"}
NEW: dict[str, object] = {"address1": "2 New Street", "city": "Boise"}
WISH = Wish("ord_a", "ana", "moved")


def shop(*statuses: FulfillmentStatus, waiting: int = 0) -> FakeLedger:
    """One unit with RENO for each status, and some that wait; all go to Sacramento."""
    ledger = FakeLedger()
    ledger.open(location("RENO"))
    ledger.stock("MUG", "RENO", 10, reserved=len(statuses))
    buckets: dict[Bucket, int] = {B.PENDING: waiting} if waiting else {}
    for number, status in enumerate(statuses, start=1):
        name = FulfillmentOrderId(f"ord_a-{number}")
        one = work(number, status, lines=(FulfillmentLine("1", Sku("MUG"), 1),))
        ledger.works[name] = one
        buckets[BUCKET_OF[status]] = buckets.get(BUCKET_OF[status], 0) + 1
    bought = line("1", quantity=sum(buckets.values()), buckets=buckets)
    ledger.orders["ord_a"] = order("ord_a", bought)
    data = {"name": "Ada", "addresses": {"sg1": HOME}}
    ledger.people["ord_a"] = PersonalData(OrderId("ord_a"), "7", data)
    return ledger


def desk(ledger: FakeLedger) -> Desk:
    return Desk(ledger, ledger, frozen(NOW))


def floor(ledger: FakeLedger) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW))


def move(ledger: FakeLedger, group: str | None = None, **rest: Any) -> Any:
    address = Address(BOISE, NEW, group)
    return change_address(replace(WISH, **rest), address, desk(ledger))


@pytest.mark.parametrize("facts", [{"forgotten": True}, {"forget_by": NOW - timedelta(seconds=1)}])
def test_who_was_forgotten_is_not_stored_again(facts: dict[str, Any]) -> None:
    ledger = shop(waiting=2)
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], **facts)
    del ledger.people["ord_a"]
    with pytest.raises(IllegalTransition, match="forgotten"):
        move(ledger)
    assert ledger.people == {}


def test_what_a_person_enters_goes_when_the_channel_says_so() -> None:
    ledger = shop(waiting=2)
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], forget_by=NOW)
    del ledger.people["ord_a"]
    move(ledger)
    assert ledger.people["ord_a"].forget_by == NOW


def test_what_waits_is_routed_to_the_new_address() -> None:
    ledger = shop(waiting=2)
    moved = move(ledger)
    assert moved == ledger.orders["ord_a"]
    assert moved.ship_groups[0].destination == BOISE
    assert ledger.people["ord_a"].data == {
        "name": "Ada",
        "addresses": {"sg1": NEW},
        "replaced_addresses": {"sg1": HOME},
    }
    entry = moved.history[-1]
    assert (entry.type, entry.actor) == ("OrderUpdated", "ana")
    assert entry.data == {"changed": ["address"], "ship_group_id": "sg1", "reason": "moved"}
    assert "Boise" not in repr(moved.history) and "Street" not in repr(moved)


def test_unpacked_work_comes_back_first_and_the_relay_asks_for_it() -> None:
    ledger = shop(S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.SHIPPED)
    moved = move(ledger)
    assert len(moved.recall) == 4
    asked = steps_for(Unrelayed({"order_id": "ord_a", "item": "ORDER"}, 2, 0, moved), NOW)
    assert asked.withdraw == "ord_a"
    for _ in range(2):
        recall_work("ord_a", floor(ledger))
    after = ledger.orders["ord_a"]
    assert (after.recall, after.line("1").buckets) == ((), {B.SHIPPED: 1, B.PENDING: 4})
    assert after.line("1").excluded == ()
    assert ledger.positions["MUG@RENO"].reserved == 1
    assert ledger.works["ord_a-1"].cancel_reason == "readdressed"


@pytest.mark.parametrize("status", [S.PACKED, S.CANCEL_REQUESTED])
def test_what_is_packed_is_not_sent_elsewhere(status: S) -> None:
    ledger = shop(status, S.RELEASED)
    with pytest.raises(IllegalTransition) as refused:
        move(ledger)
    assert (refused.value.found, ledger.commits) == (status, [])


@pytest.mark.parametrize("status", [S.SHIPPED, S.DELIVERED])
def test_what_has_left_is_not_either(status: S) -> None:
    with pytest.raises(IllegalTransition) as refused:
        move(shop(status))
    assert refused.value.found in ("fulfilled", "closed")


def test_what_is_packed_before_it_is_recalled_is_held_for_a_person() -> None:
    ledger = shop(S.PICKING)
    move(ledger)
    perform("pack", "ord_a-1", ActionRequest(), "reno", None, floor(ledger))
    recall_work("ord_a", floor(ledger))
    after = ledger.orders["ord_a"]
    assert (after.hold_reason, after.recall) == (HoldReason.INCORRECT_ADDRESS, ())
    assert "ord_a-1" in after.hold_detail
    assert ledger.works["ord_a-1"].status is S.PACKED


def test_what_is_collected_at_a_store_is_not_recalled_from_it() -> None:
    ledger = shop(S.PACKED)
    found = ledger.orders["ord_a"]
    pickup = ShipGroup("sg1", Method.PICKUP, None, LocationId("RENO"))
    asked = (FulfillmentOrderId("ord_a-1"),)
    ledger.orders["ord_a"] = replace(found, ship_groups=(pickup,), recall=asked)
    recall_work("ord_a", floor(ledger))
    after = ledger.orders["ord_a"]
    assert (after.hold_reason, after.recall) == (None, ())
    assert ledger.works["ord_a-1"].status is S.PACKED


def test_what_was_rejected_before_it_is_recalled_needs_nobody() -> None:
    ledger = shop(S.RELEASED)
    move(ledger)
    perform("reject", "ord_a-1", ActionRequest(), "reno", None, floor(ledger))
    recall_work("ord_a", floor(ledger))
    after = ledger.orders["ord_a"]
    assert (after.hold_reason, after.recall) == (None, ())


def test_a_location_that_packs_faster_wins() -> None:
    ledger = shop(S.PICKING)

    def packed(commit: Any) -> None:
        ledger.before = lambda commit: None
        perform("pack", "ord_a-1", ActionRequest(), "reno", None, floor(ledger))
        raise CommitRefused((Conflict("order", "ord_a", None),))

    ledger.before = packed
    with pytest.raises(IllegalTransition) as refused:
        move(ledger)
    assert refused.value.found == "packed"


def test_the_same_address_again_changes_nothing() -> None:
    ledger = shop(waiting=1)
    for _ in range(2):
        move(ledger)
    assert len(ledger.commits) == 1


def test_changed_twice_it_still_knows_what_the_channel_had_said() -> None:
    ledger = shop(waiting=1)
    move(ledger)
    other = Address(BOISE, {"address1": "3 Other Street"})
    change_address(WISH, other, desk(ledger))
    data = ledger.people["ord_a"].data
    assert data["replaced_addresses"] == {"sg1": HOME}
    assert data["addresses"] == {"sg1": {"address1": "3 Other Street"}}


@pytest.mark.parametrize(
    ("reason", "detail", "ends"),
    [
        (HoldReason.INVALID_DATA, "ship_groups.sg1.address", True),
        (HoldReason.INCORRECT_ADDRESS, "no such street", True),
        (HoldReason.INVALID_DATA, "line_items.1.sku", False),
        (HoldReason.MANUAL, "call her", False),
    ],
)
def test_a_hold_for_want_of_the_address_ends(reason: HoldReason, detail: str, ends: bool) -> None:
    ledger = shop(waiting=1)
    held = replace(ledger.orders["ord_a"], hold_reason=reason, hold_detail=detail)
    ledger.orders["ord_a"] = held
    assert (move(ledger, group="sg1").hold_reason is None) is ends


def test_which_group_is_meant_must_be_clear() -> None:
    ledger = shop(waiting=1)
    old = ledger.orders["ord_a"]
    more = replace(old.ship_groups[0], id="sg2")
    pickup = ShipGroup("sg3", Method.PICKUP, None, LocationId("RENO"))
    ledger.orders["ord_a"] = replace(old, ship_groups=(*old.ship_groups, more, pickup))
    for group, error in ((None, InvalidInput), ("sg3", InvalidInput), ("sg9", NotFound)):
        with pytest.raises(error):
            move(ledger, group=group)
    assert move(ledger, group="sg1").ship_groups[1].destination == more.destination
