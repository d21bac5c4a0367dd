"""What channels and carriers say of returns: late, twice, in disorder, or of something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from dom.errors import InvalidInput
from dom.model.facts import ReturnedUnits, ReturnEvent, ReturnNews
from dom.model.ids import OrderId, ReturnId
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import ReturnReason, ReturnStatus, ShipsOn
from dom.model.rma import Return
from dom.returns.hear import NotThereYet, hear
from dom.returns.labelled import track, tracking_key
from support.builders import NOW
from support.fakes import FakeLedger
from support.returning import World, delivered

S, E = ReturnStatus, ReturnEvent
LINES = (ReturnedUnits("1", 2, "SIZE_TOO_SMALL", "runs small"),)


@dataclass
class Claims:
    """Tracking numbers as the ledger claimed them."""

    ledger: FakeLedger

    def find(self, number: str) -> ReturnId | None:
        claim = self.ledger.claims.get(tracking_key(number))
        return ReturnId(claim.payload_digest) if claim else None


@pytest.fixture
def world() -> World:
    return delivered(("MUG", 3, 2000), ("HAT", 2, 9000))


def tell(world: World, event: ReturnEvent, lines: Any = (), order_id: str = "ord_a") -> Any:
    news = ReturnNews(event, NOW, OrderId(order_id), "77", lines)
    return hear(news, world.ports, Claims(world.ledger))


def scanned(world: World, scan: str, hours: int = 0, number: str = "1Z 9") -> Any:
    at = NOW + timedelta(hours=hours)
    news = ReturnNews(E.SCANNED, at, tracking_number=number, scan=scan)
    return hear(news, world.ports, Claims(world.ledger))


def shipped(world: World, **ask: Any) -> Return:
    record = world.ask({"1": 2}, **ask)
    return track(record.id, "UPS", "1z 9", "ana", world.ports)


def test_a_request_of_the_channel_makes_one_return_however_often_it_is_told(world: World) -> None:
    first = tell(world, E.REQUESTED, LINES).record
    assert (first.status, first.lines[0].reason) == (S.APPROVED, ReturnReason.SIZE_TOO_SMALL)
    assert tell(world, E.REQUESTED, LINES).record == first
    assert len(world.ledger.returns) == 1


def test_reasons_that_we_do_not_know_are_other(world: World) -> None:
    asked = (ReturnedUnits("1", 1, "gift"),)
    assert tell(world, E.REQUESTED, asked).record.lines[0].reason is ReturnReason.OTHER


def test_news_that_overtake_the_order_come_again(world: World) -> None:
    with pytest.raises(NotThereYet):
        tell(world, E.REQUESTED, LINES, "ord_b")
    with pytest.raises(NotThereYet):
        tell(world, E.APPROVED)


def test_lines_that_the_order_does_not_have_are_for_a_person(world: World) -> None:
    with pytest.raises(InvalidInput):
        tell(world, E.REQUESTED, (ReturnedUnits("9", 1),))


def test_the_shops_word_decides_what_waits_and_what_is_decided_stands(world: World) -> None:
    world.policy = ReturnPolicy(rules=(ReturnRule("ask", review=True),))
    assert tell(world, E.REQUESTED, LINES).record.status is S.REQUESTED
    assert tell(world, E.APPROVED).record.status is S.APPROVED
    again = tell(world, E.DECLINED)
    assert (again.record.status, "declined" in again.ignored) == (S.APPROVED, True)
    assert tell(world, E.CANCELLED).record.status is S.CANCELLED


def test_a_return_that_the_shops_staff_made_is_allowed_whatever_the_policy_says(
    world: World,
) -> None:
    world.policy = ReturnPolicy(rules=(ReturnRule("no", final_sale=True),))
    assert tell(world, E.APPROVED, LINES).record.status is S.APPROVED


def test_the_first_scan_moves_it_and_later_ones_change_nothing(world: World) -> None:
    shipped(world)
    assert scanned(world, "pre_transit").record.status is S.APPROVED
    record = scanned(world, "in_transit").record
    assert (record.status, record.history[-1].type) == (S.IN_TRANSIT, "ReturnShipped")
    assert scanned(world, "in_transit", 5).record.version == record.version


def test_a_parcel_at_our_door_is_looked_after_in_time(world: World) -> None:
    shipped(world)
    record = scanned(world, "delivered").record
    assert [e.type for e in record.history[-2:]] == ["ReturnShipped", "ReturnArrived"]
    assert record.due_at == NOW + timedelta(hours=48)
    assert scanned(world, "in_transit", -3).record.version == record.version
    assert scanned(world, "delivered", 1).record.version == record.version


def test_a_scan_after_the_receipt_is_too_late_to_say_anything(world: World) -> None:
    record = world.receive(shipped(world), {"1": 2})
    assert scanned(world, "in_transit").record == record


def test_trouble_is_told_once_for_each_scan(world: World) -> None:
    shipped(world)
    record = scanned(world, "return_to_sender").record
    assert record.history[-1].type == "ReturnDeliveryFailed"
    assert scanned(world, "return_to_sender").record.version == record.version
    assert scanned(world, "failure", 4).record.version == record.version + 1


def test_another_parcel_concerns_nobody(world: World) -> None:
    assert scanned(world, "delivered", number="other").record is None


def test_a_refund_on_the_first_scan_is_paid_once(world: World) -> None:
    world.policy = ReturnPolicy(refund_on=ShipsOn.SCAN)
    record = shipped(world)
    assert scanned(world, "in_transit").record.refunded.amount == 4000
    scanned(world, "delivered")
    assert world.receive(record, {"1": 2}).refunded.amount == 4000


def test_a_number_belongs_to_one_return(world: World) -> None:
    record = shipped(world)
    assert track(record.id, "UPS", "1Z9", "ana", world.ports).version == record.version
    other = world.ask({"2": 1})
    with pytest.raises(InvalidInput, match="tracking_number"):
        track(other.id, "UPS", "1Z 9", "ana", world.ports)
    world.ledger.claims[tracking_key("X1")] = world.ledger.claims[tracking_key("1z9")]
    with pytest.raises(InvalidInput, match="tracking_number"):
        track(other.id, "UPS", "X1", "ana", world.ports)
