"""What the policy says of a request, what a person says against it, and what the clock says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dom.errors import IllegalTransition, InvalidInput
from dom.model.fulfillment import FulfillmentLine, FulfillmentStatus, noted
from dom.model.ids import Sku
from dom.model.product import Product
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import Condition, ReturnStatus, Since
from dom.returns import decide
from dom.returns.decide import Word
from dom.returns.wanted import Override
from support.builders import NOW, work
from support.returning import World, delivered

S, C = ReturnStatus, Condition


@pytest.fixture
def world() -> World:
    return delivered(("MUG", 3, 2000), ("HAT", 2, 9000))


def test_the_rule_that_declines_is_named(world: World) -> None:
    shoes = ReturnRule("shoes", frozenset({"shoes"}), final_sale=True)
    world.policy = ReturnPolicy(rules=(shoes, ReturnRule("late", days=14, since=Since.ORDER)))
    world.ledger.describe(Product(Sku("HAT"), "shoes"))
    record = world.ask({"1": 1, "2": 1})
    assert (record.status, record.ruling and record.ruling.rule) == (S.DECLINED, "shoes")
    assert world.order.line("1").back.returning == 0
    world.wait(days=15)
    record = world.ask({"1": 1})
    assert record.ruling and record.ruling.rule == "late" and "2026-03-18" in record.ruling.text


def test_the_window_starts_with_the_delivery_where_it_is_known(world: World) -> None:
    lines = (FulfillmentLine("1", Sku("MUG"), 3),)
    done = work(1, FulfillmentStatus.DELIVERED, lines=lines)
    told = noted(done, NOW + timedelta(days=10), "FulfillmentOrderDelivered", "carrier")
    world.ledger.works[told.id] = told
    world.wait(days=35)
    assert world.ask({"1": 1}).status is S.APPROVED
    assert world.ask({"2": 1}).status is S.DECLINED


def test_a_person_overrides_with_name_and_reason_and_units_are_claimed_then(world: World) -> None:
    world.policy = ReturnPolicy(rules=(ReturnRule("no", final_sale=True),))
    declined = world.ask({"1": 3})
    allowed = world.ask({"1": 2}, override=Override("eva", "regular customer"))
    assert allowed.ruling and (allowed.ruling.by, allowed.status) == ("eva", S.APPROVED)
    with pytest.raises(InvalidInput):
        decide.approve(declined.id, Word("eva", "this one too"), world.ports)
    world.cancel(allowed)
    assert decide.approve(declined.id, Word("eva"), world.ports).status is S.APPROVED
    with pytest.raises(IllegalTransition):
        decide.decline(declined.id, Word("eva"), world.ports)


def test_what_needs_a_person_waits_claimed(world: World) -> None:
    world.policy = ReturnPolicy(rules=(ReturnRule("ask", review=True),))
    record = world.ask({"1": 3})
    assert (record.status, record.decision) == (S.REQUESTED, None)
    with pytest.raises(InvalidInput):
        world.ask({"1": 1})
    record = decide.decline(record.id, Word("eva", "worn"), world.ports)
    assert (record.status, world.order.line("1").returnable) == (S.DECLINED, 3)


def test_what_never_comes_is_cancelled_and_what_nobody_inspects_is_told(world: World) -> None:
    lost, here = world.ask({"1": 1}), world.ask({"2": 1})
    world.receive(here, {"2": 1})
    world.wait(hours=49)
    told = decide.overdue(here.id, world.ports)
    assert told.history[-1].type == "ReturnInspectionMissed"
    assert decide.overdue(lost.id, world.ports).status is S.APPROVED
    world.wait(days=30)
    assert decide.overdue(lost.id, world.ports).status is S.CANCELLED
    assert world.order.line("1").returnable == 3
