"""A supplier hears of each fact once and in order, whatever fails and whoever asks how often."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from dom.errors import Busy, NotFound, Rejected
from dom.fulfillment.actions import expire_work, perform
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.dropship.news import News, NewsKind, news_for
from dom.fulfillment.dropship.ports import Informing
from dom.fulfillment.dropship.tell import tell_supplier
from dom.fulfillment.ports import Floor
from dom.fulfillment.waiting import wait_for
from dom.fulfillment.withdraw import withdraw_units
from dom.model.fulfillment import (
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    units_by_line,
)
from dom.model.ids import Sku
from dom.model.location import LocationType
from dom.model.order import Bucket
from dom.model.supplier import Supplier, Transport
from dom.model.work_machine import OPEN
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, FakeTurns

S, B = FulfillmentStatus, Bucket
ORDER, CANCEL, REQUEST = NewsKind


@dataclass
class Acme:
    """A supplier that drops what it knows by its id. `fails`: one for each attempt to come: "down"
    before it has it, "lost" after.
    """

    taken: dict[str, News] = field(default_factory=dict)
    fails: list[str] = field(default_factory=list)

    def tell(self, work: FulfillmentOrder, news: News) -> str:
        how, name = self.fails.pop(0) if self.fails else "", f"{work.id}.{news.seq}"
        if how == "down":
            raise Busy("down")
        assert self.taken.setdefault(name, news) == news, "one id for two things"
        if how == "lost":
            raise Busy("no answer")
        return name

    @property
    def kinds(self) -> list[NewsKind]:
        return [news.kind for news in self.taken.values()]

    @property
    def units(self) -> dict[str, int]:
        """What it still is to ship, by line."""
        units: dict[str, int] = {}
        for news in self.taken.values():
            sign = {ORDER: 1, CANCEL: -1, REQUEST: 0}[news.kind]
            for name, number in news.units.items():
                units[name] = units.get(name, 0) + sign * number
        return {name: number for name, number in units.items() if number}


@dataclass
class Stage(FakeTurns):
    """A purchase order of 3 mugs and 1 hat, not released yet."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    acme: Acme = field(default_factory=Acme)
    now: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO", type=LocationType.SUPPLIER))
        self.ledger.stock("MUG", "RENO", 10, reserved=3)
        self.ledger.stock("HAT", "RENO", 10, reserved=1)
        self.ledger.suppliers["RENO"] = Supplier("RENO", Transport.WEBHOOK)
        lines = (FulfillmentLine("1", Sku("MUG"), 3), FulfillmentLine("2", Sku("HAT"), 1))
        self.ledger.works["ord_a-1"] = work(status=S.ASSIGNED, lines=lines)
        mugs = line("1", quantity=3, buckets={B.ALLOCATED: 3})
        hats = line("2", "HAT", buckets={B.ALLOCATED: 1})
        self.ledger.orders["ord_a"] = order("ord_a", mugs, hats)

    @property
    def floor(self) -> Floor:
        ledger = self.ledger
        return Floor(ledger, ledger, ledger, ledger, lambda: NOW + self.now)

    @property
    def work(self) -> FulfillmentOrder:
        return self.ledger.works["ord_a-1"]

    def release(self) -> None:
        wait_for("ord_a-1", "acceptance", "token", self.floor)

    def act(self, action: str, **units: int) -> None:
        lines = {name.removeprefix("line"): number for name, number in units.items()} or None
        perform(action, "ord_a-1", ActionRequest(lines=lines), "acme", None, self.floor)

    def cancel(self, **units: int) -> None:
        """The channel cancels units by line."""
        wanted = {name.removeprefix("line"): number for name, number in units.items()}
        bought = self.ledger.orders["ord_a"]
        self.ledger.orders["ord_a"] = replace(bought, withdraw=wanted)
        withdraw_units("ord_a", self.floor)

    def tell(self) -> int:
        return tell_supplier("ord_a-1", Informing(self.floor, self.acme, self))


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.release()
    return made


def test_what_is_released_is_ordered_once(stage: Stage) -> None:
    assert (stage.tell(), stage.tell()) == (1, 0)
    assert stage.acme.kinds == [ORDER]
    assert stage.acme.units == {"1": 3, "2": 1}
    last = stage.work.history[-1]
    assert (last.type, last.data["message"]) == ("SupplierInformed", "order")


def test_an_answer_that_is_lost_leads_to_the_same_message_again(stage: Stage) -> None:
    stage.acme.fails = ["lost", "down"]
    for _ in range(2):
        with pytest.raises(Busy):
            stage.tell()
        assert stage.taken == set()
    assert stage.tell() == 1
    assert list(stage.acme.taken) == ["ord_a-1.1"]


