"""What a warehouse says by file: shipped, short and refused units, at once, in parts, twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import IllegalTransition, InvalidInput, NotFound
from dom.fulfillment.ports import Floor
from dom.fulfillment.told.refuse import accept_told, reject_told
from dom.fulfillment.told.ship import ship_told
from dom.model.commit import position_key
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus, RejectReason
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket
from dom.model.told import (
    AcceptanceTold,
    ParcelTold,
    RejectionTold,
    ShipmentTold,
    UnitsTold,
    WorkNamed,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger

S, B = FulfillmentStatus, Bucket
HERE = frozenset({LocationId("RENO")})
WORK, ORDER = WorkNamed("ord_a-1", HERE), WorkNamed("ord_a", HERE)


def shop(status: FulfillmentStatus = S.RELEASED) -> FakeLedger:
    """Work of three mugs (on two lines) and two hats at RENO."""
    ledger = FakeLedger()
    ledger.open(location("RENO"), location("BOSTON"))
    ledger.stock("MUG", "RENO", 10, reserved=3)
    ledger.stock("HAT", "RENO", 10, reserved=2)
    lines = (
        FulfillmentLine("1", Sku("MUG"), 2),
        FulfillmentLine("2", Sku("HAT"), 2),
        FulfillmentLine("3", Sku("MUG"), 1),
    )
    ledger.works["ord_a-1"] = work(status=status, lines=lines)
    bucket = {S.PACKED: B.PACKED, S.CANCEL_REQUESTED: B.PACKED}.get(status, B.ALLOCATED)
    ledger.orders["ord_a"] = order(
        "ord_a",
        line("1", quantity=2, buckets={bucket: 2}),
        line("2", "HAT", quantity=2, buckets={bucket: 2}),
        line("3", quantity=1, buckets={bucket: 1}),
    )
    return ledger


def floor(ledger: FakeLedger) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, lambda: NOW)


def of(sku: str, units: int, where: str = "W12 (segment 9)") -> UnitsTold:
    return UnitsTold(units, sku=Sku(sku), where=where)


def row(line_id: str, units: int) -> UnitsTold:
    return UnitsTold(units, line_id=line_id, where="row 2")


def ship(
    ledger: FakeLedger, *units: UnitsTold, request: str = "r1", **more: object
) -> FulfillmentOrder:
    told = replace(ShipmentTold(WORK, units), **more)  # type: ignore[arg-type]
    return ship_told(told, request, "wms", floor(ledger))


def part(ledger: FakeLedger, *parcels: ParcelTold) -> FulfillmentOrder:
    units = tuple(one for parcel in parcels for one in parcel.units)
    told = ShipmentTold(ORDER, units, parcels, whole=False)
    return ship_told(told, "", "wms", floor(ledger))


def box(number: str, **units: int) -> ParcelTold:
    rows = tuple(row(name.removeprefix("line"), n) for name, n in units.items())
    return ParcelTold(number, "UPSN", rows)


def buckets(ledger: FakeLedger) -> list[dict[str, int]]:
    return [{k.value: n for k, n in x.buckets.items()} for x in ledger.orders["ord_a"].lines]


def stock(ledger: FakeLedger) -> list[tuple[int, int]]:
    found = (ledger.positions[position_key(sku, "RENO")] for sku in ("MUG", "HAT"))
    return [(one.on_hand, one.reserved) for one in found]


ALL = [{"shipped": 2}, {"shipped": 2}, {"shipped": 1}]


def test_what_was_ordered_and_shipped_leaves_in_one_step_and_once() -> None:
    ledger = shop()
    parcels = (ParcelTold("1Z9", "UPSN"),)
    done = ship(ledger, of("MUG", 2), of("MUG", 1), of("HAT", 2), parcels=parcels)
    assert (done.status, done.parcels[0].tracking_number) == (S.SHIPPED, "1Z9")
    assert (buckets(ledger), stock(ledger)) == (ALL, [(7, 0), (8, 0)])
    commits = len(ledger.commits)
    ship(ledger, of("MUG", 2), of("MUG", 1), of("HAT", 2), parcels=parcels)
    assert (len(ledger.commits), commits) == (1, 1)


def test_what_stays_behind_is_rejected_and_what_it_does_not_name_stays_behind() -> None:
    ledger = shop()
    done = ship(ledger, of("MUG", 1))
    assert (done.status, done.lines) == (S.SHIPPED, (FulfillmentLine("1", Sku("MUG"), 1),))
    assert buckets(ledger) == [{"pending": 1, "shipped": 1}, {"pending": 2}, {"pending": 1}]
    assert stock(ledger) == [(7, 0), (8, 0)], "what was not found is not there"
    before = len(ledger.commits)
    ship(ledger, of("MUG", 1))
    assert len(ledger.commits) == before
    assert ledger.orders["ord_a"].line("1").excluded == ("RENO",)


def test_of_what_did_not_leave_at_all_nothing_is_shipped() -> None:
    ledger = shop()
    done = ship(ledger, of("MUG", 0), of("HAT", 0), reason=RejectReason.NO_VARIANCE)
    assert (done.status, stock(ledger)) == (S.REJECTED, [(10, 0), (10, 0)])
    assert ship(ledger, of("MUG", 0), of("HAT", 0)).status is S.REJECTED


def test_a_step_that_broke_off_goes_on_where_it_ended() -> None:
    ledger = shop()

    def fails(commit: object) -> None:
        if len(ledger.commits) == 1:
            ledger.before = lambda commit: None
            raise RuntimeError("power cut")

    ledger.before = fails
    with pytest.raises(RuntimeError):
        ship(ledger, of("MUG", 3))
    assert ship(ledger, of("MUG", 3)).status is S.SHIPPED
    assert buckets(ledger) == [{"shipped": 2}, {"pending": 2}, {"shipped": 1}]


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ((of("MUG", 4),), "W12 (segment 9): 1 more than ord_a-1 has"),
        ((of("CAP", 1),), "W12 (segment 9): ord_a-1 has no such line, or no longer"),
        ((of("MUG", -1),), "W12 (segment 9): fewer than no units cannot leave"),
        ((), "lines: it names none"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    units: tuple[UnitsTold, ...], reason: str
) -> None:
    ledger = shop()
    with pytest.raises(InvalidInput) as refused:
        ship(ledger, *units)
    assert (str(refused.value), ledger.commits) == (reason, [])


def test_another_locations_work_and_unknown_work_is_not_found() -> None:
    ledger = shop()
    for named in (
        WorkNamed("ord_a-1", frozenset({LocationId("BOSTON")})),
        WorkNamed("IF102", HERE),
    ):
        with pytest.raises(NotFound):
            ship_told(ShipmentTold(named, (of("MUG", 1),)), "r", "wms", floor(ledger))
        with pytest.raises(NotFound):
            accept_told(AcceptanceTold(named), "wms", floor(ledger))
    assert ledger.commits == []


def test_what_was_shipped_before_under_another_name_is_refused() -> None:
    ledger = shop()
    ship(ledger, of("MUG", 3), of("HAT", 2))
    for units in ((of("MUG", 3), of("HAT", 2)), (of("MUG", 1),)):
        with pytest.raises(IllegalTransition):
            ship(ledger, *units, request="r2")
    assert buckets(ledger) == ALL


def test_what_a_customer_cancelled_meanwhile_and_the_warehouse_stopped_is_cancelled() -> None:
    ledger = shop(S.CANCEL_REQUESTED)
    bought = ledger.orders["ord_a"]
    ledger.orders["ord_a"] = replace(bought, withdraw={"2": 2})
    assert ship(ledger, of("MUG", 3)).status is S.SHIPPED
    assert buckets(ledger) == [{"shipped": 2}, {"cancelled": 2}, {"shipped": 1}]
    assert stock(ledger) == [(7, 0), (10, 0)]


def test_what_was_shipped_though_cancelled_has_left() -> None:
    ledger = shop(S.CANCEL_REQUESTED)
    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], withdraw={"2": 2})
    assert ship(ledger, of("MUG", 3), of("HAT", 2)).status is S.SHIPPED
    assert buckets(ledger) == ALL


def test_parcels_told_one_after_the_other_leave_when_they_hold_all() -> None:
    ledger = shop()
    first, second = box("1Z1", line1=2), box("1Z2", line2=2, line3=1)
    assert part(ledger, first).status is S.PACKED
    assert part(ledger, first).version == ledger.works["ord_a-1"].version
    done = part(ledger, first, second)
    assert (done.status, [one.tracking_number for one in done.parcels]) == (
        S.SHIPPED,
        ["1Z1", "1Z2"],
    )
    assert (buckets(ledger), stock(ledger)) == (ALL, [(7, 0), (8, 0)])
    before = len(ledger.commits)
    for again in ((first,), (second,), (first, second)):
        part(ledger, *again)
    assert len(ledger.commits) == before


def test_parcels_that_hold_more_than_there_is_are_refused_by_their_row() -> None:
    ledger = shop()
    part(ledger, box("1Z1", line1=2))
    with pytest.raises(InvalidInput) as refused:
        part(ledger, box("1Z2", line1=1))
    assert str(refused.value) == "row 2: with other parcels that is 1 more than ord_a-1 has"
    with pytest.raises(InvalidInput):
        part(ledger, box("1Z2", line9=1))


def test_refused_lines_and_parcels_together_are_all_of_it_in_any_order() -> None:
    ledger = shop()
    told = RejectionTold(ORDER, UnitsTold(0, line_id="2", where="row 3"), RejectReason.NOT_IN_STOCK)
    part(ledger, box("1Z1", line1=2, line3=1))
    assert reject_told(told, "wms", floor(ledger)).status is S.SHIPPED
    assert buckets(ledger) == [{"shipped": 2}, {"pending": 2}, {"shipped": 1}]
    assert stock(ledger) == [(7, 0), (0, 0)], "the shelf is empty, says the reason"
    before = len(ledger.commits)
    reject_told(told, "wms", floor(ledger))
    assert len(ledger.commits) == before
    other = shop()
    reject_told(told, "wms", floor(other))
    assert part(other, box("1Z1", line1=2, line3=1)).status is S.SHIPPED
    assert buckets(other) == buckets(ledger)


def test_what_has_left_cannot_be_refused() -> None:
    ledger = shop()
    ship(ledger, of("MUG", 3), of("HAT", 2))
    told = RejectionTold(ORDER, UnitsTold(0, line_id="2", where="row 3"), RejectReason.DAMAGED)
    with pytest.raises(InvalidInput):
        reject_told(told, "wms", floor(ledger))


def test_work_is_taken_on_once() -> None:
    ledger = shop()
    for _ in range(2):
        assert accept_told(AcceptanceTold(ORDER), "wms", floor(ledger)).status is S.ACCEPTED
    assert len(ledger.commits) == 1
    gone = shop(S.CANCELLED)
    with pytest.raises(IllegalTransition):
        accept_told(AcceptanceTold(WORK), "wms", floor(gone))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_told_in_whatever_order_every_unit_is_somewhere_once(
    data: st.DataObject,
) -> None:
    """Rows of two parcels and of refused lines, each told any number of times, in any order."""
    ledger = shop(data.draw(st.sampled_from([S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING])))
    if ledger.works["ord_a-1"].status is S.PICKING:
        ledger.orders["ord_a"] = ledger.orders["ord_a"].with_lines(
            replace(one, buckets={B.PICKED: one.quantity}) for one in ledger.orders["ord_a"].lines
        )
    refused = data.draw(st.sets(st.sampled_from(["2", "3"])))
    kept = {"1": 2, "2": 2, "3": 1}
    first = {name: data.draw(st.integers(0, kept[name])) for name in kept if name not in refused}
    rest = {name: kept[name] - n for name, n in first.items()}
    facts: list[object] = [RejectReason.NO_VARIANCE, *refused]
    facts = [
        RejectionTold(ORDER, UnitsTold(0, line_id=name, where="row 3"), RejectReason.NO_VARIANCE)
        for name in sorted(refused)
    ]
    for number, units in (("1Z1", first), ("1Z2", rest)):
        rows = tuple(row(name, n) for name, n in units.items() if n)
        facts += [ParcelTold(number, "UPSN", (one,)) for one in rows]
    said = data.draw(st.permutations(facts * data.draw(st.integers(1, 2))))
    for one in said:
        if isinstance(one, ParcelTold):
            part(ledger, one)
        elif isinstance(one, RejectionTold):
            reject_told(one, "wms", floor(ledger))
    done = ledger.works["ord_a-1"]
    assert done.status is S.SHIPPED
    for name, units in kept.items():
        found = ledger.orders["ord_a"].line(name).buckets
        assert found == ({B.PENDING: units} if name in refused else {B.SHIPPED: units})
    assert all(one.reserved == 0 for one in ledger.positions.values())
