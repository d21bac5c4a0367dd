"""What a return pays, by hand-made numbers: shares, taxes, fees, delivery, and never too much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.money import Money
from dom.model.order import Bucket
from dom.model.refund import Refund
from dom.model.return_policy import ReturnPolicy, ReturnRule
from dom.model.return_terms import Condition, ReturnMethod, ReturnOutcome, ReturnReason, ShipsOn
from dom.model.rma import Return
from dom.model.totals import share
from hypothesis import given
from hypothesis import strategies as st
from support.returning import World, delivered

C = Condition


def back(world: World, units: int, condition: Condition = C.NEW, **ask: object) -> Return:
    """Units of line 1 asked for, received and inspected."""
    record = world.ask({"1": units}, **ask)  # type: ignore[arg-type]
    world.receive(record, {"1": units})
    return world.inspect(record, [("1", units, condition)])


def amounts(record: Return) -> list[int]:
    return [refund.amount.amount for refund in record.refunds]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_shares_in_any_groups_sum_to_the_total(total: int, groups: list[int]) -> None:
    quantity, first, paid = sum(groups), 0, 0
    for units in groups:
        part = share(total, quantity, first, units)
        assert abs(part * quantity - total * units) < quantity * units + quantity
        first, paid = first + units, paid + part
    assert paid == total


def test_discount_and_tax_are_shared_so_that_three_single_returns_pay_the_line() -> None:
    # GIVEN 3 at 9.99, 1.00 off, 2.41 tax on top: 31.38 in all
    world = delivered(("MUG", 3, 999), discounts={"1": 100}, taxes={"1": 241})
    paid = [amounts(back(world, 1)) for _ in range(3)]
    assert paid == [[966 + 81], [966 + 80], [965 + 80]]
    assert sum(map(sum, paid)) == 3 * 999 - 100 + 241


def test_tax_that_is_included_is_not_paid_on_top_but_told() -> None:
    world = delivered(("MUG", 2, 1190), taxes={"1": 380}, taxes_included=True)
    record = back(world, 1)
    [line] = record.refunds[0].lines
    assert (line.goods, line.tax, line.included_tax, line.amount) == (1190, 0, 190, 1190)


@pytest.mark.parametrize(
    ("reason", "paid"), [(ReturnReason.UNWANTED, 8500), (ReturnReason.DEFECTIVE, 10_000)]
)
def test_a_restocking_fee_is_kept_unless_the_seller_is_at_fault(
    reason: ReturnReason, paid: int
) -> None:
    world = delivered(("TENT", 1, 10_000))
    world.policy = ReturnPolicy(rules=(ReturnRule("bulky", restocking_percent=15),))
    record = back(world, 1, reason=reason)
    assert amounts(record) == [paid]


def test_what_is_found_damaged_is_paid_by_its_condition() -> None:
    world = delivered(("TENT", 2, 10_000))
    world.policy = ReturnPolicy(condition_percent={C.DAMAGED: 0, C.FAIR: 50})
    assert amounts(back(world, 1, C.FAIR)) == [5_000]
    assert amounts(back(world, 1, C.DAMAGED)) == [0]


def test_the_label_is_kept_once_and_only_where_one_was_made() -> None:
    world = delivered(("MUG", 3, 1000))
    world.policy = ReturnPolicy(label_fee=495)
    record = world.ask({"1": 2})
    world.receive(record, {"1": 1})
    world.inspect(record, [("1", 1, C.NEW)])
    world.receive(record, {"1": 1})
    assert amounts(world.inspect(record, [("1", 1, C.NEW)])) == [505, 1000]
    assert amounts(back(world, 1, method=ReturnMethod.STORE)) == [1000]


def test_delivery_is_paid_back_once_when_nothing_is_kept() -> None:
    world = delivered(("MUG", 2, 1000), shipping=Money(499, "USD"))
    assert [amounts(back(world, 1)), amounts(back(world, 1))] == [[1000], [1499]]
    world = delivered(("MUG", 2, 1000), shipping=Money(499, "USD"))
    assert amounts(back(world, 1, reason=ReturnReason.WRONG_ITEM)) == [1499]
    assert amounts(back(world, 1)) == [1000]


def test_units_that_the_channel_paid_back_are_not_paid_again() -> None:
    # GIVEN a return on its way, and the shop refunds one of its two units by itself
    world = delivered(("MUG", 2, 1000), shipping=Money(499, "USD"))
    record = world.ask({"1": 2})
    paid_by_shop = replace(world.order.line("1"), by_channel=1)
    shop_paid = replace(world.order, channel_refunded=1000).with_lines([paid_by_shop])
    world.ledger.orders["ord_a"] = shop_paid
    # WHEN both come back, THEN one is paid, and delivery as nothing is kept
    world.receive(record, {"1": 2})
    assert amounts(world.inspect(record, [("1", 2, C.NEW)])) == [1000 + 499]


def test_money_that_the_channel_paid_back_for_nothing_in_particular_counts_too() -> None:
    world = delivered(("MUG", 1, 1000))
    world.ledger.orders["ord_a"] = replace(world.order, channel_refunded=300)
    [refund] = back(world, 1).refunds
    assert (refund.amount.amount, refund.paid_otherwise) == (700, 300)


def test_cancelled_units_have_the_last_shares_without_the_odd_cents() -> None:
    world = delivered(("MUG", 3, 3333), taxes={"1": 1})
    gone = world.order.line("1").moved(Bucket.DELIVERED, Bucket.CANCELLED, 1)
    world.ledger.orders["ord_a"] = world.order.with_lines([gone])
    assert amounts(back(world, 2)) == [6667]


@pytest.mark.parametrize("early", [ShipsOn.RECEIPT, ShipsOn.SCAN])
def test_a_refund_before_the_inspection_is_paid_once(early: ShipsOn) -> None:
    world = delivered(("MUG", 2, 1000))
    world.policy = ReturnPolicy(refund_on=early)
    record = world.ask({"1": 2})
    assert amounts(world.receive(record, {"1": 1})) == [1000]
    assert amounts(world.receive(record, {"1": 1})) == [1000, 1000]
    assert amounts(world.inspect(record, [("1", 2, C.DAMAGED)])) == [1000, 1000]


def test_store_credit_is_owed_and_not_paid_out() -> None:
    world = delivered(("MUG", 1, 1000))
    record = back(world, 1, outcome=ReturnOutcome.STORE_CREDIT)
    assert record.refunds[0].store_credit
    assert _accounts(world.settle(record)) == {
        "sales_returns": 1000,
        "store_credit_liability": -1000,
    }


def test_the_books_reverse_revenue_and_tax_and_clear_what_was_paid() -> None:
    world = delivered(("MUG", 1, 1000), taxes={"1": 90}, shipping=Money(500, "USD"))
    world.policy = ReturnPolicy(rules=(ReturnRule("r", restocking_percent=10),), label_fee=200)
    assert _accounts(world.settle(back(world, 1))) == {
        "sales_returns": 1000,
        "tax_payable": 90,
        "shipping_revenue": 500,
        "restocking_fees": -100,
        "return_label_fees": -200,
        "channel_clearing": -1290,
    }


def _accounts(record: Return) -> dict[str, int]:
    """Balances of all entries, debits positive; every entry must be balanced by itself."""
    total: dict[str, int] = {}
    for entry in record.history:
        lines = entry.data["journal"] if entry.type == "ReturnJournalPosted" else []
        assert sum(x["debit"] - x["credit"] for x in lines) == 0  # type: ignore[attr-defined]
        for line in lines:  # type: ignore[attr-defined]
            balance = line["debit"] - line["credit"]
            total[line["account"]] = total.get(line["account"], 0) + balance
    return {account: balance for account, balance in total.items() if balance}


def test_a_refund_says_what_it_is_made_of() -> None:
    world = delivered(("MUG", 2, 1000), taxes={"1": 7})
    refund: Refund = back(world, 2).refunds[0]
    lines = sum(line.amount for line in refund.lines)
    assert refund.amount.amount == lines + refund.shipping - refund.label_fee
