"""What a supplier ships is due by its own terms, by its ETA, and counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from dom.errors import IllegalTransition, InvalidInput, Rejected
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.foresee import foresee
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import Sku
from dom.model.location import LocationType
from dom.model.order import Bucket
from dom.model.scorecard import BOUNDS, Scorecard, bucket_of, scorecard_of
from dom.model.supplier import Supplier, Transport
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger

S, B = FulfillmentStatus, Bucket
HOUR = timedelta(hours=1)
ACME = Supplier("RENO", Transport.FILE, accept_seconds=7200, ship_seconds=3600)


@dataclass
class Vendor:
    """One purchase order of 3 mugs, of the supplier at RENO, and its clock."""

    now: datetime = NOW
    ledger: FakeLedger = field(default_factory=FakeLedger)

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO", type=LocationType.SUPPLIER))
        self.ledger.stock("MUG", "RENO", 10, reserved=3)
        self.ledger.suppliers["RENO"] = ACME
        lines = (FulfillmentLine("1", Sku("MUG"), 3),)
        self.ledger.works["ord_a-1"] = work(status=S.ASSIGNED, lines=lines)
        bought = line("1", quantity=3, buckets={B.ALLOCATED: 3})
        self.ledger.orders["ord_a"] = order("ord_a", bought)

    @property
    def floor(self) -> Floor:
        ledger = self.ledger
        return Floor(ledger, ledger, ledger, ledger, lambda: self.now)

    @property
    def work(self) -> FulfillmentOrder:
        return self.ledger.works["ord_a-1"]

    @property
    def card(self) -> Scorecard:
        return scorecard_of(self.ledger.counts.values())

    def release(self) -> None:
        wait_for("ord_a-1", "acceptance", "token", self.floor)

    def act(self, action: str, **request: Any) -> None:
        perform(action, "ord_a-1", ActionRequest(**request), "acme", None, self.floor)


def released(**rest: Any) -> Vendor:
    vendor = Vendor(**rest)
    vendor.release()
    return vendor


def test_a_supplier_has_its_own_time_to_acknowledge_and_to_ship() -> None:
    vendor = released()
    assert vendor.work.due_at == NOW + 2 * HOUR
    vendor.now += HOUR
    vendor.act("accept")
    assert vendor.work.due_at == NOW + 2 * HOUR
    assert vendor.work.dropship
    assert vendor.work.dropship.ship_by == NOW + 2 * HOUR


def test_terms_are_those_of_the_release_whatever_is_said_later() -> None:
    vendor = released()
    del vendor.ledger.suppliers["RENO"]
    vendor.act("accept")
    assert vendor.work.due_at == NOW + HOUR


def test_who_became_another_kind_of_location_is_no_supplier_any_more() -> None:
    vendor = Vendor()
    vendor.ledger.open(location("RENO", type=LocationType.STORE))
    vendor.release()
    assert vendor.work.dropship is None


def test_a_location_that_is_no_supplier_is_counted_nowhere_and_has_the_usual_time() -> None:
    vendor = Vendor()
    vendor.ledger.suppliers.clear()
    vendor.release()
    assert (vendor.work.dropship, vendor.work.due_at) == (None, NOW + 4 * HOUR)
    assert vendor.ledger.counts == {}
    assert "dropship" not in vendor.work.history[-1].data


def test_an_eta_gives_the_time_that_it_names_and_is_told() -> None:
    vendor, eta = released(), NOW + timedelta(days=3)
    vendor.act("accept", eta=eta)
    assert (vendor.work.eta, vendor.work.due_at) == (eta, eta)
    assert vendor.work.history[-1].data["eta"] == "2026-03-07T15:00:00.000000Z"
    vendor.now = eta
    vendor.act("ship")
    assert vendor.card.shipped_on_time == 1


def test_an_early_eta_is_what_on_time_is_judged_by_but_takes_no_time_away() -> None:
    vendor = released()
    vendor.act("accept", eta=NOW + HOUR / 2)
    assert vendor.work.due_at == NOW + HOUR
    vendor.now += HOUR * 3 / 4
    vendor.act("ship")
    assert (vendor.card.shipped, vendor.card.shipped_on_time) == (1, 0)
    assert vendor.card.on_time_percent == 0.0


def test_an_eta_of_a_day_lasts_until_that_day_is_over_where_the_supplier_is() -> None:
    # The clocks of Reno go forward that night: its day ends at 07:00 UTC, not at 08:00.
    vendor = released()
    vendor.act("accept", eta=date(2026, 3, 8))
    assert vendor.work.eta == datetime(2026, 3, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize("eta", [NOW, NOW - HOUR, NOW + timedelta(days=121), date(2026, 3, 3)])
def test_an_eta_that_is_over_or_far_away_is_refused(eta: date) -> None:
    vendor = released()
    with pytest.raises(InvalidInput, match="eta"):
        vendor.act("accept", eta=eta)
    assert vendor.work.status is S.RELEASED


def test_an_eta_may_be_put_off_and_on_time_is_judged_by_the_first() -> None:
    vendor = released()
    vendor.act("accept", eta=NOW + timedelta(days=1))
    vendor.act("accept", eta=NOW + timedelta(days=5))
    assert vendor.work.eta == vendor.work.due_at == NOW + timedelta(days=5)
    vendor.act("accept", eta=NOW + timedelta(days=2))
    assert (vendor.work.eta, vendor.work.due_at) == (
        NOW + timedelta(days=2),
        NOW + timedelta(days=5),
    )
    vendor.now += timedelta(days=2)
    vendor.act("ship")
    card = vendor.card
    assert (card.acknowledged, card.shipped, card.shipped_on_time) == (1, 1, 0)


def test_an_eta_cannot_be_put_off_for_ever() -> None:
    vendor = released()
    vendor.act("accept", eta=NOW + timedelta(days=100))
    vendor.now += timedelta(days=90)
    with pytest.raises(InvalidInput, match="eta"):
        vendor.act("accept", eta=vendor.now + timedelta(days=100))


def test_without_a_new_eta_it_is_not_accepted_twice_nor_once_it_is_packed() -> None:
    vendor = released()
    vendor.act("accept")
    with pytest.raises(IllegalTransition):
        vendor.act("accept")
    vendor.act("pick")
    vendor.act("pack")
    with pytest.raises(IllegalTransition):
        vendor.act("accept", eta=NOW + HOUR)


@pytest.mark.parametrize(("days", "told"), [(1, False), (3, True)])
def test_an_eta_after_the_day_it_was_to_leave_is_told_to_the_customer(
    days: int, told: bool
) -> None:
    vendor = Vendor()
    leaves, comes = NOW + timedelta(days=2), NOW + timedelta(days=4)
    planned = replace(vendor.work, ships_by=leaves, delivers_by=comes)
    vendor.ledger.works["ord_a-1"] = planned
    bought = vendor.ledger.orders["ord_a"]
    vendor.ledger.orders["ord_a"] = replace(bought, told={"sg1": comes}, look_at=leaves)
    vendor.release()
    vendor.act("accept", eta=NOW + timedelta(days=days))
    assert (vendor.ledger.orders["ord_a"].look_at == NOW) == told
    foresee("ord_a", vendor.floor)
    assert (vendor.ledger.orders["ord_a"].told["sg1"] == comes + timedelta(days=1)) == told


def test_what_comes_in_later_counts_for_the_day_on_which_it_was_sent() -> None:
    vendor = released()
    vendor.act("accept", eta=NOW + timedelta(days=3))
    vendor.now += timedelta(days=2)
    vendor.act("reject", lines={"1": 1})
    vendor.act("ship")
    (counts,) = vendor.ledger.counts.values()
    assert counts.period == "2026-03-04"
    card = vendor.card
    assert (card.rejected, card.rejected_units, card.reject_percent) == (0, 1, 33.3)


def test_half_and_nine_of_ten_are_known_to_a_bound() -> None:
    card = Scorecard(10, 10, 10, 0, (5, 3, 1, *(0,) * (len(BOUNDS) - 3)), 0, 0, 0, 0, 0)
    assert card.within(Fraction(1, 2)) == 60
    assert card.within(Fraction(9, 10)) == 900
    assert card.within(Fraction(99, 100)) is None


@given(st.integers(0, BOUNDS[-1]))
def test_a_time_is_counted_under_the_first_bound_that_it_does_not_exceed(seconds: int) -> None:
    bound = bucket_of(seconds)
    assert seconds <= bound
    assert all(one < seconds for one in BOUNDS if one < bound)


DEEDS = st.sampled_from(
    ["accept", "pick", "pack", "ship", "reject", "cancel", "part", "late", "again", "withdraw"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, max_size=12))
def test_counts_are_what_the_history_says_whatever_happens_and_is_repeated(
    deeds: list[str],
) -> None:
    vendor = released()
    for number, deed in enumerate(deeds):
        vendor.now += timedelta(minutes=20)
        try:
            if deed == "late":
                vendor.now += timedelta(days=2)
                expire_work("ord_a-1", vendor.floor)
            elif deed == "again":
                vendor.release()
            elif deed == "withdraw":
                withdraw_units("ord_a", vendor.floor)
            elif deed == "part":
                vendor.act("reject", lines={"1": 1}, request_id=str(number))
            else:
                for _ in range(2):
                    vendor.act(deed, request_id=deed)
        except Rejected:
            pass
    entries = vendor.work.history
    types = Counter(entry.type for entry in entries)
    card = vendor.card
    assert (card.sent, card.units) == (1, 3)
    assert card.acknowledged == types["FulfillmentOrderAccepted"] == sum(card.buckets)
    assert card.shipped == types["FulfillmentOrderShipped"] <= 1
    assert card.shipped_on_time <= card.shipped
    assert card.expired == (vendor.work.status is S.EXPIRED)
    assert card.rejected == (vendor.work.status is S.REJECTED)
    assert card.rejected_units <= card.units
