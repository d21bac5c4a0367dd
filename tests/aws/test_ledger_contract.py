"""What a ledger promises, asked of the DynamoDB adapter and of the fake that other tests use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import boto3
import pytest
from dom.aws import keys
from dom.aws.capacity_writes import capacity_request
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.line_store import LineStore
from dom.aws.order_store import OrderStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.reads import get
from dom.aws.reservation_store import ReservationStore
from dom.aws.stock_store import StockStore
from dom.aws.supply_store import SupplyStore
from dom.errors import CommitRefused
from dom.model.clock import to_text
from dom.model.commit import CapacityChange, Claim, Commit, ParcelEntry, PersonalData
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.order import Bucket, HoldReason
from dom.model.product import Product
from dom.model.prospect import Prospect
from dom.model.queue import rank_of
from dom.model.reservation import (
    Hold,
    Reservation,
    ReservationChange,
    ReservationId,
    ReservationStatus,
)
from dom.model.stock import Cause, StockChange
from dom.model.supply import SupplyKind, SupplyLine, SupplyOrder, SupplyStatus, supply_id
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, FakeReservations
from support.tables import moto_tables, people_of

DAY = date(2026, 3, 4)


class Stored:
    """The DynamoDB adapter with the reads and set-ups that the suite asks of the fake too."""

    def __init__(self, tables: dict[str, str]) -> None:
        self.dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        names = [f"{name}_TABLE" for name in ("ORDERS", "INVENTORY", "NETWORK", "INBOX")]
        self.tables = [tables[name] for name in names]
        people = people_of(tables)
        self.ledger = DynamoLedger(self.dynamodb, *self.tables, people=people)
        self.store = OrderStore(self.dynamodb, self.tables[0], people)
        self.reader = StockStore(self.dynamodb, self.tables[1])
        self.lines = LineStore(self.dynamodb, self.tables[1])
        self.kept = ReservationStore(self.dynamodb, self.tables[1])

    def __getattr__(self, name: str) -> Any:
        for part in (self.ledger, self.store, self.reader, self.lines):
            if hasattr(part, name):
                return getattr(part, name)
        raise AttributeError(name)

    def supply(self, order_id: str) -> SupplyOrder | None:
        return SupplyStore(self.dynamodb, self.tables[1]).load(order_id)

    def describe(self, product: Product) -> None:
        assert DynamoProductStore(self.dynamodb, self.tables[1]).save(product, None)

    def open(self, *locations: Any) -> None:
        for one in locations:
            state = {**keys.location_state(one.location_id), "open": one.active}
            if one.inactive_until:
                state["closed_until"] = to_text(one.inactive_until)
            if one.daily_capacity is not None:
                state["daily_capacity"] = one.daily_capacity
            if one.daily_effort is not None:
                state["daily_effort"] = one.daily_effort
            self.dynamodb.put_item(TableName=self.tables[2], Item=marshal(state))

    def state(self, location_id: str) -> dict[str, Any]:
        return get(self.dynamodb, self.tables[2], keys.location_state(location_id)) or {}

    def left(self, location_id: str, day: date) -> int | None:
        return self.state(location_id).get(f"left#{day}")


class Faked(FakeLedger):
    def supply(self, order_id: str) -> SupplyOrder | None:
        return self.supplies.get(order_id)

    @property
    def kept(self) -> FakeReservations:
        return FakeReservations(self)

    def state(self, location_id: str) -> dict[str, Any]:
        return self.states[location_id]

    def left(self, location_id: str, day: date) -> int | None:
        return self.state(location_id).get(f"left#{day}")


@pytest.fixture(params=["dynamodb", "fake"])
def ledger(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "fake":
        yield Faked()
        return
    with moto_tables() as tables:
        yield Stored(tables)


def fact(name: str, **changes: Any) -> Commit:
    return Commit(name, NOW, "test", **changes)


def change(**deltas: Any) -> StockChange:
    cause = Cause.SNAPSHOT if deltas.get("creates") else Cause.ALLOCATION
    return StockChange(Sku("MUG #1"), LocationId("RENO"), cause, **deltas)


def refusal(ledger: Any, commit: Commit) -> dict[str, Any]:
    with pytest.raises(CommitRefused) as refused:
        ledger.commit(commit)
    return {conflict.kind: conflict.found for conflict in refused.value.conflicts}


def position(ledger: Any) -> Any:
    (found,) = ledger.positions_of([("MUG #1", "RENO")])
    return found


def test_an_order_is_read_back_as_it_was_written(ledger: Any) -> None:
    written = order(version=0, due_at=NOW)
    ledger.commit(fact("a", orders=(written,)))
    assert ledger.load("ord_a") == replace(written, version=1)


def test_a_new_order_is_written_once(ledger: Any) -> None:
    ledger.commit(fact("a", orders=(order(version=0),)))
    assert "order" in refusal(ledger, fact("b", orders=(order(version=0, name="other"),)))
    assert ledger.load("ord_a").name == ""


def test_an_order_read_before_anothers_write_is_refused(ledger: Any) -> None:
    ledger.commit(fact("a", orders=(order(version=0),)))
    ledger.commit(fact("b", orders=(order(version=1, name="first"),)))
    assert "order" in refusal(ledger, fact("c", orders=(order(version=1, name="late"),)))


def test_a_field_set_to_none_is_gone(ledger: Any) -> None:
    ledger.commit(fact("a", orders=(order(version=0, due_at=NOW),)))
    ledger.commit(fact("b", orders=(order(version=1, due_at=None),)))
    assert ledger.load("ord_a").due_at is None


def test_work_of_an_order_is_found_by_its_id_and_by_its_order(ledger: Any) -> None:
    ledger.commit(fact("a", fulfillment_orders=(work(version=0), work(2, version=0))))
    assert ledger.fulfillment_order("ord_a-2").id == "ord_a-2"
    assert [one.id for one in ledger.fulfillment_orders("ord_a")] == ["ord_a-1", "ord_a-2"]


def test_work_is_found_by_the_numbers_of_its_parcels_however_often_they_are_noted(
    ledger: Any,
) -> None:
    first, second = (ParcelEntry("1Z É/9", work(n).id) for n in (1, 2))
    for number, entries in enumerate(((first, second), (first,))):
        works = (work(number + 1, version=0),)
        ledger.commit(fact(str(number), fulfillment_orders=works, parcels=entries))
    assert ledger.works_of_parcel("1Z É/9") == ["ord_a-1", "ord_a-2"]
    assert ledger.works_of_parcel("1Z") == []


def test_stock_is_taken_down_to_the_last_unit_and_no_further(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=2, safety_stock=1),)))
    take = change(reserved=1, takes_available=True)
    ledger.commit(fact("b", stock=(take,)))
    found = refusal(ledger, fact("c", stock=(take,)))["position"]
    assert found["available"] == 0
    assert (position(ledger).reserved, position(ledger).available) == (1, 0)


def test_physical_facts_may_make_available_negative(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=2),)))
    ledger.commit(fact("b", stock=(change(reserved=2, takes_available=True),)))
    ledger.commit(fact("c", stock=(change(on_hand=-1),)))
    assert position(ledger).available == -1


def test_reserved_never_falls_below_zero(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=2),)))
    assert "position" in refusal(ledger, fact("b", stock=(change(reserved=-1),)))


def test_a_position_that_is_not_there_cannot_be_taken_from(ledger: Any) -> None:
    found = refusal(ledger, fact("a", stock=(change(reserved=1, takes_available=True),)))
    assert found == {"position": None}


def test_a_position_that_changed_since_it_was_read_is_refused(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=2),)))
    ledger.commit(fact("b", stock=(change(on_hand=1, expected_version=1),)))
    assert "position" in refusal(ledger, fact("c", stock=(change(on_hand=1, expected_version=1),)))


def test_the_same_fact_moves_stock_once(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=5),)))
    ledger.commit(fact("b", stock=(change(reserved=1),)))
    assert "movement" in refusal(ledger, fact("b", stock=(change(reserved=1),)))
    assert position(ledger).reserved == 1


def test_a_new_position_is_in_the_availability_document_at_once(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=5),)))
    assert ledger.availability(["MUG #1", "CUP"]) == {"MUG #1": {"RENO": 5}, "CUP": {}}


def test_products_that_are_described_come_with_their_stock(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=5),)))
    mug = Product(
        Sku("MUG #1"),
        needs=frozenset({"cold"}),
        grams=450,
        daily_demand=1.25,
        rejects={LocationId("RENO"): 3},
        version=1,
    )
    ledger.describe(mug)
    ledger.describe(replace(mug, sku=Sku("OTHER")))
    found = ledger.assortment(["MUG #1", "CUP"])
    assert found.units == {"MUG #1": {"RENO": 5}, "CUP": {}}
    assert found.products == {Sku("MUG #1"): mug}


def test_one_failed_condition_leaves_everything_as_it_was(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=1),)))
    both = fact("b", orders=(order(version=0),), stock=(change(reserved=2, takes_available=True),))
    refusal(ledger, both)
    assert ledger.load("ord_a") is None
    assert position(ledger).reserved == 0


def test_capacity_n_admits_exactly_n(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=2))
    take = CapacityChange(LocationId("RENO"), DAY, 1, 2)
    ledger.commit(fact("a", capacity=(take,)))
    ledger.commit(fact("b", capacity=(take,)))
    assert refusal(ledger, fact("c", capacity=(take,)))["location"][f"left#{DAY}"] == 0
    ledger.commit(fact("d", capacity=(CapacityChange(LocationId("RENO"), DAY, -1, None),)))
    ledger.commit(fact("e", capacity=(take,)))
    assert ledger.left("RENO", DAY) == 0


def test_a_slot_is_given_back_for_room_only_while_there_is_too_little(ledger: Any) -> None:
    give = CapacityChange(LocationId("RENO"), DAY, -1, None, while_over=True)
    ledger.open(location("RENO", daily_capacity=2))
    assert "location" in refusal(ledger, fact("a", capacity=(give,)))
    forced = CapacityChange(LocationId("RENO"), DAY, 3, 2, forced=True)
    ledger.commit(fact("b", capacity=(forced,)))
    ledger.commit(fact("c", capacity=(give,)))
    assert ledger.left("RENO", DAY) == 0
    assert "location" in refusal(ledger, fact("d", capacity=(give,)))


def test_effort_that_is_too_much_is_room_for_slots_too(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=2, daily_effort=5))
    forced = CapacityChange(LocationId("RENO"), DAY, 1, 2, effort=7, daily_effort=5, forced=True)
    ledger.commit(fact("a", capacity=(forced,)))
    give = CapacityChange(LocationId("RENO"), DAY, -1, None, effort=-7, while_over=True)
    ledger.commit(fact("b", capacity=(give,)))
    assert ledger.left("RENO", DAY) == 2


def test_more_than_a_day_has_is_refused_even_as_its_first_work(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=2))
    take = CapacityChange(LocationId("RENO"), DAY, 3, 2)
    assert "location" in refusal(ledger, fact("a", capacity=(take,)))


def test_a_new_day_starts_with_all_of_its_capacity(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=1))
    ledger.commit(fact("a", capacity=(CapacityChange(LocationId("RENO"), DAY, 1, 1),)))
    tomorrow = DAY.replace(day=5)
    ledger.commit(fact("b", capacity=(CapacityChange(LocationId("RENO"), tomorrow, 1, 1),)))
    assert ledger.left("RENO", tomorrow) == 0


@pytest.mark.parametrize("units", [0, -1])
def test_work_that_takes_the_slot_of_other_work_still_needs_an_open_location(
    ledger: Any, units: int
) -> None:
    swap = CapacityChange(LocationId("RENO"), DAY, units, None, arrives=True)
    ledger.open(location("RENO", active=False, daily_capacity=2))
    assert refusal(ledger, fact("a", capacity=(swap,)))["location"]["open"] is False
    ledger.open(location("RENO", daily_capacity=2))
    ledger.commit(fact("b", capacity=(CapacityChange(LocationId("RENO"), DAY, 1, 2),)))
    ledger.commit(fact("c", capacity=(swap,)))
    assert ledger.left("RENO", DAY) == 1 - units


@pytest.mark.parametrize("capacity", [None, 5])
def test_a_closed_location_takes_nothing(ledger: Any, capacity: int | None) -> None:
    ledger.open(location("RENO", active=False, daily_capacity=capacity))
    take = CapacityChange(LocationId("RENO"), DAY, 1, capacity)
    assert refusal(ledger, fact("a", capacity=(take,)))["location"]["open"] is False


@pytest.mark.parametrize("capacity", [None, 5])
@pytest.mark.parametrize(("units", "arrives"), [(1, False), (0, False), (-1, True)])
def test_what_is_closed_until_a_time_is_open_from_then_on(
    ledger: Any, capacity: int | None, units: int, arrives: bool
) -> None:
    until = NOW + timedelta(hours=2)
    shut = location("RENO", active=False, inactive_until=until, daily_capacity=capacity)
    ledger.open(shut)
    taken = CapacityChange(LocationId("RENO"), NOW.date(), units, capacity, arrives=arrives)
    early = replace(fact("a", capacity=(taken,)), at=until - timedelta(microseconds=1))
    assert refusal(ledger, early).keys() == {"location"}
    ledger.commit(replace(fact("b", capacity=(taken,)), at=until))


def test_a_bound_that_was_set_meanwhile_is_told(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=7))
    take = CapacityChange(LocationId("RENO"), DAY, 1, None)
    assert refusal(ledger, fact("a", capacity=(take,)))["location"]["daily_capacity"] == 7


def test_a_location_without_bounds_takes_what_is_forced_if_it_is_there(ledger: Any) -> None:
    ledger.open(location("RENO", active=False, daily_capacity=None))
    take = CapacityChange(LocationId("RENO"), DAY, 1, None, effort=3, forced=True)
    ledger.commit(fact("a", capacity=(take,)))
    for asked in (take, replace(take, units=0, effort=0)):
        assert "location" in refusal(
            ledger, fact("b", capacity=(replace(asked, location_id=LocationId("MARS")),))
        )
        # DynamoDB refuses an empty map, which moto takes.
        [(kind, request)] = capacity_request("network", asked, NOW).items()
        assert (kind, "ExpressionAttributeValues" in request) == ("ConditionCheck", False)
        assert request["ConditionExpression"]


def effort(units: int, by: int, most: int | None = 10, **rest: Any) -> CapacityChange:
    """Slots without a bound, and effort."""
    return CapacityChange(
        LocationId("RENO"), DAY, units, None, effort=by, daily_effort=most, **rest
    )


def test_effort_n_admits_exactly_n(ledger: Any) -> None:
    ledger.open(location("RENO", daily_effort=10))
    ledger.commit(fact("a", capacity=(effort(1, 6),)))
    assert refusal(ledger, fact("b", capacity=(effort(1, 5),)))["location"][f"effort#{DAY}"] == 4
    ledger.commit(fact("c", capacity=(effort(1, 4),)))
    ledger.commit(fact("d", capacity=(effort(-1, -6, None),)))
    assert ledger.state("RENO")[f"effort#{DAY}"] == 6
    assert "location" in refusal(ledger, fact("e", capacity=(effort(1, 11),)))


def test_where_slots_and_effort_are_bounded_both_bind_and_neither_is_taken_alone(
    ledger: Any,
) -> None:
    ledger.open(location("RENO", daily_capacity=2, daily_effort=10))
    take = CapacityChange(LocationId("RENO"), DAY, 1, 2, effort=6, daily_effort=10)
    ledger.commit(fact("a", capacity=(take,)))
    assert "location" in refusal(ledger, fact("b", capacity=(take,)))
    ledger.commit(fact("c", capacity=(replace(take, effort=0),)))
    assert "location" in refusal(ledger, fact("d", capacity=(replace(take, effort=1),)))
    state = ledger.state("RENO")
    assert (state[f"left#{DAY}"], state[f"effort#{DAY}"]) == (0, 4)


def test_one_may_be_taken_while_the_other_is_given_back(ledger: Any) -> None:
    ledger.open(location("RENO", daily_capacity=5, daily_effort=10))
    take = CapacityChange(LocationId("RENO"), DAY, 2, 5, effort=3, daily_effort=10)
    ledger.commit(fact("a", capacity=(take,)))
    ledger.commit(fact("b", capacity=(replace(take, units=-1, effort=7, arrives=True),)))
    ledger.commit(fact("c", capacity=(replace(take, units=1, effort=-2, arrives=True),)))
    state = ledger.state("RENO")
    assert (state[f"left#{DAY}"], state[f"effort#{DAY}"]) == (3, 2)


def test_effort_of_units_that_are_gone_comes_back_although_the_location_is_closed(
    ledger: Any,
) -> None:
    ledger.open(location("RENO", daily_effort=10))
    ledger.commit(fact("a", capacity=(effort(1, 6),)))
    ledger.open(replace(location("RENO", daily_effort=10), active=False))
    ledger.commit(fact("b", capacity=(effort(0, -2, None),)))
    assert "location" in refusal(ledger, fact("c", capacity=(effort(-1, 2, arrives=True),)))


def test_a_bound_of_effort_that_was_changed_meanwhile_is_told(ledger: Any) -> None:
    ledger.open(location("RENO", daily_effort=7))
    for thought in (None, 10):
        found = refusal(ledger, fact("a", capacity=(effort(1, 1, thought),)))
        assert found["location"]["daily_effort"] == 7


def test_an_event_is_claimed_once(ledger: Any) -> None:
    claim = Claim("claim#shopify#shop#orders/create#1", OrderId("ord_a"), NOW)
    ledger.commit(fact("a", claims=(claim,)))
    again = fact("b", orders=(order(version=0),), claims=(claim,))
    assert "claim" in refusal(ledger, again)
    assert ledger.load("ord_a") is None


def test_more_than_a_hundred_items_are_not_even_tried(ledger: Any) -> None:
    orders = tuple(order(f"ord_{n}", version=0) for n in range(101))
    with pytest.raises(ValueError, match="101"):
        ledger.commit(fact("a", orders=orders))


SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=9)


def held(name: str = "a", sku: str = "MUG #1", **rest: Any) -> Reservation:
    holds = (Hold(Sku(sku), LocationId("RENO"), 1),)
    facts = {"expires_at": SOON, "created_at": NOW, "ttl_seconds": 60, **rest}
    return Reservation(ReservationId(f"res_{name}"), holds, ReservationStatus.HELD, **facts)


def made(*reservations: Reservation) -> tuple[ReservationChange, ...]:
    return tuple(ReservationChange(None, one) for one in reservations)


def test_a_reservation_is_read_back_as_it_was_written(ledger: Any) -> None:
    ledger.commit(fact("a", reservations=made(held(channel="shopify", request="x"))))
    found = ledger.kept.load("res_a")
    assert found == held(channel="shopify", request="x", version=1)
    assert ledger.kept.load("res_b") is None


def test_a_reservation_is_made_once_and_moved_from_its_newest_version_only(ledger: Any) -> None:
    ledger.commit(fact("a", reservations=made(held())))
    assert "reservation" in refusal(ledger, fact("b", reservations=made(held())))
    first = held(version=1)
    moved = ReservationChange(first, first.moved(ReservationStatus.COMMITTED, NOW))
    ledger.commit(fact("c", reservations=(moved,)))
    assert "reservation" in refusal(ledger, fact("d", reservations=(moved,)))
    assert ledger.kept.load("res_a").status is ReservationStatus.COMMITTED


def test_a_refused_hold_leaves_no_trace(ledger: Any) -> None:
    ledger.commit(fact("a", stock=(change(creates=True, on_hand=1),)))
    take = change(reserved=2, takes_available=True)
    assert "position" in refusal(ledger, fact("b", stock=(take,), reservations=made(held())))
    assert ledger.kept.load("res_a") is None
    assert ledger.kept.due(LATER) == []


def test_expired_holds_are_found_by_sku_and_all_together_oldest_first(ledger: Any) -> None:
    some = (held("late", expires_at=LATER), held("b"), held("a"), held("cup", sku="CUP"))
    ledger.commit(fact("a", reservations=made(*some)))
    before = SOON - timedelta(microseconds=1)
    assert ledger.kept.expired(["MUG #1", "CUP"], before) == []
    names = [one.id for one in ledger.kept.expired(["MUG #1"], SOON)]
    assert names == ["res_a", "res_b"]
    assert [one.id for one in ledger.kept.expired(["MUG #1"], LATER, 1)] == ["res_a"]
    due = [one.id for one in ledger.kept.due(LATER)]
    assert due == ["res_a", "res_b", "res_cup", "res_late"]


def test_an_extended_hold_is_found_at_its_new_time_only(ledger: Any) -> None:
    ledger.commit(fact("a", reservations=made(held())))
    first = held(version=1)
    longer = ReservationChange(first, replace(first, expires_at=LATER))
    ledger.commit(fact("b", reservations=(longer,)))
    assert ledger.kept.expired(["MUG #1"], SOON) == ledger.kept.due(SOON) == []
    assert [one.version for one in ledger.kept.due(LATER)] == [2]


@pytest.mark.parametrize("to", [ReservationStatus.RELEASED, ReservationStatus.COMMITTED])
def test_a_hold_that_is_settled_is_not_found_by_its_expiry(
    ledger: Any, to: ReservationStatus
) -> None:
    ledger.commit(fact("a", reservations=made(held())))
    first = held(version=1)
    ledger.commit(fact("b", reservations=(ReservationChange(first, first.moved(to, NOW)),)))
    assert ledger.kept.expired(["MUG #1"], LATER) == ledger.kept.due(LATER) == []


def test_what_a_reservation_writes_is_what_the_commit_says(ledger: Any) -> None:
    carts = made(*(held(f"n{n}", sku=f"SKU {n}") for n in range(33)))
    assert fact("a", reservations=carts).writes == 99
    ledger.commit(fact("a", reservations=carts))
    with pytest.raises(ValueError, match="writes"):
        ledger.commit(fact("b", reservations=made(*(held(f"m{n}") for n in range(34)))))


def test_what_waits_for_a_location_is_counted_with_the_order(ledger: Any) -> None:
    lines = [line("1", "MUG", 3), line("2", "HAT", 1)]
    one, two = order("ord_a", *lines, version=0), order("ord_b", line("1", "MUG", 2), version=0)
    ledger.commit(fact("a", orders=(one, two)))
    assert ledger.demand(["MUG", "HAT", "CAP"]) == {"MUG": 5, "HAT": 1}
    stored = ledger.load("ord_a")
    given = [stored.lines[0].moved(Bucket.PENDING, Bucket.ALLOCATED, 3), stored.lines[1]]
    ledger.commit(fact("b", orders=(stored.with_lines(given),)))
    assert ledger.demand(["MUG", "HAT"]) == {"MUG": 2, "HAT": 1}
    assert ledger.load("ord_a").counted == {"HAT": 1}
    assert ledger.offer(["HAT"])[1] == {"HAT": 1}


def test_what_is_sold_of_a_ring_fence_is_counted_with_the_order(ledger: Any) -> None:
    drop, club = "drop@2026-11-27T00:00:00.000000Z", "club@"
    lines = [line("1", "MUG", 3), line("2", "HAT", 1)]
    one = order("ord_a", *lines, version=0, fences={"MUG": drop})
    two = order("ord_b", line("1", "MUG", 2), version=0, fences={"MUG": drop})
    other = order("ord_c", line("1", "MUG", 4), version=0, fences={"MUG": club})
    ledger.commit(fact("a", orders=(one, two, other)))
    asked = [("MUG", drop), ("MUG", club), ("HAT", drop)]
    assert ledger.sold(asked) == {"MUG": {drop: 5, club: 4}}
    assert ledger.sold([("MUG", club)]) == {"MUG": {club: 4}}
    assert ledger.demand(["MUG", "HAT"]) == {"MUG": 9, "HAT": 1}
    stored = ledger.load("ord_a")
    assert (stored.drawn, stored.counted) == ({"MUG": 3}, {"MUG": 3, "HAT": 1})
    moved = stored.lines[0].moved(Bucket.PENDING, Bucket.ALLOCATED, 1)
    moved = moved.moved(Bucket.PENDING, Bucket.CANCELLED, 2)
    ledger.commit(fact("b", orders=(stored.with_lines([moved]),)))
    assert ledger.sold(asked) == {"MUG": {drop: 3, club: 4}}
    assert ledger.demand(["MUG"]) == {"MUG": 6}


def backordered(order_id: str, age: int, *lines: tuple[str, int], **rest: Any) -> Any:
    made = [
        line(str(n), sku, units, buckets={Bucket.BACKORDERED: units})
        for n, (sku, units) in enumerate(lines)
    ]
    placed_at = NOW - timedelta(hours=age)
    return replace(order(order_id, *made, version=0), placed_at=placed_at, **rest)


def in_line(ledger: Any, sku: str) -> list[tuple[str, int]]:
    return [(one.order_id, one.units) for one in ledger.line(sku)]


def test_what_is_backordered_stands_in_line_for_each_sku_by_priority_and_age(ledger: Any) -> None:
    old = backordered("ord_old", 9, ("MUG", 2), ("MUG", 1), ("A/#b", 1))
    new = backordered("ord_new", 1, ("MUG", 4))
    first = backordered("ord_vip", 2, ("MUG", 1), priority=1)
    held = backordered("ord_held", 3, ("MUG", 1), hold_reason=HoldReason.MANUAL)
    ledger.commit(
        fact("a", orders=(new, old, first, held, backordered("t", 1, ("MUG", 1), test=1)))
    )
    assert in_line(ledger, "MUG") == [("ord_vip", 1), ("ord_old", 3), ("ord_new", 4)]
    assert in_line(ledger, "A/#b") == [("ord_old", 1)]
    assert ledger.lengths(["MUG", "A/#b", "CAP"]) == {"MUG": 8, "A/#b": 1}
    assert [x.order_id for x in ledger.ahead("MUG", rank_of(new), 9)] == ["ord_vip", "ord_old"]
    assert [x.order_id for x in ledger.ahead("MUG", rank_of(new), 1)] == ["ord_vip"]
    assert ledger.ahead("MUG", rank_of(first), 9) == []
    assert [x.order_id for x in ledger.first("MUG", 2)] == ["ord_vip", "ord_old"]
    assert ledger.demand(["MUG"]) == {"MUG": 9}


def test_who_waits_for_less_or_elsewhere_moves_in_line_and_leaves_it_in_one_write(
    ledger: Any,
) -> None:
    one, two = backordered("ord_a", 2, ("MUG", 3)), backordered("ord_b", 1, ("MUG", 1))
    ledger.commit(fact("a", orders=(one, two)))
    stored = ledger.load("ord_b")
    soon = {Sku("MUG"): Prospect(DAY)}
    ledger.commit(fact("b", orders=(replace(stored, priority=7, prospects=soon),)))
    assert in_line(ledger, "MUG") == [("ord_b", 1), ("ord_a", 3)]
    assert next(iter(ledger.line("MUG"))).prospect == Prospect(DAY)
    stored = ledger.load("ord_a")
    some = [stored.lines[0].moved(Bucket.BACKORDERED, Bucket.CANCELLED, 2)]
    ledger.commit(fact("c", orders=(stored.with_lines(some),)))
    stored = ledger.load("ord_b")
    found = [stored.lines[0].moved(Bucket.BACKORDERED, Bucket.ALLOCATED, 1)]
    refusal(ledger, fact("d", orders=(replace(stored.with_lines(found), version=9),)))
    assert in_line(ledger, "MUG") == [("ord_b", 1), ("ord_a", 1)]
    ledger.commit(fact("d", orders=(stored.with_lines(found),)))
    assert in_line(ledger, "MUG") == [("ord_a", 1)] and ledger.lengths(["MUG"]) == {"MUG": 1}
    assert (ledger.load("ord_b").queued, ledger.load("ord_b").prospects) == ({}, {})


def test_who_waits_for_more_skus_than_a_transaction_holds_stands_in_every_line(ledger: Any) -> None:
    skus = [f"S{n:03}" for n in range(40)]
    ledger.commit(fact("a", orders=(backordered("ord_a", 1, *((sku, 1) for sku in skus)),)))
    assert ledger.lengths(skus) == dict.fromkeys(skus, 1)
    assert all(in_line(ledger, sku) == [("ord_a", 1)] for sku in skus[::11])
    stored = ledger.load("ord_a")
    gone = [one.moved(Bucket.BACKORDERED, Bucket.CANCELLED, 1) for one in stored.lines]
    ledger.commit(fact("b", orders=(stored.with_lines(gone),)))
    assert ledger.lengths(skus) == {}
    assert [in_line(ledger, sku) for sku in skus[::11]] == [[]] * 4


def test_a_refused_write_counts_nothing(ledger: Any) -> None:
    ledger.commit(fact("a", orders=(order(version=0),)))
    refusal(ledger, fact("b", orders=(order(version=0, name="other"),)))
    assert ledger.demand(["MUG"]) == {"MUG": 1}
    ledger.commit(fact("c", orders=(ledger.load("ord_a"),)))
    assert ledger.demand(["MUG"]) == {"MUG": 1}


def test_an_order_of_hundreds_of_skus_is_counted_to_the_last(ledger: Any) -> None:
    lines = [line(str(n), f"S{n:03}", 1 + n % 3) for n in range(250)]
    ledger.commit(fact("a", orders=(order("ord_a", *lines, version=0),)))
    skus = [f"S{n:03}" for n in range(250)]
    assert ledger.demand(skus) == {f"S{n:03}": 1 + n % 3 for n in range(250)}
    stored = ledger.load("ord_a")
    gone = [one.moved(Bucket.PENDING, Bucket.CANCELLED, one.quantity) for one in stored.lines]
    ledger.commit(fact("b", orders=(stored.with_lines(gone),)))
    assert ledger.demand(skus) == {}
    assert ledger.load("ord_a").counted == {}


def test_personal_data_are_erased_with_the_order_that_says_so(ledger: Any) -> None:
    told = PersonalData(OrderId("ord_a"), "88", {"email": "ada@example.com"}, NOW)
    ledger.commit(fact("a", orders=(order(version=0),), personal=(told,)))
    assert ledger.personal("ord_a") == told
    gone = replace(ledger.load("ord_a"), forgotten=True)
    ledger.commit(fact("b", orders=(gone,), forgotten=(OrderId("ord_a"),)))
    assert ledger.personal("ord_a") is None
    assert ledger.load("ord_a").forgotten


def supply(version: int = 0, **changes: Any) -> SupplyOrder:
    name = supply_id(SupplyKind.TRANSFER, "RENO", "CHI", "T")
    lines = (SupplyLine(Sku("MUG"), 3),)
    ends = {"from_location": LocationId("RENO"), "version": version, **changes}
    kind = SupplyKind.TRANSFER
    return SupplyOrder(name, kind, LocationId("CHI"), "T", lines, NOW, "ops", **ends)


def test_a_supply_order_is_made_once_and_moved_from_its_newest_version_with_its_stock(
    ledger: Any,
) -> None:
    ledger.commit(fact("a", supply=(supply(),)))
    refusal(ledger, fact("b", supply=(supply(),)))
    leaves = StockChange(
        Sku("MUG"), LocationId("RENO"), Cause.TRANSFER_OUT, on_hand=-1, creates=True
    )
    after = supply(1, status=SupplyStatus.SHIPPED, expected_on=DAY)
    ledger.commit(fact("c", supply=(after,), stock=(leaves,)))
    stale = fact("d", supply=(after,), stock=(replace(leaves, creates=False),))
    refusal(ledger, stale)
    (position,) = ledger.positions_of([("MUG", "RENO")])
    assert position.on_hand == -1
    assert ledger.supply(after.id) == replace(after, version=2)
    assert stale.writes == 1 + 2 + 2


def test_a_supply_order_is_listed_at_both_ends_until_it_is_over() -> None:
    with moto_tables() as tables:
        stored = Stored(tables)
        stored.commit(fact("a", supply=(supply(),)))
        store = SupplyStore(stored.dynamodb, stored.tables[1])
        for place in ("RENO", "CHI"):
            assert [one.id for one in store.page(place, SupplyKind.TRANSFER)[0]] == [supply().id]
            assert store.page(place, SupplyKind.PURCHASE) == ([], "")
        stored.commit(fact("b", supply=(supply(1, status=SupplyStatus.CLOSED),)))
        assert store.page("RENO", SupplyKind.TRANSFER) == store.page("CHI", SupplyKind.TRANSFER)
        assert store.page("CHI", SupplyKind.TRANSFER) == ([], "")
