"""The channel hears of each shipment once, whoever asks how often, and of one at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import pytest
from dom.errors import Busy, NotFound, Rejected
from dom.fulfillment.channel_ports import Confirming
from dom.fulfillment.confirm import confirm_shipment
from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId
from dom.model.order import Method, Order
from support.builders import NOW, order, work
from support.fakes import FakeLedger, FakeTurns, frozen

S = FulfillmentStatus


@dataclass
class Channel:
    """What it was told: ids of the work, and of the others' references."""

    told: list[tuple[str, Collection[str]]] = field(default_factory=list)
    failure: Exception | None = None
    nobody: bool = False

    def tell(self, order: Order, work: FulfillmentOrder, others: Collection[str]) -> str | None:
        if self.failure:
            raise self.failure
        self.told.append((work.id, others))
        return None if self.nobody else f"theirs-{work.id}"


@dataclass
class Stage:
    ledger: FakeLedger
    channel: Channel = field(default_factory=Channel)
    turns: FakeTurns = field(default_factory=FakeTurns)

    def confirm(self, name: str = "ord_a-1") -> str | None:
        ledger = self.ledger
        floor = Floor(ledger, ledger, ledger, ledger, frozen(NOW))
        return confirm_shipment(name, Confirming(floor, self.channel, self.turns))


@pytest.fixture
def stage() -> Stage:
    ledger = FakeLedger()
    ledger.orders["ord_a"] = order("ord_a")
    ledger.works["ord_a-1"] = work(1, S.SHIPPED)
    ledger.works["ord_a-2"] = work(2, S.SHIPPED)
    return Stage(ledger)


def test_it_is_told_once_and_the_channels_id_is_kept(stage: Stage) -> None:
    assert stage.confirm() == stage.confirm() == "theirs-ord_a-1"
    assert stage.channel.told == [("ord_a-1", frozenset())]
    kept = stage.ledger.works["ord_a-1"]
    assert kept.channel_reference == "theirs-ord_a-1"
    assert kept.history[-1].type == "ShipmentConfirmed"
    assert kept.history[-1].data["reference"] == "theirs-ord_a-1"


def test_the_ids_of_the_orders_other_work_are_passed_on(stage: Stage) -> None:
    stage.confirm("ord_a-2")
    stage.confirm()
    assert stage.channel.told[1] == ("ord_a-1", {"theirs-ord_a-2"})


def test_one_shipment_of_an_order_at_a_time(stage: Stage) -> None:
    stage.turns.take("confirm#ord_a")
    with pytest.raises(Busy):
        stage.confirm()
    assert stage.channel.told == []


@pytest.mark.parametrize("failure", [Rejected("no"), Busy("later")])
def test_a_failure_gives_the_turn_back_and_notes_nothing(stage: Stage, failure: Exception) -> None:
    stage.channel.failure = failure
    with pytest.raises(type(failure)):
        stage.confirm()
    assert stage.turns.taken == set()
    assert stage.ledger.works["ord_a-1"].channel_reference == ""


def test_nothing_is_noted_where_there_is_nobody_to_tell(stage: Stage) -> None:
    stage.channel.nobody = True
    assert stage.confirm() is None
    assert stage.ledger.commits == []


@pytest.mark.parametrize(
    ("status", "to_store", "told"),
    [
        (S.SHIPPED, False, True),
        (S.DELIVERED, False, True),
        (S.DELIVERY_FAILED, False, True),
        (S.COLLECTED, False, True),
        (S.COLLECTED, True, True),
        (S.SHIPPED, True, False),
        (S.READY_FOR_PICKUP, True, False),
        (S.PACKED, False, False),
        (S.CANCELLED, False, False),
    ],
)
def test_only_what_went_to_the_customer_is_told(
    stage: Stage, status: FulfillmentStatus, to_store: bool, told: bool
) -> None:
    place = LocationId("SHOP") if to_store else None
    method = Method.SHIP_TO_STORE if to_store else Method.SHIP
    found = replace(work(1, status), to_location=place, method=method)
    stage.ledger.works["ord_a-1"] = found
    assert bool(stage.confirm()) is told
    assert bool(stage.channel.told) is told


def test_work_that_is_not_here_is_said(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.confirm("ord_z-1")