def test_what_was_cancelled_before_it_was_told_is_ordered_as_it_was_and_then_cancelled(
    stage: Stage,
) -> None:
    stage.acme.fails = ["lost"]
    with pytest.raises(Busy):
        stage.tell()
    stage.cancel(line1=1)
    assert stage.tell() == 2
    assert stage.acme.kinds == [ORDER, CANCEL]
    assert stage.acme.units == {"1": 2, "2": 1}
    assert not list(stage.acme.taken.values())[1].whole
    stage.cancel(line1=2, line2=1)
    assert stage.tell() == 1
    assert (stage.acme.units, list(stage.acme.taken.values())[2].whole) == ({}, True)


def test_work_that_runs_out_of_time_is_cancelled_at_the_supplier(stage: Stage) -> None:
    stage.tell()
    stage.now = timedelta(days=2)
    expire_work("ord_a-1", stage.floor)
    stage.tell()
    assert (stage.acme.kinds, stage.acme.units) == ([ORDER, CANCEL], {})


@pytest.mark.parametrize("answer", ["confirm-cancel", "refuse-cancel"])
def test_what_is_packed_is_asked_for_and_cancelled_once_that_was_granted(
    stage: Stage, answer: str
) -> None:
    stage.tell()
    for action in ("accept", "pick", "pack"):
        stage.act(action)
    stage.cancel(line1=3, line2=1)
    assert stage.tell() == 1
    stage.act(answer)
    # A person may have answered for it: that it is over is told, and was known if it answered.
    assert stage.tell() == (1 if answer == "confirm-cancel" else 0)
    assert stage.acme.kinds[:2] == [ORDER, REQUEST]
    assert stage.work.status is (S.CANCELLED if answer == "confirm-cancel" else S.PACKED)


def test_what_was_cancelled_before_the_release_concerns_no_supplier() -> None:
    stage = Stage()
    stage.cancel(line1=1)
    stage.release()
    stage.tell()
    assert (stage.acme.kinds, stage.acme.units) == ([ORDER], {"1": 2, "2": 1})


@pytest.mark.parametrize(("action", "units"), [("accept", {}), ("reject", {"line1": 1})])
def test_who_has_answered_of_what_is_still_to_ship_needs_its_order(
    stage: Stage, action: str, units: dict[str, int]
) -> None:
    stage.act(action, **units)
    assert (stage.tell(), stage.acme.kinds) == (1, [ORDER])


@pytest.mark.parametrize("action", ["ship", "reject"])
def test_what_has_left_or_was_refused_is_not_ordered_any_more(stage: Stage, action: str) -> None:
    stage.act(action)
    assert stage.tell() == 0
    assert stage.acme.taken == {}


def test_a_location_that_is_no_supplier_is_told_nothing() -> None:
    stage = Stage()
    stage.ledger.suppliers.clear()
    stage.release()
    assert news_for(stage.work) == ()
    assert stage.tell() == 0


def test_one_attempt_at_a_time(stage: Stage) -> None:
    stage.take("supplier#ord_a-1")
    with pytest.raises(Busy):
        stage.tell()
    assert stage.acme.taken == {}


def test_work_that_is_not_there_is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        tell_supplier("ord_a-9", Informing(stage.floor, stage.acme, stage))


HAPPENINGS = st.sampled_from(
    [
        "tell",
        "down",
        "lost",
        "accept",
        "pick",
        "pack",
        "part",
        "ship",
        "late",
        "cancel",
        "all",
        "confirm-cancel",
        "refuse-cancel",
        "reject",
    ]
)


def happen(stage: Stage, event: str) -> None:
    """One thing that may happen; what is refused has changed nothing."""
    cancelled = {"cancel": {"line1": 1}, "all": {"line1": 3, "line2": 1}}
    if event in ("down", "lost"):
        stage.acme.fails.append(event)
    elif event == "tell":
        stage.tell()
    elif event == "late":
        stage.now += timedelta(days=2)
        expire_work("ord_a-1", stage.floor)
    elif event == "part":
        stage.act("reject", line1=1)
    elif event in cancelled:
        stage.cancel(**cancelled[event])
    else:
        stage.act(event)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["cancel", "all"]), max_size=1), st.lists(HAPPENINGS, max_size=14))
def test_once_it_was_told_a_supplier_knows_exactly_what_it_is_to_ship(
    before: list[str], events: list[str]
) -> None:
    stage = Stage()
    for event in before:
        happen(stage, event)
    stage.release()
    for event in events:
        with suppress(Busy, Rejected):
            happen(stage, event)
    stage.acme.fails.clear()
    stage.tell()
    assert stage.tell() == 0
    seqs = [news.seq for news in stage.acme.taken.values()]
    assert seqs == sorted(seqs)
    refused: Counter[str] = Counter()
    for entry in stage.work.history:
        refused.update(entry.data.get("refused") or {})
    known = {k: n - refused.get(k, 0) for k, n in stage.acme.units.items()}
    ended = stage.work.status in {S.CANCELLED, S.REJECTED, S.EXPIRED}
    held = {} if ended else units_by_line(stage.work.lines)
    if stage.work.status in OPEN:
        assert ORDER in stage.acme.kinds
    if ORDER in stage.acme.kinds:
        assert {k: n for k, n in known.items() if n} == held
