"""Shopify's payloads, read as facts or refused by the name of a field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dom.channels import CHANNELS
from dom.channels.shopify_ids import exact_id
from dom.errors import InvalidInput
from dom.model.facts import MAX_LINES, LineFacts
from dom.model.money import Money
from support.intake import EVENTS, SHOP, facts_of, sample

SHOPIFY = CHANNELS["shopify"]
# A checkout may lie beside samples of the public kind; they are read when they are there.
FOREIGN = Path(__file__).parents[4] / "shared" / "samples" / "shopify"
TOPIC_OF = {
    "returns-request": "returns/request",
    "refunds": "refunds/create",
    "edited": "orders/edited",
    "paid": "orders/paid",
}


def topic_of(path: Path) -> str:
    return next((topic for word, topic in TOPIC_OF.items() if word in path.stem), "orders/updated")


def lines_of(name: str) -> tuple[LineFacts, ...]:
    snapshot = facts_of("orders/create", sample(name)).snapshot
    assert snapshot is not None
    return snapshot.lines


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_of_ours_is_understood(path: Path) -> None:
    facts = SHOPIFY.parse(topic_of(path), SHOP, path.read_bytes())

    assert facts is not None
    assert facts.external_id.isdigit()


@pytest.mark.skipif(not FOREIGN.is_dir(), reason="no samples beside this checkout")
def test_every_foreign_order_is_understood_or_refused_by_the_name_of_a_field() -> None:
    paths = [*FOREIGN.glob("orders/*.json"), *FOREIGN.glob("shape_only/*.json")]
    assert paths
    for path in [*paths, *FOREIGN.glob("webhooks/*orders_edited.json")]:
        assert refused_field(path) not in {"", "body"}


def refused_field(path: Path) -> str | None:
    """The field by which the payload is refused; None when it is understood."""
    try:
        facts = SHOPIFY.parse(topic_of(path), SHOP, path.read_bytes())
    except InvalidInput as error:
        return error.field
    return None if facts else ""


def test_topics_that_do_not_concern_us_are_no_facts() -> None:
    assert SHOPIFY.parse("products/update", SHOP, b"{}") is None


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert lines_of("jpy")[0].unit_price == Money(4760, "JPY")
    assert lines_of("kwd")[0].unit_price == Money(12345, "KWD")
    assert lines_of("kwd")[0].discount == Money(1000, "KWD")


def test_tax_that_the_price_includes_is_known_by_line() -> None:
    facts = facts_of("orders/create", sample("taxes-included"))

    assert facts.snapshot is not None
    assert facts.snapshot.amounts["taxes_included"] is True
    assert [line.tax for line in facts.snapshot.lines] == [Money(1900, "EUR"), Money(570, "EUR")]


def test_a_discount_of_the_order_is_spread_over_its_lines_to_the_cent() -> None:
    discounts = [line.discount.amount for line in lines_of("order-discount") if line.discount]

    assert discounts == [571, 286, 143]
    assert sum(discounts) == 1000


def test_a_discount_on_delivery_is_no_discount_on_goods() -> None:
    body = sample("order-discount")
    body["shipping_lines"][0]["discount_allocations"] = [{"amount": "10.00"}]

    snapshot = facts_of("orders/create", body).snapshot
    assert snapshot is not None
    assert {line.discount for line in snapshot.lines} == {None}


def test_ids_that_a_javascript_writer_rounded_are_read_from_the_graphql_id() -> None:
    facts = facts_of("orders/create", sample("rounded-ids"))

    assert facts.external_id == "820982911946154508"
    assert lines_of("rounded-ids")[0].line_id == "866550311766439020"


def test_a_graphql_id_of_something_else_is_not_believed() -> None:
    assert exact_id("820982911946154500", "gid://shopify/Order/1") == "820982911946154500"
    assert exact_id("450789469", "gid://shopify/Order/450789470") == "450789469"
    assert exact_id("9007199254740993", "https://example.com/") == "9007199254740993"


def test_amounts_given_as_json_numbers_keep_their_digits() -> None:
    # GIVEN a number that binary floating point would make 1.00499999...
    body = sample("orders-create")
    body["line_items"][1].update(price="PRICE", price_set=None)
    raw = json.dumps(body).replace('"PRICE"', "1.005")

    facts = SHOPIFY.parse("orders/create", SHOP, raw.encode())

    assert facts is not None and facts.snapshot is not None
    assert facts.snapshot.lines[1].unit_price == Money(101, "USD")


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    *way, last, value = path

    def change(body: Any) -> None:
        for step in way:
            body = body[step]
        body[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (_set("id", None), "id"),
        (_set("currency", "dollars"), "currency"),
        (_set("currency", None), "currency"),
        (_set("created_at", "yesterday"), "created_at"),
        (_set("created_at", "2026-11-20T10:00:00"), "created_at"),
        (_set("updated_at", "0001-01-01T00:00:00+14:00"), "updated_at"),
        (_set("line_items", "none"), "line_items"),
        (_set("line_items", 0, "quantity", -1), "line_items.0.quantity"),
        (_set("line_items", 0, "quantity", 1.5), "line_items.0.quantity"),
        (_set("line_items", 0, "quantity", 10**12), "line_items.0.quantity"),
        (_set("line_items", 1, "price", "free"), "line_items.1.price"),
        (_set("line_items", 1, "sku", "X" * 300), "line_items.1.sku"),
        (_set("line_items", 1, "id", 14900000000001), "line_items.1.id"),
        (_set("line_items", 1, "price_set", "shop_money", "amount", "1e999"), "line_items.1.price"),
        (_set("refunds", [{"id": 1}]), "refunds.0.created_at"),
        (_set("fulfillments", 3), "fulfillments"),
        (_set("shipping_address", "here"), "shipping_address"),
        (_set("email", "\ud800"), "email"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_the_field(
    change: Callable[[dict[str, Any]], None], field: str
) -> None:
    body = sample("orders-create")
    change(body)
    with pytest.raises(InvalidInput) as refused:
        facts_of("orders/create", body)
    assert refused.value.field == field
    assert "Harbor" not in str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"[]", b'"text"', b'{"id": NaN}', b"1" * 5000],
)
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        SHOPIFY.parse("orders/create", SHOP, raw)


def test_an_order_that_no_item_could_hold_is_refused() -> None:
    body = sample("orders-create")
    line = body["line_items"][0]
    body["line_items"] = [{**line, "id": n} for n in range(1, MAX_LINES + 2)]

    with pytest.raises(InvalidInput) as refused:
        facts_of("orders/create", body)

    assert refused.value.field == "line_items"


def test_deltas_must_name_their_order() -> None:
    refund = sample("refunds-create")
    del refund["order_id"]

    with pytest.raises(InvalidInput) as refused:
        facts_of("refunds/create", refund)

    assert refused.value.field == "order_id"
