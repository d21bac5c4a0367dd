"""What returns say of customers, goods and places: counted once, and told when it is much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus
from dom.model.ids import OrderId, Sku
from dom.model.return_policy import ReturnPolicy
from dom.model.return_terms import Condition, ReturnReason, ReturnStatus
from dom.model.tally import Tally, TallyScope
from dom.returns.signals import score
from dom.returns.wanted import Override
from hypothesis import given
from hypothesis import strategies as st
from support.builders import work
from support.returning import World, delivered

SCOPE, R = TallyScope, ReturnReason
COUNTS = st.fixed_dictionaries(
    {name: st.integers(0, 40) for name in ("returns", "missing", "wrong", "units")}
)


@pytest.fixture
def world() -> World:
    world = delivered(("MUG", 30, 2000), ("HAT", 2, 9000))
    data = {"email": "ada@example.com"}
    world.ledger.people["ord_a"] = PersonalData(OrderId("ord_a"), "cust-7", data)
    lines = (FulfillmentLine("1", Sku("MUG"), 30),)
    sent = work(1, FulfillmentStatus.DELIVERED, lines=lines)
    world.ledger.works[sent.id] = sent
    return world


def counts(world: World, scope: TallyScope, key: str) -> dict[str, int]:
    period = "2026" if scope is SCOPE.CUSTOMER else "2026-03"
    return dict(world.ledger.tallies(scope, [key], period)[key].counts)


def test_reasons_are_counted_by_goods_and_by_who_sent_them(world: World) -> None:
    world.ask({"1": 2, "2": 1}, reason=R.STYLE, key="a")
    world.ask({"1": 2, "2": 1}, reason=R.STYLE, key="a")
    world.ask({"1": 1}, reason=R.DEFECTIVE)
    assert counts(world, SCOPE.SKU, "MUG") == {
        "units": 3,
        "reason#style": 2,
        "reason#defective": 1,
    }
    assert counts(world, SCOPE.LOCATION, "RENO")["units"] == 3
    assert counts(world, SCOPE.SKU, "HAT") == {"units": 1, "reason#style": 1}


def test_conditions_and_what_was_missing_are_counted_when_they_are_found(world: World) -> None:
    record = world.ask({"1": 3})
    world.receive(record, {"1": 2}, {"1": 1}, key="r")
    world.receive(record, {"1": 2}, {"1": 1}, key="r")
    world.inspect(record, [("1", 1, Condition.DAMAGED), ("1", 1, Condition.NEW)])
    found = counts(world, SCOPE.SKU, "MUG")
    assert (found["condition#damaged"], found["condition#new"]) == (1, 1)
    assert counts(world, SCOPE.CUSTOMER, record.customer_key) == {
        "returns": 1,
        "units": 3,
        "missing": 1,
    }


def test_customers_who_returned_much_are_for_a_person_who_may_allow_it(world: World) -> None:
    records = [world.ask({"1": 1}) for _ in range(20)]
    assert all(record.status is ReturnStatus.APPROVED for record in records)
    record = world.ask({"1": 1})
    assert record.ruling and record.ruling.rule == "review_score"
    assert (record.status, record.flags) == (ReturnStatus.REQUESTED, ("serial_returner",))
    allowed = world.ask({"1": 1}, override=Override("eva", "big family"))
    assert allowed.status is ReturnStatus.APPROVED
    world.policy = ReturnPolicy(review_score=None)
    assert world.ask({"1": 1}).status is ReturnStatus.APPROVED


def test_a_year_later_it_is_forgotten(world: World) -> None:
    for _ in range(20):
        world.ask({"1": 1})
    world.policy = ReturnPolicy(rules=(replace(world.policy.rules[0], days=None),))
    world.wait(days=365)
    assert world.ask({"1": 1}).flags == ()


def test_a_customer_that_nobody_knows_has_no_past(world: World) -> None:
    world.ledger.people.clear()
    record = world.ask({"1": 1})
    assert (record.customer_key, record.flags) == ("", ())
    assert all(scope is not SCOPE.CUSTOMER for scope, _, _ in world.ledger.counts)


def test_goods_and_places_with_many_faults_are_told_of_once(world: World) -> None:
    world.policy = ReturnPolicy(review_score=None, alert_units=10, alert_percent=30)
    told = []
    for n in range(14):
        reason = R.DEFECTIVE if n in (2, 5, 9) else R.STYLE
        record = world.ask({"1": 1}, reason=reason)
        told += [e.data for e in record.history if e.type == "ReturnSignalRaised"]
    assert [(one["scope"], one["units"], one["faults"]) for one in told] == [
        ("sku", 10, 3),
        ("location", 10, 3),
    ]


@given(COUNTS, st.sampled_from(["returns", "missing", "wrong", "units"]))
def test_a_score_is_bounded_never_falls_and_says_why(told: dict[str, int], name: str) -> None:
    tally = Tally(SCOPE.CUSTOMER, "c", "2026", told)
    found, more = score(tally), score(tally.plus({name: 1}))
    assert 0 <= found.points <= more.points <= 100
    assert set(found.flags) <= set(more.flags)
    assert not found.flags or found.points >= 25


def test_what_was_declined_is_not_counted(world: World) -> None:
    world.wait(days=60)
    assert world.ask({"1": 1}).status is ReturnStatus.DECLINED
    assert world.ledger.counts == {}
