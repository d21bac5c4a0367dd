"""WooCommerce's webhooks: who speaks, and what was ordered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.channels.woocommerce import signature
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import Facts, Payment
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, OrderStatus
from support.builders import NOW
from support.channel_orders import ChannelOrders

EVENTS = Path(__file__).parents[3] / "events/woocommerce"
SHOP = "shop.example.com"
LINE = {"id": 1, "quantity": 1, "subtotal": "1", "total": "1"}
WOO = channel("woocommerce")
HERE = ChannelOrders("woocommerce", SHOP, "order.updated")
sample, snapshot, order = HERE.sample, HERE.snapshot, HERE.order


def body_of(document: object) -> bytes:
    return json.dumps(document).encode()


def facts(document: object, topic: str = "order.created") -> Facts:
    told = WOO.parse(topic, SHOP, body_of(document))
    assert isinstance(told, Facts)
    return told


class TestWhoSpeaks:
    BODY = (EVENTS / "order-created.json").read_bytes()
    HEADERS: Mapping[str, str] = {
        "x-wc-webhook-topic": "order.created",
        "x-wc-webhook-source": f"https://{SHOP}/",
        "x-wc-webhook-delivery-id": "changes with every attempt",
        "x-wc-webhook-signature": signature("now", BODY),
    }

    def verify(self, body: bytes = BODY, **changes: str) -> DeliveryIdentity:
        headers = {**self.HEADERS, **{f"x-wc-webhook-{k}": v for k, v in changes.items()}}
        return WOO.verify(headers, body, SHOP, ["next", "now"], NOW)

    def test_a_signed_delivery_is_known_by_its_content(self) -> None:
        first = self.verify()
        again = self.verify(**{"delivery-id": "another attempt"})
        assert first == again
        assert (first.topic, len(first.delivery_id)) == ("order.created", 64)
        other = b'{"id": 1}'
        assert self.verify(other, signature=signature("now", other)) != first

    @pytest.mark.parametrize(
        "changes",
        [
            {"signature": ""},
            {"signature": "ü"},
            {"signature": signature("stolen", BODY)},
            {"signature": signature("now", BODY + b"\n")},
            {"source": "https://other.example.com/"},
        ],
    )
    def test_nobody_else_is_believed(self, changes: dict[str, str]) -> None:
        with pytest.raises(Unauthenticated):
            self.verify(**changes)

    def test_the_greeting_of_a_new_webhook_is_answered_and_says_nothing(self) -> None:
        assert WOO.verify({}, b"webhook_id=4", SHOP, ["now"], NOW) == DeliveryIdentity("", "")
        for body in (b"webhook_id=4&x=1", b"", b"webhook_id="):
            with pytest.raises(Unauthenticated):
                WOO.verify({}, body, SHOP, ["now"], NOW)
        with pytest.raises(Unauthenticated):
            WOO.verify({}, b"webhook_id=4", "unknown.example.com", [], NOW)


def test_an_order_is_told_with_lines_that_sum_to_the_last_cent() -> None:
    told = snapshot(sample("order-created"))
    assert told.placed_at == datetime(2026, 11, 22, 16, 1, 10, tzinfo=UTC)
    assert told.updated_at == datetime(2026, 11, 22, 16, 1, 31, tzinfo=UTC)
    assert (told.payment, told.name, told.customer_id) == (Payment.PAID, "#41207", "88")
    mug, towel = told.lines
    assert (mug.line_id, mug.sku, mug.quantity, mug.title) == (
        "901",
        "MUG-BLUE",
        3,
        "Mug – blue",
    )
    assert mug.discount and mug.tax
    assert mug.unit_price.amount * 3 - mug.discount.amount == 2200
    assert (mug.unit_price.amount, mug.tax.amount) == (834, 182)
    assert (towel.sku, towel.discount) == (None, None)
    assert told.shipping == Money(639, "USD")
    (group,) = told.ship_groups
    assert group.destination == Destination("US", "95814", "CA", "Sacramento")
    assert told.personal["email"] == "ada@example.com"
    assert told.personal["addresses"] == {
        "sg1": {
            "name": "Ada Buyer",
            "address1": "12 Pine Street",
            "city": "Sacramento",
            "postal_code": "95814",
            "province_code": "CA",
            "country_code": "US",
        }
    }


@pytest.mark.parametrize(
    ("status", "hold"),
    [
        ("processing", None),
        ("on-hold", HoldReason.AWAITING_PAYMENT),
        ("pending", HoldReason.AWAITING_PAYMENT),
        ("wc-awaiting-shipment", HoldReason.AWAITING_PAYMENT),
        ("refunded", HoldReason.AWAITING_PAYMENT),
    ],
)
def test_the_status_says_whether_it_may_be_routed(status: str, hold: HoldReason | None) -> None:
    document = sample("order-created")
    document["line_items"] = document["line_items"][:1]
    assert order({**document, "status": status}).hold_reason is hold


def test_a_line_without_a_sku_holds_the_order_for_a_person() -> None:
    made = order(sample("order-created"))
    assert (made.hold_reason, made.hold_detail) == (HoldReason.INVALID_DATA, "line_items.902.sku")


@pytest.mark.parametrize("status", ["cancelled", "failed", "trash"])
def test_what_is_cancelled_stays_cancelled_however_late_the_rest_comes(status: str) -> None:
    cancelled = {**sample("order-cancelled"), "status": status}
    one = order(sample("order-created"), cancelled)
    other = order(cancelled, sample("order-created"))
    assert one.status is other.status is OrderStatus.CANCELLED


def test_what_needs_no_shipping_is_delivered_at_once() -> None:
    made = order(sample("order-virtual"))
    assert made.status is OrderStatus.CLOSED
    assert made.ship_groups == ()
    assert made.name == "#W-41208"


def test_local_pickup_waits_for_a_person_and_yen_have_no_decimals() -> None:
    document = sample("order-pickup-jpy")
    told = snapshot(document)
    (line,) = told.lines
    assert line.discount
    assert line.unit_price.amount * 3 - line.discount.amount == 1000
    assert told.shipping == Money(550, "JPY")
    made = order({**document, "status": "processing"})
    assert made.hold_reason is HoldReason.INVALID_DATA


def test_completed_means_handed_over_without_us() -> None:
    document = sample("order-created")
    document["line_items"] = document["line_items"][:1]
    made = order({**document, "status": "completed"})
    assert made.lines[0].buckets == {Bucket.DELIVERED: 3}


def test_a_draft_is_no_order_and_other_topics_are_none_of_ours() -> None:
    draft = {**sample("order-created"), "status": "checkout-draft"}
    assert WOO.parse("order.created", SHOP, body_of(draft)) is None
    assert WOO.parse("product.updated", SHOP, b"{}") is None


def test_a_deleted_order_is_for_a_person() -> None:
    with pytest.raises(InvalidInput, match="cancel it here"):
        WOO.parse("order.deleted", SHOP, body_of(sample("order-deleted")))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"currency": "dollars"}, "currency"),
        ({"date_created_gmt": "yesterday"}, "date_created_gmt"),
        (
            {"line_items": [{"id": 1, "quantity": 1.5, "subtotal": "1", "total": "1"}]},
            "line_items.0.quantity",
        ),
        (
            {"line_items": [{"id": 1, "quantity": 1, "subtotal": "x", "total": "1"}]},
            "line_items.0.subtotal",
        ),
        (
            {"line_items": [{"id": 1, "quantity": 1, "subtotal": "1", "total": "1"}] * 2},
            "line_items.1.id",
        ),
    ],
)
def test_what_cannot_be_understood_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        facts({**sample("order-created"), **change})
    assert refused.value.field == field
