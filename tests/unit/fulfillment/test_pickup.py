"""What lies ready at a store: kept for so long, handed over to whoever proves it is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dom.errors import IllegalTransition, InvalidInput, NotFound
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.keep import kept_until
from dom.fulfillment.ports import Floor, Keeping, six_digits
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus, RejectReason
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.order import Bucket, HoldReason, Method, OrderStatus
from dom.model.stock import Cause
from dom.model.work_machine import EDGES, leads_to, way
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S = FulfillmentStatus
B = Bucket
BUCKETS = {S.PICKING: B.PICKED, S.PACKED: B.PACKED}
# NOW is Wednesday 4 March, 7:00 in the store's zone: seven days later is Wednesday 11.
UNTIL = datetime(2026, 3, 12, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def shop(status: FulfillmentStatus = S.RELEASED, **rest: Any) -> FakeLedger:
    """Three mugs of one order to be collected at RENO."""
    ledger = FakeLedger()
    ledger.open(location("RENO", daily_capacity=5), location("SHOP"))
    ledger.stock("MUG", "RENO", 10, reserved=3)
    facts = {"method": Method.PICKUP, "capacity_day": NOW.date(), **rest}
    lines = (FulfillmentLine("1", Sku("MUG"), 3),)
    ledger.works["ord_a-1"] = work(status=status, lines=lines, **facts)
    bought = line("1", quantity=3, buckets={BUCKETS.get(status, B.ALLOCATED): 3})
    ledger.orders["ord_a"] = order("ord_a", bought)
    return ledger


def sent_to_store() -> FakeLedger:
    """The same, at RENO for the customer who collects at SHOP, which never had a mug."""
    return shop(S.PACKED, method=Method.SHIP_TO_STORE, to_location=LocationId("SHOP"))


def floor(ledger: FakeLedger, later: timedelta = timedelta()) -> Floor:
    keeping = Keeping(7, 2 * DAY, lambda: "123456")
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW + later), keeping=keeping)


def act(ledger: FakeLedger, action: str, later: timedelta = timedelta(), **request: Any) -> Any:
    wanted = ActionRequest(**request)
    return perform(action, "ord_a-1", wanted, "ana", None, floor(ledger, later))


def ready(**rest: Any) -> FakeLedger:
    ledger = shop(S.PACKED, **rest)
    act(ledger, "ready")
    return ledger


def buckets(ledger: FakeLedger) -> dict[Bucket, int]:
    return dict(ledger.orders["ord_a"].line("1").buckets)


def mugs(ledger: FakeLedger, where: str = "RENO") -> tuple[int, int, int]:
    """on_hand, reserved, available."""
    position = ledger.positions[f"MUG@{where}"]
    return position.on_hand, position.reserved, position.available


def told(ledger: FakeLedger) -> Any:
    return ledger.works["ord_a-1"].history[-1]


def test_what_is_ready_is_kept_under_a_code_and_still_in_stock() -> None:
    ledger = ready()
    found = ledger.works["ord_a-1"]
    assert found.pickup and (found.pickup.code, found.pickup.until) == ("123456", UNTIL)
    assert found.due_at == UNTIL - 2 * DAY
    assert buckets(ledger) == {B.READY_FOR_PICKUP: 3}
    assert mugs(ledger) == (10, 3, 7)
    assert told(ledger).data["pickup_until"] == "2026-03-12T07:00:00.000000Z"
    assert "123456" not in repr(found.history)


@pytest.mark.parametrize("status", [S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED])
def test_ready_alone_walks_the_missing_steps_in_one_transaction(status: S) -> None:
    ledger = shop(status)
    act(ledger, "ready")
    assert len(ledger.commits) == 1
    assert buckets(ledger) == {B.READY_FOR_PICKUP: 3}


def test_codes_are_six_digits_and_not_the_same() -> None:
    codes = {six_digits() for _ in range(50)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 40


def test_the_code_hands_it_over_and_stock_leaves() -> None:
    ledger = ready()
    done = act(ledger, "collect", code="123456")
    assert (done.status, done.due_at) == (S.COLLECTED, None)
    assert buckets(ledger) == {B.COLLECTED: 3}
    assert mugs(ledger) == (7, 0, 7)
    assert told(ledger).data["proof"] == "code"
    assert ledger.orders["ord_a"].status is OrderStatus.CLOSED
    assert ledger.orders["ord_a"].line("1").returnable == 3


@pytest.mark.parametrize("request_", [{}, {"code": "654321"}, {"code": "12345"}, {"code": "١٢٣"}])
def test_without_the_code_nothing_is_handed_over(request_: dict[str, str]) -> None:
    ledger = ready()
    with pytest.raises(InvalidInput) as refused:
        act(ledger, "collect", **request_)
    assert refused.value.field == "code"
    assert len(ledger.commits) == 1


def test_a_wrong_code_is_not_made_good_by_an_identity() -> None:
    with pytest.raises(InvalidInput):
        act(ready(), "collect", code="654321", identity_checked=True)


def test_a_customer_without_the_code_may_show_who_they_are() -> None:
    ledger = ready()
    act(ledger, "collect", identity_checked=True)
    assert told(ledger).data["proof"] == "identity"


def test_what_the_customer_does_not_want_is_cancelled_and_back_in_stock() -> None:
    ledger = ready()
    act(ledger, "collect", code="123456", lines={"1": 2})
    assert buckets(ledger) == {B.COLLECTED: 2, B.CANCELLED: 1}
    assert mugs(ledger) == (8, 0, 8)
    [said] = [e for e in ledger.orders["ord_a"].history if e.type == "OrderCancelled"]
    assert said.data == {"units": 1, "whole_order": False, "reason": "declined"}


def test_two_lines_of_one_sku_of_which_one_is_declined_are_one_movement() -> None:
    ledger = ready()
    lines = (FulfillmentLine("1", Sku("MUG"), 2), FulfillmentLine("2", Sku("MUG"), 1))
    ledger.works["ord_a-1"] = replace(ledger.works["ord_a-1"], lines=lines)
    bought = [line(i, quantity=n, buckets={B.READY_FOR_PICKUP: n}) for i, n in (("1", 2), ("2", 1))]
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], lines=tuple(bought))
    act(ledger, "collect", code="123456", lines={"2": 1})
    assert mugs(ledger) == (9, 0, 9)


def test_a_customer_at_the_kerb_is_told_to_the_store_and_how_long_they_waited() -> None:
    ledger = ready(method=Method.CURBSIDE)
    here = act(ledger, "arrive", bay="3", vehicle="blue van")
    assert (here.status, here.pickup.bay, here.pickup.vehicle) == (S.ARRIVED, "3", "blue van")
    assert told(ledger).data["bay"] == "3"
    assert "blue van" not in repr(here.history)
    done = act(ledger, "collect", timedelta(minutes=4), code="123456")
    assert told(ledger).data["waited_seconds"] == 240
    assert (done.pickup.code, done.pickup.vehicle) == ("", "")


def test_the_same_collection_twice_is_one() -> None:
    ledger = ready()
    for _ in range(2):
        act(ledger, "collect", code="123456", request_id="r1")
    assert mugs(ledger) == (7, 0, 7)
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, "collect", code="123456", request_id="r2")
    assert refused.value.found == "collected"


def test_the_customer_is_reminded_once_and_then_it_goes_back_to_the_shelf() -> None:
    ledger = ready()
    # GIVEN nobody came: nothing happens before its time
    expire_work("ord_a-1", floor(ledger, 5 * DAY))
    assert told(ledger).type == "FulfillmentOrderReadied"
    # WHEN two days are left
    for days in (6, 7):
        expire_work("ord_a-1", floor(ledger, days * DAY))
    # THEN the customer hears of it once
    types = [entry.type for entry in ledger.works["ord_a-1"].history]
    assert types.count("CustomerReminded") == 1
    # WHEN the last day is over
    for _ in range(2):
        expire_work("ord_a-1", floor(ledger, 8 * DAY))
    # THEN the units are cancelled, for sale again, and not routed anew
    assert ledger.works["ord_a-1"].status is S.EXPIRED
    assert ledger.works["ord_a-1"].pickup.code == ""  # type: ignore[union-attr]
    assert buckets(ledger) == {B.CANCELLED: 3}
    assert mugs(ledger) == (10, 0, 10)
    said = ledger.orders["ord_a"].history[-1]
    assert (said.type, said.data["reason"]) == ("OrderCancelled", "not_collected")
    assert ledger.orders["ord_a"].status is OrderStatus.CANCELLED


def test_a_sweep_that_comes_late_ends_it_without_a_reminder_nobody_can_follow() -> None:
    ledger = ready()
    expire_work("ord_a-1", floor(ledger, 20 * DAY))
    assert ledger.works["ord_a-1"].status is S.EXPIRED


def test_who_collects_in_the_last_moment_wins_or_loses_but_never_both() -> None:
    ledger = ready()

    def the_sweep_is_faster(commit: Any) -> None:
        ledger.before = lambda commit: None
        expire_work("ord_a-1", floor(ledger, 9 * DAY))

    ledger.before = the_sweep_is_faster
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, "collect", 9 * DAY, code="123456")
    assert refused.value.found == "expired"
    assert mugs(ledger) == (10, 0, 10)


def test_whoever_arrives_on_the_last_evening_is_still_served() -> None:
    ledger = ready()
    evening = UNTIL - NOW - timedelta(minutes=5)
    act(ledger, "arrive", evening)
    expire_work("ord_a-1", floor(ledger, evening + timedelta(minutes=10)))
    assert act(ledger, "collect", evening + timedelta(hours=1), code="123456").status == "collected"


def test_who_arrived_and_left_again_blocks_nothing_for_ever() -> None:
    ledger = ready()
    act(ledger, "arrive", 7 * DAY)
    expire_work("ord_a-1", floor(ledger, 9 * DAY))
    assert buckets(ledger) == {B.CANCELLED: 3}


def test_a_cancellation_takes_back_what_lies_ready_at_once() -> None:
    ledger = ready()
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], withdraw={"1": 3})
    withdraw_units("ord_a", floor(ledger))
    assert ledger.works["ord_a-1"].status is S.CANCELLED
    assert ledger.works["ord_a-1"].pickup.code == ""  # type: ignore[union-attr]
    assert (buckets(ledger), mugs(ledger)) == ({B.CANCELLED: 3}, (10, 0, 10))


def test_what_broke_on_the_shelf_waits_for_the_customers_choice() -> None:
    ledger = ready()
    act(ledger, "reject", reason=RejectReason.DAMAGED)
    assert buckets(ledger) == {B.PENDING: 3}
    assert mugs(ledger) == (10, 0, 7)
    assert ledger.orders["ord_a"].hold_reason is HoldReason.INVENTORY_OUT_OF_STOCK


@pytest.mark.parametrize(
    ("method", "status", "action"),
    [
        (Method.PICKUP, S.PACKED, "ship"),
        (Method.PICKUP, S.RELEASED, "ship"),
        (Method.CURBSIDE, S.PACKED, "deliver"),
        (Method.SHIP, S.PACKED, "ready"),
        (Method.SHIP, S.RELEASED, "ready"),
        (Method.SAME_DAY, S.PACKED, "ready"),
        (Method.PICKUP, S.PACKED, "collect"),
        (Method.PICKUP, S.PACKED, "arrive"),
    ],
)
def test_a_step_of_another_method_is_refused(method: Method, status: S, action: str) -> None:
    ledger = shop(status, method=method)
    with pytest.raises(IllegalTransition) as refused:
        act(ledger, action, code="123456")
    assert refused.value.found == status
    assert ledger.commits == []


def test_a_shipped_parcel_is_not_rejected_by_where_it_came_from() -> None:
    with pytest.raises(IllegalTransition):
        act(shop(S.SHIPPED, method=Method.SHIP), "reject")


# ── sent to the store ──


def test_what_is_sent_to_a_store_moves_there_reserved_and_is_collected_there() -> None:
    ledger = sent_to_store()
    act(ledger, "ship")
    assert mugs(ledger) == (7, 0, 7)
    assert buckets(ledger) == {B.SHIPPED: 3}
    assert "MUG@SHOP" not in ledger.positions
    arrived = act(ledger, "ready")
    assert mugs(ledger, "SHOP") == (3, 3, 0)
    assert (arrived.held_by, told(ledger).data["location_id"]) == ("SHOP", "SHOP")
    act(ledger, "collect", code="123456")
    assert mugs(ledger, "SHOP") == (0, 0, 0)
    assert buckets(ledger) == {B.COLLECTED: 3}
    causes = [change.cause for commit in ledger.commits for change in commit.stock]
    assert causes == [Cause.TRANSFER_OUT, Cause.TRANSFER_IN, Cause.SHIPMENT]


def test_a_store_that_had_mugs_has_more_of_them() -> None:
    ledger = sent_to_store()
    ledger.stock("MUG", "SHOP", 2)
    act(ledger, "ship")
    act(ledger, "ready")
    assert mugs(ledger, "SHOP") == (5, 3, 2)


def test_a_position_that_is_made_meanwhile_is_met_on_the_second_try() -> None:
    ledger = sent_to_store()
    act(ledger, "ship")

    def somebody_counts(commit: Any) -> None:
        ledger.before = lambda commit: None
        ledger.stock("MUG", "SHOP", 2)

    ledger.before = somebody_counts
    act(ledger, "ready")
    assert mugs(ledger, "SHOP") == (5, 3, 2)


def test_the_warehouse_cannot_say_that_it_lies_ready_elsewhere() -> None:
    with pytest.raises(IllegalTransition) as refused:
        act(sent_to_store(), "ready")
    assert refused.value.found == "packed"


def test_what_nobody_collects_there_is_the_stores_to_sell() -> None:
    ledger = sent_to_store()
    act(ledger, "ship")
    act(ledger, "ready")
    expire_work("ord_a-1", floor(ledger, 9 * DAY))
    assert mugs(ledger, "SHOP") == (3, 0, 3)
    assert mugs(ledger) == (7, 0, 7)


@pytest.mark.parametrize("reason", list(RejectReason))
def test_what_never_came_is_routed_again_and_in_nobodys_stock(reason: RejectReason) -> None:
    ledger = sent_to_store()
    act(ledger, "ship")
    act(ledger, "reject", reason=reason)
    assert buckets(ledger) == {B.PENDING: 3}
    assert ledger.orders["ord_a"].hold_reason is None
    assert mugs(ledger) == (7, 0, 7)
    # AND the warehouse may be asked again
    assert "RENO" not in ledger.orders["ord_a"].line("1").excluded


def test_both_the_warehouse_and_the_store_may_act_and_nobody_else() -> None:
    ledger = sent_to_store()
    for action, who in (("ship", "RENO"), ("ready", "SHOP")):
        perform(action, "ord_a-1", ActionRequest(), who, frozenset({who}), floor(ledger))
    other = frozenset({"ELSEWHERE"})
    with pytest.raises(NotFound):
        perform("collect", "ord_a-1", ActionRequest(), "x", other, floor(ledger))


# ── short picks, cancelling ──


def test_a_short_pick_goes_on_with_what_was_found_and_routes_the_rest() -> None:
    ledger = shop(S.ACCEPTED, method=Method.SHIP)
    picked = act(ledger, "pick", lines={"1": 2})
    assert (picked.status, picked.lines[0].quantity) == (S.PICKING, 2)
    assert buckets(ledger) == {B.PICKED: 2, B.PENDING: 1}
    assert mugs(ledger) == (9, 2, 7)
    assert ledger.orders["ord_a"].line("1").excluded == ("RENO",)
    assert len(ledger.commits) == 1


def test_a_pick_that_names_all_of_it_is_a_plain_one() -> None:
    ledger = shop(S.ACCEPTED)
    act(ledger, "pick", lines={"1": 3})
    assert (buckets(ledger), mugs(ledger)) == ({B.PICKED: 3}, (10, 3, 7))


@pytest.mark.parametrize("action", ["pack", "ready"])
def test_a_part_of_what_can_only_be_done_as_a_whole_is_refused(action: str) -> None:
    ledger = shop(S.PICKING)
    with pytest.raises(InvalidInput) as refused:
        act(ledger, action, lines={"1": 2})
    assert refused.value.field == "lines"
    assert ledger.commits == []


@pytest.mark.parametrize("status", [S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING])
def test_work_is_cancelled_for_the_customer_until_it_is_packed(status: S) -> None:
    ledger = shop(status)
    act(ledger, "cancel", lines={"1": 1})
    assert buckets(ledger)[B.CANCELLED] == 1
    assert mugs(ledger) == (10, 2, 8)
    act(ledger, "cancel")
    assert ledger.works["ord_a-1"].status is S.CANCELLED
    assert (buckets(ledger), mugs(ledger)) == ({B.CANCELLED: 3}, (10, 0, 10))


def test_packed_work_refuses_to_be_cancelled() -> None:
    with pytest.raises(IllegalTransition) as refused:
        act(shop(S.PACKED), "cancel")
    assert refused.value.found == "packed"


# ── until when ──


def store(**rest: Any) -> Location:
    return location("SHOP", timezone="America/New_York", **rest)


@pytest.mark.parametrize(
    ("now", "rest", "until"),
    [
        # a minute before and after the store's midnight
        ("2026-03-04T04:59:00+00:00", {}, "2026-03-05T05:00:00+00:00"),
        ("2026-03-04T05:01:00+00:00", {}, "2026-03-06T05:00:00+00:00"),
        # the clocks go forward on Sunday 8 March: its day ends an hour earlier
        ("2026-03-07T15:00:00+00:00", {}, "2026-03-09T04:00:00+00:00"),
        # closed on Sundays, and on the Monday after: Tuesday is the last day
        (
            "2026-03-07T15:00:00+00:00",
            {"closed_weekdays": frozenset({6}), "closed_dates": frozenset({date(2026, 3, 9)})},
            "2026-03-11T04:00:00+00:00",
        ),
        # a calendar that never opens says nothing
        (
            "2026-03-07T15:00:00+00:00",
            {"closed_weekdays": frozenset(range(7))},
            "2026-03-09T04:00:00+00:00",
        ),
    ],
)
def test_the_last_day_is_the_stores_own(now: str, rest: dict[str, Any], until: str) -> None:
    found = kept_until(store(**rest), datetime.fromisoformat(now), 1)
    assert found == datetime.fromisoformat(until)


def test_a_store_may_keep_it_for_longer_or_not_at_all() -> None:
    for days, until in ((30, "2026-04-04T07:00:00+00:00"), (0, "2026-03-05T08:00:00+00:00")):
        ledger = shop(S.PACKED)
        ledger.open(location("RENO", pickup_days=days))
        pickup = act(ledger, "ready").pickup
        assert pickup.until == datetime.fromisoformat(until)


def test_where_no_time_is_left_for_a_reminder_there_is_none() -> None:
    ledger = shop(S.PACKED)
    ledger.open(location("RENO", pickup_days=1))
    found = act(ledger, "ready")
    assert found.due_at == found.pickup.until


# ── the machine ──

METHODS = [*((method, None) for method in Method), (Method.SHIP_TO_STORE, LocationId("SHOP"))]


@pytest.mark.parametrize(("method", "to"), METHODS)
def test_the_way_of_every_method_is_legal_to_its_end(method: Method, to: LocationId | None) -> None:
    one = work(method=method, to_location=to)
    steps = way(one)
    for step, following in pairwise(steps):
        assert following in leads_to(replace(one, status=step))
    assert leads_to(replace(one, status=steps[-1])) == frozenset()


@pytest.mark.parametrize(("method", "to"), METHODS)
def test_an_edge_of_a_method_is_an_edge(method: Method, to: LocationId | None) -> None:
    for status, targets in EDGES.items():
        assert leads_to(work(status=status, method=method, to_location=to)) <= targets


def test_its_execution_waits_until_the_customer_has_it() -> None:
    ledger = ready()
    assert wait_for("ord_a-1", "acceptance", "t1", floor(ledger)) is not None
    assert wait_for("ord_a-1", "shipment", "t2", floor(ledger)) is None
    act(ledger, "collect", code="123456")
    result = wait_for("ord_a-1", "shipment", "t3", floor(ledger))
    assert result and (result.status, result.error) == ("collected", "")
