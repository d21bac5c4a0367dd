"""Shopify's return topics: which units of which order come back, and who said so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dom.channels import channel
from dom.errors import InvalidInput
from dom.model.facts import Facts, ReturnedUnits, ReturnEvent, ReturnNews
from dom.model.ids import order_id_for
from support.intake import sample

SHOPIFY = channel("shopify")
ASKED = sample("returns-request")
ORDER = order_id_for("shopify", "acme.myshopify.com", "5920000001001")


def parse(topic: str, body: dict[str, Any]) -> ReturnNews:
    told = SHOPIFY.parse(topic, "Acme.myshopify.com", json.dumps(body).encode())
    assert isinstance(told, ReturnNews)
    return told


def test_a_request_names_order_return_and_units_summed_by_line() -> None:
    told = parse("returns/request", ASKED)
    assert (told.event, told.order_id) == (ReturnEvent.REQUESTED, ORDER)
    assert told.external_id == "9003000000001"
    assert told.lines == (ReturnedUnits("14900000000001", 2, "defective", ""),)


@pytest.mark.parametrize(
    ("topic", "event"),
    [
        ("returns/approve", ReturnEvent.APPROVED),
        ("returns/decline", ReturnEvent.DECLINED),
        ("returns/cancel", ReturnEvent.CANCELLED),
    ],
)
def test_decisions_of_the_shop_need_no_lines(topic: str, event: ReturnEvent) -> None:
    body = {"id": 9003000000001, "order_id": 5920000001001, "status": "x"}
    told = parse(topic, body)
    assert (told.event, told.order_id, told.lines) == (event, ORDER, ())


def test_a_request_that_lists_none_of_its_lines_is_not_lost_but_refused_by_name() -> None:
    # Shopify's own sample of the topic is like this.
    with pytest.raises(InvalidInput, match="return_line_items: it lists none of its 2 lines"):
        parse("returns/request", {**ASKED, "return_line_items": []})


def test_a_line_without_its_item_is_named() -> None:
    lines = [{"quantity": 1, "fulfillment_line_item": None}]
    with pytest.raises(InvalidInput, match=r"return_line_items\.0\.fulfillment_line_item"):
        parse("returns/request", {**ASKED, "return_line_items": lines})
    with pytest.raises(InvalidInput, match=r"order\.id"):
        parse("returns/cancel", {"id": 1})


def test_topics_that_say_nothing_new_are_passed_over() -> None:
    for topic in ("returns/update", "returns/close", "returns/reopen", "returns/process"):
        assert SHOPIFY.parse(topic, "acme.myshopify.com", json.dumps(ASKED).encode()) is None


def refund(note: str, restock: str) -> Facts:
    body = sample("refunds-create")
    lines = [{"line_item_id": 1, "quantity": 2, "restock_type": restock, "subtotal": 20.5}]
    lines[0]["subtotal_set"] = {"shop_money": {"amount": "20.50", "currency_code": "USD"}}
    lines[0]["total_tax"] = 1.25
    moved = [{"kind": "refund", "status": "success", "amount": "21.75", "currency": "USD"}]
    told = {**body, "note": note, "refund_line_items": lines, "transactions": moved}
    facts = SHOPIFY.parse("refunds/create", "acme.myshopify.com", json.dumps(told).encode())
    assert isinstance(facts, Facts)
    return facts


@pytest.mark.parametrize("restock", ["return", "no_restock"])
def test_a_refund_that_a_return_of_ours_caused_cancels_nothing(restock: str) -> None:
    [delta] = refund("Return ord_abc234-R1/2", restock).refunds
    assert (delta.removed, delta.returned, delta.ours) == ({}, {"1": 2}, True)


def test_a_refund_of_the_shop_says_what_it_paid_back() -> None:
    [delta] = refund("sorry", "no_restock").refunds
    assert (delta.removed, delta.paid, delta.ours) == ({"1": 2}, 2175, False)
