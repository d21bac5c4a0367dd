"""The channel is asked once for what is due; what it refuses waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from dom.errors import Busy, IllegalTransition, NotFound, Rejected
from dom.fulfillment.channel_ports import Charging
from dom.fulfillment.charge import charge
from dom.fulfillment.ending import warn_of_ending
from dom.fulfillment.ports import Floor
from dom.model.authorization import NOTICE, Authorization, Taken
from dom.model.order import Bucket, Order
from dom.orders.change import Desk, Wish
from dom.orders.retry_payment import retry_payment
from support.builders import NOW, line, order
from support.fakes import FakeLedger, FakeTurns, frozen

DUE = Authorization(2500, due=1500, void=1000)


@dataclass
class Till:
    """A channel that does as it is told, unless it has an `answer` of its own."""

    asked: list[Authorization] = field(default_factory=list)
    answer: Taken | Exception | None = None
    nobody: bool = False
    meanwhile: Callable[[], Exception] | None = None

    def settle(self, order: Order, known: Authorization) -> Taken | None:
        self.asked.append(known)
        if self.meanwhile:
            raise self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.nobody:
            return None
        return self.answer or Taken(known.due, known.void, "t1")


@dataclass
class Stage:
    ledger: FakeLedger
    till: Till = field(default_factory=Till)
    turns: FakeTurns = field(default_factory=FakeTurns)

    def charge(self, name: str = "ord_a") -> bool:
        clock = frozen(NOW)
        return charge(name, Charging(self.ledger, self.till, self.turns, self.ledger, clock))

    @property
    def money(self) -> Authorization:
        known = self.ledger.orders["ord_a"].authorization
        assert known
        return known

    def told(self) -> list[str]:
        return [entry.type for entry in self.ledger.orders["ord_a"].history]


@pytest.fixture
def stage() -> Stage:
    ledger = FakeLedger()
    shipped = line("1", buckets={Bucket.SHIPPED: 1})
    ledger.orders["ord_a"] = replace(order("ord_a", shipped), authorization=DUE)
    return Stage(ledger)


def test_what_is_due_is_taken_and_the_rest_let_go_once(stage: Stage) -> None:
    assert [stage.charge(), stage.charge()] == [True, False]
    assert stage.till.asked == [DUE]
    assert (stage.money.captured, stage.money.voided) == (1500, 1000)
    assert stage.told() == ["PaymentCaptured", "PaymentVoided"]
    assert stage.ledger.orders["ord_a"].history[0].data["reference"] == "t1"


def test_what_is_declined_waits_for_a_person_and_is_not_asked_again(stage: Stage) -> None:
    stage.till.answer = Rejected("the card is over its limit")
    assert [stage.charge(), stage.charge()] == [False, False]
    assert len(stage.till.asked) == 1
    assert stage.money.failed == "the card is over its limit"
    assert stage.ledger.orders["ord_a"].history[-1].data["amount"] == 1500
    # WHEN a person has put it right
    stage.till.answer = None
    desk = Desk(stage.ledger, stage.ledger, frozen(NOW))  # type: ignore[arg-type]
    wish = Wish("ord_a", "ops", "another card")
    retry_payment(wish, desk)
    assert stage.charge()
    assert stage.money.is_followed
    assert stage.told()[:2] == ["PaymentFailed", "PaymentRetried"]
    with pytest.raises(IllegalTransition):
        retry_payment(wish, desk)


def test_a_part_that_was_taken_is_noted_with_what_is_missing(stage: Stage) -> None:
    stage.till.answer = Taken(900, 0, "t1", "600 less")
    stage.charge()
    assert (stage.money.captured, stage.money.failed) == (900, "600 less")
    assert [x.data["amount"] for x in stage.ledger.orders["ord_a"].history] == [900, 600]


def test_what_was_taken_at_once_where_it_can_be_taken_once_is_known_to_be(stage: Stage) -> None:
    stage.ledger.orders["ord_a"] = replace(
        stage.ledger.orders["ord_a"], authorization=Authorization(2500, due=1500)
    )
    stage.till.answer = Taken(2500, 0, "t1")
    stage.charge()
    assert (stage.money.due, stage.money.captured) == (2500, 2500)


def test_where_nobody_is_to_be_asked_nothing_is_noted(stage: Stage) -> None:
    stage.till.nobody = True
    assert not stage.charge()
    assert stage.told() == []
    # WHEN somebody is, what is due already can be asked for
    desk = Desk(stage.ledger, stage.ledger, frozen(NOW))  # type: ignore[arg-type]
    retry_payment(Wish("ord_a", "ops", "connected"), desk)
    assert stage.told() == ["PaymentRetried"]


def test_it_comes_again_when_somebody_else_is_at_it_or_the_channel_is_busy(stage: Stage) -> None:
    stage.turns.taken.add("money#ord_a")
    with pytest.raises(Busy):
        stage.charge()
    stage.turns.taken.clear()
    stage.till.answer = Busy("not now")
    with pytest.raises(Busy):
        stage.charge()
    assert stage.turns.taken == set()
    with pytest.raises(NotFound):
        stage.charge("ord_b")


def test_a_guarantee_that_is_about_to_end_is_told_of_once(stage: Stage) -> None:
    ledger = stage.ledger
    floor, ends = Floor(ledger, ledger, ledger, ledger, frozen(NOW)), NOW + NOTICE
    for expires_at, told in ((None, 0), (ends + NOTICE, 0), (ends, 1)):
        known = replace(stage.money, due=1000, void=0, expires_at=expires_at)
        ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=known)
        warn_of_ending("ord_a", floor)
        warn_of_ending("ord_a", floor)
        assert stage.told() == ["PaymentExpiryNeared"] * told
    assert ledger.orders["ord_a"].history[0].data["amount"] == 1500


def test_a_late_refusal_does_not_keep_what_became_due_meanwhile_from_being_asked_for(
    stage: Stage,
) -> None:
    ledger = stage.ledger
    first = replace(DUE, due=500, void=0)

    def ships_meanwhile() -> Exception:
        ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=DUE)
        return Rejected("declined")

    ledger.orders["ord_a"] = replace(ledger.orders["ord_a"], authorization=first)
    stage.till.meanwhile = ships_meanwhile
    assert not stage.charge()
    assert (stage.money.failed, stage.money.refusals) == ("", 1)
    assert ledger.orders["ord_a"].history[-1].data["amount"] == 500
    stage.till.meanwhile = None
    assert stage.charge()
    assert stage.money.captured == 1500
