"""Open work of one customer becomes one shipment, and whoever leaves it leaves the others whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict, IllegalTransition, InvalidInput, NotFound
from dom.fulfillment.actions import expire_work
from dom.fulfillment.recall import recall_work
from dom.fulfillment.scan import scan
from dom.fulfillment.together import MOST_MEMBERS, MOST_SKUS
from dom.model.box import Box
from dom.model.commit import MAX_WRITES, Commit
from dom.model.fulfillment import FulfillmentStatus, Parcel
from dom.model.ids import FulfillmentOrderId, LocationId
from dom.model.order import Bucket, HoldReason
from dom.relay.steps import Unrelayed, steps_for
from support.builders import NOW
from support.fakes import FakeLedger
from support.shipments import House

S, B = FulfillmentStatus, Bucket
HOUR = timedelta(hours=1)
A, A2, C = "ord_a-1", "ord_a-2", "ord_c-1"


def pair(status: S = S.ACCEPTED, **rest: Any) -> House:
    """Two orders of one customer, merged."""
    house = House()
    house.add(A, status, **rest)
    house.add(C, status, sku="HAT", **rest)
    house.merge(C)
    return house


def box(*names: str, number: str = "1Z") -> Box:
    return Box(Parcel(number, "UPS"), {FulfillmentOrderId(x): {"1": 1} for x in names})


def test_new_work_joins_what_is_open_for_its_recipient_there() -> None:
    house = pair()
    assert house.members(A) == house.members(C) == (A, C)
    assert house.work(A).companions == (C,)
    entry = house.work(A).history[-1]
    assert (entry.type, entry.data["together"]) == ("FulfillmentOrderMerged", [C])
    commits = len(house.ledger.commits)
    house.merge(A, C)  # told again, in any order
    assert len(house.ledger.commits) == commits


@pytest.mark.parametrize(
    "other",
    [
        {"recipient": "bob's mark"},
        {"recipient": None},
        {"location_id": LocationId("BOSTON")},
        {"status": S.PICKING},
        {"settling": "shipped"},
    ],
    ids=str,
)
def test_other_recipients_places_and_picked_work_stay_apart(other: dict[str, Any]) -> None:
    house = House()
    house.add(A)
    house.add(C, **other)
    house.merge(A, C)
    assert house.members(A) == house.members(C) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"hold_reason": HoldReason.FRAUD_RISK},
        {"recall": (FulfillmentOrderId(C),)},
        {"ship_groups": ()},
    ],
    ids=["held", "recalled", "readdressed"],
)
def test_work_whose_order_does_not_let_it_go_is_not_merged(change: dict[str, Any]) -> None:
    house = House()
    house.add(A)
    house.add(C)
    house.ledger.orders["ord_c"] = replace(house.order("ord_c"), **change)
    house.merge(A, C)
    assert house.members(A) == ()


def test_what_waits_is_released_with_the_first_that_is_due_and_nothing_later_than_alone() -> None:
    house = House()
    house.add(A, S.ASSIGNED, due_at=NOW + 3 * HOUR)
    house.add(C, S.ASSIGNED, due_at=NOW + HOUR)
    house.merge(C)
    assert [house.work(x).due_at for x in (A, C)] == [NOW + HOUR] * 2
    house.add(A2, S.ACCEPTED, due_at=NOW + 9 * HOUR)
    house.merge(A2)
    assert house.members(A) == (A, A2, C)
    assert [house.work(x).due_at for x in (A, C, A2)] == [NOW, NOW, NOW + 9 * HOUR]


def test_a_shipment_whose_pick_has_begun_takes_nobody_in() -> None:
    house = pair()
    house.act("pick", A)
    house.add(A2)
    house.merge(A2)
    assert house.members(A2) == ()
    assert house.members(C) == (A, C)


def test_a_shipment_has_so_many_members_and_the_next_begins_another() -> None:
    house = House()
    names = [house.add(f"ord_{n}-1") for n in range(MOST_MEMBERS + 2)]
    house.merge(*names)
    sizes = sorted(len(house.members(name)) for name in names)
    assert sizes == [2, 2, *[MOST_MEMBERS] * MOST_MEMBERS]


def test_whoever_picks_while_it_is_merged_is_first() -> None:
    house = House()
    house.add(A, S.ACCEPTED)
    house.add(C)

    def picked(commit: Commit) -> None:
        house.ledger.before = lambda commit: None
        house.act("pick", A)

    house.ledger.before = picked
    house.merge(C)
    assert house.members(C) == ()
    assert house.work(A).status is S.PICKING


def test_a_storm_is_for_later() -> None:
    house = House()
    house.add(A)
    house.add(C)

    def refused(commit: Commit) -> None:
        raise CommitRefused((Conflict("fulfillment_order", A, None),))

    house.ledger.before = refused
    with pytest.raises(Busy):
        house.merge(C)


@pytest.mark.parametrize(
    ("action", "left"),
    [("cancel", S.CANCELLED), ("reject", S.REJECTED), ("split", S.ACCEPTED), ("ship", S.SHIPPED)],
)
def test_whoever_leaves_a_shipment_of_three_leaves_a_shipment_of_two(action: str, left: S) -> None:
    house = pair()
    house.add(A2, S.ACCEPTED)
    house.merge(A2)
    assert house.act(action, C).status is left
    assert house.members(C) == ()
    assert house.members(A) == house.members(A2) == (A, A2)
    entry = house.work(A).history[-1]
    assert (entry.type, entry.data["left"]) == ("FulfillmentOrderSeparated", C)
    house.act("split", A)
    assert house.members(A) == house.members(A2) == ()
    house.merge(A, A2)
    assert house.members(A) == ()  # who was split off is not merged again


def test_what_expires_or_goes_elsewhere_leaves_the_others_whole() -> None:
    house = pair(due_at=NOW)
    expire_work(A, house.floor)
    assert (house.work(A).status, house.members(C)) == (S.EXPIRED, ())
    house = pair()
    house.ledger.orders["ord_a"] = replace(house.order("ord_a"), recall=(FulfillmentOrderId(A),))
    recall_work("ord_a", house.floor)
    assert (house.work(A).status, house.members(C)) == (S.CANCELLED, ())
    assert house.work(C).status is S.ACCEPTED


def test_one_command_ships_all_of_it_in_one_parcel_and_scans_reach_every_order() -> None:
    house = pair()
    house.as_one("pick", A)
    house.as_one("pack", C, box(A, C))
    assert house.statuses() == {A: "packed", C: "packed"}
    commits = len(house.ledger.commits)
    house.as_one("ship", A, box(A, C), request_id="r1")
    house.as_one("ship", A, box(A, C), request_id="r1")
    assert len(house.ledger.commits) == commits + 1
    assert house.buckets("ord_a") == house.buckets("ord_c") == [{B.SHIPPED: 1}]
    shared = {p.shared for x in (A, C) for p in house.work(x).parcels}
    assert len(shared) == 1 and None not in shared
    assert scan("1Z", "delivered", NOW, house.floor) == [A, C]
    assert house.statuses() == {A: "delivered", C: "delivered"}


def test_two_works_of_one_order_and_one_sku_leave_in_one_transaction() -> None:
    house = House()
    house.add(A, S.PICKING)
    house.add(A2)
    house.ledger.works[A] = replace(house.work(A), status=S.RELEASED)
    house.ledger.orders["ord_a"] = house.order("ord_a").with_lines(
        [replace(house.order("ord_a").line("1"), buckets={B.ALLOCATED: 1})]
    )
    house.merge(A2)
    house.as_one("ship", A, Box(Parcel("1Z")))
    assert house.buckets("ord_a") == [{B.SHIPPED: 1}, {B.SHIPPED: 1}]
    stock = house.ledger.positions["MUG@RENO"]
    assert (stock.on_hand, stock.reserved) == (18, 0)
    [change] = house.ledger.commits[-1].stock
    assert [one["fulfillment_order_id"] for one in change.references] == [A, A2]


def test_all_of_it_moves_or_none() -> None:
    house = pair()
    house.act("pick", A)
    with pytest.raises(IllegalTransition) as refused:
        house.as_one("pack", A)
    assert refused.value.found == S.ACCEPTED
    assert house.statuses() == {A: "picking", C: "accepted"}
    for _ in range(2):
        house.as_one("pick", A, request_id="r1")  # those that are not there yet
    assert house.statuses() == {A: "picking", C: "picking"}


@pytest.mark.parametrize(
    ("boxes", "field"),
    [
        ((box(A),), "parcels"),
        ((box(A, "ord_z-1"),), "parcels.0.lines"),
        ((Box(Parcel("1Z"), {FulfillmentOrderId(A): {"1": 2}}),), "parcels.0.lines.1"),
    ],
    ids=["one is in none", "a stranger", "more than there is"],
)
def test_parcels_that_cannot_be_are_refused(boxes: tuple[Box, ...], field: str) -> None:
    house = pair()
    with pytest.raises(InvalidInput) as refused:
        house.as_one("ship", A, *boxes)
    assert refused.value.field == field
    assert house.statuses() == {A: "accepted", C: "accepted"}


def test_several_parcels_go_to_the_orders_whose_goods_they_hold() -> None:
    house = pair()
    house.as_one("ship", A, box(A, number="1Z"), box(C, number="2Z"))
    found = {x: [(p.tracking_number, p.shared) for p in house.work(x).parcels] for x in (A, C)}
    assert found == {A: [("1Z", None)], C: [("2Z", None)]}


def test_what_is_held_back_or_goes_to_another_door_by_now_is_not_boxed() -> None:
    house = pair(S.ASSIGNED, due_at=NOW)
    house.act("accept", A)
    house.as_one("pick", A)
    assert (house.statuses(), house.members(A)) == ({A: "picking", C: "assigned"}, ())
    house = pair()
    move(house, "ord_c", "another door")
    house.as_one("ship", A, box(A))
    assert (house.statuses(), house.members(C)) == ({A: "shipped", C: "accepted"}, ())


def move(house: House, order_id: str, mark: str | None) -> None:
    group = replace(house.order(order_id).ship_groups[0], recipient=mark)
    house.ledger.orders[order_id] = replace(house.order(order_id), ship_groups=(group,))


def test_two_of_whom_nobody_knows_where_they_go_do_not_go_to_one_door() -> None:
    house = pair()
    for order_id in ("ord_a", "ord_c"):
        move(house, order_id, None)
    house.as_one("ship", A, box(A))
    assert (house.statuses(), house.members(C)) == ({A: "shipped", C: "accepted"}, ())


def test_what_could_not_ship_as_a_whole_is_not_boxed_as_one() -> None:
    # GIVEN ten works of 25 SKUs: 70 writes without a parcel
    house = House()
    names = [house.add(f"ord_{n}-1", S.ACCEPTED) for n in range(MOST_MEMBERS)]
    skus = iter(f"SKU-{n}" for n in range(MOST_SKUS))
    for n, name in enumerate(names):
        house.fill(name, *(next(skus) for _ in range(3 if n < 5 else 2)))
    house.merge(*names)
    house.as_one("pick", names[0])
    # WHEN each of four parcels holds goods of all, so far as anybody says
    boxes = [Box(Parcel(f"1Z{n}", "UPS")) for n in range(4)]
    with pytest.raises(InvalidInput, match="lines"):
        house.as_one("pack", names[0], *boxes)
    # THEN nothing is boxed, and with three there is a way
    house.as_one("pack", names[0], *boxes[:3])
    assert house.as_one("ship", names[0], *boxes[:3]).status is S.SHIPPED
    assert house.ledger.commits[-1].writes == MAX_WRITES


def test_what_is_boxed_together_does_not_ship_alone() -> None:
    house = pair()
    house.as_one("pick", A)
    house.as_one("pack", A)
    with pytest.raises(InvalidInput):
        house.act("ship", A)
    with pytest.raises(IllegalTransition):
        house.act("split", A)
    house.act("reject", C)
    house.act("ship", A)
    assert house.statuses() == {A: "shipped", C: "rejected"}


def test_only_whole_steps_of_what_exists_are_taken_as_one() -> None:
    house = pair()
    for action, request in (("reject", {}), ("pick", {"lines": {"1": 1}})):
        with pytest.raises(InvalidInput):
            house.as_one(action, A, **request)
    with pytest.raises(NotFound):
        house.as_one("ship", "ord_z-1")
    house.add("ord_d-1", recipient=None)
    assert house.as_one("ship", "ord_d-1").status is S.SHIPPED


def test_the_relay_asks_for_new_work_to_be_merged_until_it_is_or_is_picked() -> None:
    house = House()
    house.add(A, S.ASSIGNED, due_at=NOW + HOUR)
    key = {"order_id": "ord_a", "item": "FO#000001"}

    def asked() -> str | None:
        return steps_for(Unrelayed(key, 1, 0, house.work(A)), NOW).merge

    assert asked() == A
    house.add(C, S.ASSIGNED, due_at=NOW + HOUR)
    house.merge(C)
    assert asked() is None
    house.act("split", C)
    assert asked() == A
    house.act("ship", A)
    assert asked() is None


def test_what_was_not_delivered_does_not_leave_a_second_time() -> None:
    house = pair()
    house.as_one("ship", A, box(A, C))
    scan("1Z", "failure", NOW, house.floor)
    on_hand = house.ledger.positions["MUG@RENO"].on_hand
    with pytest.raises(IllegalTransition) as refused:
        house.as_one("ship", A, box(A, C))
    assert refused.value.found == S.DELIVERY_FAILED
    assert house.ledger.positions["MUG@RENO"].on_hand == on_hand


def test_when_a_shipment_leaves_is_said_of_all_of_it_and_may_be_said_anew() -> None:
    house = pair(S.RELEASED, ships_by=NOW + HOUR)
    for hours in (2, 3):
        house.as_one("accept", A, eta=NOW + hours * HOUR)
        assert [house.work(x).eta for x in (A, C)] == [NOW + hours * HOUR] * 2
        assert [house.order(x).look_at for x in ("ord_a", "ord_c")] == [NOW, NOW]


def test_nobody_takes_what_somebody_else_is_half_through_with() -> None:
    house = pair()
    house.ledger.works[C] = replace(house.work(C), settling="shipped", settled=1)
    with pytest.raises(IllegalTransition) as refused:
        house.as_one("ship", A, box(A, C))
    assert refused.value.found == "shipped (in progress)"
    assert house.statuses() == {A: "accepted", C: "accepted"}


def test_however_much_is_open_it_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    names = [house.add(f"ord_{n}-1") for n in range(3)]
    monkeypatch.delattr(FakeLedger, "load")
    house.merge(names[0])
    assert len(house.members(names[0])) == 3
