"""What was promised is told anew before it is broken: once for each word, and never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict
from dom.fulfillment.foresee import foresee
from dom.fulfillment.outlook import foreseen
from dom.fulfillment.ports import Floor
from dom.fulfillment.scan import scan
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.order import Bucket, HoldReason, Order
from dom.model.promised import NOTICE, promise_of, watched
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line, order, work
from support.fakes import FakeLedger, frozen

S, B = FulfillmentStatus, Bucket
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PROMISE = NOW + 3 * DAY
NOT_SHIPPED = [S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED, S.CANCEL_REQUESTED]


def bought(buckets: Mapping[Bucket, int] | None = None, **rest: Any) -> Order:
    """Two mugs for Sacramento, promised within three days."""
    made = order("ord_a", line("1", quantity=2, buckets=buckets or {B.ALLOCATED: 2}), **rest)
    (group,) = made.ship_groups
    return replace(made, ship_groups=(replace(group, promised_by=PROMISE),))


def planned(status: S = S.RELEASED, *, late: int = 0, **rest: Any) -> FulfillmentOrder:
    """Work that must leave tomorrow for a delivery `late` days after the promise."""
    days = {"delivers_by": PROMISE + late * DAY, "ships_by": NOW + DAY}
    return work(status=status, **{**days, **rest})


def words(made: Order) -> list[tuple[Any, Any]]:
    return [(e.data["new"], e.data["reason"]) for e in made.history if e.type == "PromiseMoved"]


def text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


@pytest.mark.parametrize("status", NOT_SHIPPED)
def test_work_that_has_not_left_in_time_is_told_as_unknown_once(status: S) -> None:
    in_time = foreseen(bought(), [planned(status)], NOW)
    assert (words(in_time), in_time.look_at) == ([], NOW + DAY)
    late = foreseen(in_time, [planned(status)], NOW + DAY)
    assert (words(late), late.look_at) == ([(None, "late")], None)
    assert foreseen(late, [planned(status)], NOW + 2 * DAY) == late


def test_a_place_that_takes_longer_is_told_with_its_day() -> None:
    later = [planned(late=2)]
    made = foreseen(bought(), later, NOW)
    assert words(made) == [(text(PROMISE + 2 * DAY), "rerouted")]
    assert foreseen(made, later, NOW) == made


def test_a_new_place_for_what_nobody_knew_of_is_told_with_its_day() -> None:
    unknown = foreseen(bought(), [planned()], NOW + DAY)
    again = planned(S.ASSIGNED, late=1, ships_by=NOW + 2 * DAY)
    known = foreseen(unknown, [planned(S.EXPIRED), again], NOW + DAY)
    assert words(known)[1:] == [(text(PROMISE + DAY), "rerouted")]
    assert known.look_at == NOW + 2 * DAY


def test_the_day_that_a_supplier_names_is_told_instead_of_a_guess() -> None:
    named = planned(S.ACCEPTED, eta=NOW + 2 * DAY + HOUR)
    made = foreseen(bought(), [named], NOW + DAY)
    assert words(made) == [(text(PROMISE + 2 * DAY), "late")]
    assert made.look_at == named.eta
    assert words(foreseen(made, [named], NOW + 3 * DAY))[1:] == [(None, "late")]


def test_one_part_that_nobody_knows_of_makes_the_whole_group_unknown() -> None:
    parts = [planned(late=4), replace(planned(), ships_by=NOW)]
    assert words(foreseen(bought(), parts, NOW)) == [(None, "late")]


def test_units_without_a_location_are_told_a_day_before_they_are_due() -> None:
    waiting = bought({B.BACKORDERED: 2})
    early = foreseen(waiting, [], NOW)
    assert (words(early), early.look_at) == ([], PROMISE - NOTICE)
    assert words(foreseen(waiting, [], PROMISE - NOTICE)) == [(None, "short")]


def test_units_that_are_just_being_routed_again_are_no_news() -> None:
    assert words(foreseen(bought({B.PENDING: 2}), [], PROMISE)) == []


@pytest.mark.parametrize("over", [B.DELIVERED, B.COLLECTED, B.CANCELLED, B.RETURNED])
def test_what_nobody_waits_for_is_not_looked_at(over: Bucket) -> None:
    made = foreseen(bought({over: 2}), [planned(late=5)], PROMISE)
    assert (words(made), made.look_at) == ([], None)


def test_of_what_was_never_promised_nothing_is_said() -> None:
    plain = order("ord_a", line("1", buckets={B.BACKORDERED: 1}))
    assert words(foreseen(plain, [], NOW + 30 * DAY)) == []


def test_a_shipment_is_left_to_its_carrier() -> None:
    shipped = bought({B.SHIPPED: 2})
    assert words(foreseen(shipped, [planned(S.SHIPPED)], PROMISE + DAY)) == []
    told = planned(S.SHIPPED, parcels=(Parcel("1Z", arrives_on=date(2026, 3, 9)),))
    (word,) = words(foreseen(shipped, [told], NOW))
    assert word == (text(datetime(2026, 3, 9, 23, 59, tzinfo=UTC) + 7 * HOUR), "carrier")
    assert words(foreseen(shipped, [planned(S.DELIVERY_FAILED)], NOW)) == [(None, "carrier")]


works = st.builds(
    planned,
    st.sampled_from(list(S)),
    late=st.integers(-2, 3),
    ships_by=st.integers(-30, 90).map(lambda hours: NOW + hours * HOUR),
)


@settings(max_examples=60, deadline=None)
@given(
    found=st.lists(works, max_size=3),
    hours=st.lists(st.integers(0, 120), min_size=1, max_size=5),
    waiting=st.integers(0, 1),
)
def test_no_word_is_said_twice_and_no_look_is_in_the_past(
    found: list[FulfillmentOrder], hours: list[int], waiting: int
) -> None:
    made = bought({B.ALLOCATED: 2 - waiting, B.BACKORDERED: waiting})
    for hour in sorted(hours):
        now = NOW + hour * HOUR
        made = foreseen(made, found, now)
        assert foreseen(made, found, now) == made
        assert made.look_at is None or made.look_at > now
    said = [text(PROMISE), *(new for new, _ in words(made))]
    assert all(one != other for one, other in pairwise(said))
    assert promise_of(made, "sg1") is None or said[-1] == text(promise_of(made, "sg1") or NOW)


class TestWatched:
    """What routing leaves for the sweep."""

    def test_the_day_of_complete_work_stands_for_a_promise_that_nobody_gave(self) -> None:
        plain = order("ord_a", line("1", quantity=2, buckets={B.ALLOCATED: 2}))
        made = watched(plain, [planned(late=1), planned()], NOW)
        assert made.told == {"sg1": PROMISE + DAY}
        assert made.look_at == NOW + DAY
        short = order("ord_a", line("1", quantity=2, buckets={B.ALLOCATED: 1, B.BACKORDERED: 1}))
        assert watched(short, [planned()], NOW).told == {}

    def test_of_work_that_completes_a_group_the_last_day_of_all_of_it_counts(self) -> None:
        plain = order("ord_a", line("1", quantity=2, buckets={B.ALLOCATED: 2}))
        late, rest = planned(late=2), planned()
        made = watched(plain, [rest], NOW)
        assert (made.told, made.look_at) == ({}, NOW)
        seen = foreseen(made, [late, rest], NOW)
        assert (seen.told, words(seen)) == ({"sg1": PROMISE + 2 * DAY}, [])
        assert seen.look_at == NOW + DAY
        # A unit that nobody has yet may come later still.
        assert foreseen(made, [late, replace(rest, status=S.REJECTED)], NOW).told == {}

    def test_work_that_breaks_the_promise_is_looked_at_at_once(self) -> None:
        assert watched(bought(), [planned(late=1)], NOW).look_at == NOW
        assert watched(bought(), [planned()], NOW).look_at == NOW + DAY

    def test_an_exchange_promises_nothing_before_something_comes_back(self) -> None:
        waits = bought(ship_after=NOW + 30 * DAY)
        assert watched(waits, [planned()], NOW) == waits

    def test_the_sweep_is_not_woken_for_what_has_left(self) -> None:
        made = watched(bought(), [planned()], NOW)
        assert made.wakes_at == NOW + DAY
        left = made.with_lines([made.lines[0].moved(B.ALLOCATED, B.SHIPPED, 2)])
        assert left.wakes_at is None


class TestForesee:
    def ledger(self, made: Order, *found: FulfillmentOrder) -> FakeLedger:
        ledger = FakeLedger(orders={"ord_a": made})
        ledger.works = {one.id: one for one in found}
        return ledger

    def floor(self, ledger: FakeLedger, now: datetime) -> Floor:
        return Floor(ledger, ledger, ledger, ledger, frozen(now))

    def test_what_must_be_told_is_written_with_the_next_look(self) -> None:
        ledger = self.ledger(bought(), planned())
        floor = self.floor(ledger, NOW + DAY)
        foresee("ord_a", floor)
        foresee("ord_a", floor)
        assert words(ledger.orders["ord_a"]) == [(None, "late")]
        assert len(ledger.commits) == 1

    @pytest.mark.parametrize(
        "theirs", [{"hold_reason": HoldReason.MANUAL}, {"open_plan": "ord_a-v1"}]
    )
    def test_an_order_is_left_to_whoever_holds_it_or_is_about_to_write_it(
        self, theirs: dict[str, Any]
    ) -> None:
        ledger = self.ledger(bought(**theirs), planned())
        foresee("ord_a", self.floor(ledger, NOW + DAY))
        assert ledger.commits == []

    def test_an_order_that_changed_meanwhile_is_looked_at_as_it_is_now(self) -> None:
        ledger = self.ledger(bought(), planned())

        def shipped_first(commit: object) -> None:
            ledger.before = lambda commit: None
            ledger.works["ord_a-1"] = planned(S.SHIPPED)
            found = ledger.orders["ord_a"]
            gone = found.lines[0].moved(B.ALLOCATED, B.SHIPPED, 2)
            ledger.orders["ord_a"] = replace(found.with_lines([gone]), version=found.version + 1)

        ledger.before = shipped_first
        foresee("ord_a", self.floor(ledger, NOW + DAY))
        assert words(ledger.orders["ord_a"]) == []

    def test_an_order_that_keeps_changing_is_left_for_the_next_run(self) -> None:
        ledger = self.ledger(bought(), planned())

        def always(commit: object) -> None:
            raise CommitRefused((Conflict("order", "ord_a", None),))

        ledger.before = always
        with pytest.raises(Busy):
            foresee("ord_a", self.floor(ledger, NOW + DAY))

    def test_a_carrier_that_thinks_again_is_believed_once(self) -> None:
        parcel = Parcel("1Z999", "UPS")
        sent = planned(S.SHIPPED, parcels=(parcel,))
        ledger = self.ledger(bought({B.SHIPPED: 2}), sent)
        ledger.parcels = {parcel.key: {sent.id}}
        floor = self.floor(ledger, NOW)
        day = (PROMISE + 2 * DAY).date()
        for hours in (1, 2):
            scan("1Z999", "in_transit", NOW + hours * HOUR, floor, day)
        late = datetime.combine(day, time(23, 59), UTC) + 8 * HOUR
        assert [w[1] for w in words(ledger.orders["ord_a"])] == ["carrier"]
        told = promise_of(ledger.orders["ord_a"], "sg1")
        assert told and abs(told - late) <= HOUR
        # The same scan again with a later day, and an old one that comes late.
        scan("1Z999", "in_transit", NOW + 3 * HOUR, floor, day + DAY)
        scan("1Z999", "in_transit", NOW + HOUR, floor, day)
        assert len(words(ledger.orders["ord_a"])) == 2
        types = [entry.type for entry in ledger.works["ord_a-1"].history]
        assert types == ["ParcelScanned", "ParcelScanned"]
        scan("1Z999", "failure", NOW + 4 * HOUR, floor)
        assert words(ledger.orders["ord_a"])[-1] == (None, "carrier")
