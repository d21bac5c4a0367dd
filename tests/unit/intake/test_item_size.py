"""The largest order that is taken fits into one DynamoDB item, with room for what happens to it."""

from __future__ import annotations

from typing import Any

from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.model.facts import MAX_LINES
from support.intake import order_from, sample

ITEM_LIMIT = 400 * 1024
# For the history (at most 200 entries) and what routing adds.
ROOM = 45 * 1024


def size(value: dict[str, Any]) -> int:
    """Bytes of an attribute value, as DynamoDB's documentation counts them."""
    ((kind, inner),) = value.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + size(one) for name, one in inner.items())
    if kind == "L":
        return 3 + sum(1 + size(one) for one in inner)
    if kind == "N":
        return len(inner) // 2 + 2
    return len(inner.encode()) if kind == "S" else 1


def test_the_most_lines_with_long_texts_taxes_and_a_refund_fit_into_one_item() -> None:
    # GIVEN the most lines, each with a long title of two-byte letters, a tax and a refund
    body = sample("orders-create")
    first = {**body["line_items"][0], "title": "ü" * 255, "sku": "S" * 40}
    first["tax_lines"] = [{"price": "12.00"}]
    body["line_items"] = [{**first, "id": 14900000000000 + n} for n in range(MAX_LINES)]
    refunded = [
        {"line_item_id": line["id"], "quantity": 1, "restock_type": "cancel"}
        for line in body["line_items"]
    ]
    body["refunds"] = [{**sample("refunds-create"), "refund_line_items": refunded}]

    # WHEN it is an item
    order = order_from(("orders/create", body))
    item = marshal(to_plain(order))

    # THEN there is room left
    assert len(order.lines) == MAX_LINES
    assert size({"M": item}) < ITEM_LIMIT - ROOM

    # AND all of it may be returned
    back = [one.with_back(returning=1, refunded_units=1, refunded=9_999_99) for one in order.lines]
    assert size({"M": marshal(to_plain(order.with_lines(back)))}) < ITEM_LIMIT
