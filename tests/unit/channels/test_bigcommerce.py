"""BigCommerce's hooks and orders: who speaks, where each line goes, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.bigcommerce import signature
from dom.channels.protocol import DeliveryIdentity
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import SeenOrder
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, Method, OrderStatus
from support.builders import NOW
from support.channel_orders import ChannelOrders
from support.code import ROOT

Json = dict[str, Any]
STORE = "abc123"
BIGCOMMERCE = channel("bigcommerce")
HERE = ChannelOrders("bigcommerce", STORE)
sample, snapshot, order = HERE.sample, HERE.snapshot, HERE.order
BODY = (ROOT / "events/bigcommerce/order-updated.json").read_bytes()


def changed(change: Callable[[Json], object]) -> Json:
    """The sample, changed ten minutes later."""
    body = sample()
    body["order"]["date_modified"] = "Fri, 20 Nov 2026 15:16:00 +0000"
    change(body)
    return body


def first(**told: object) -> Callable[[Json], object]:
    """The first line's three units have these figures."""
    return lambda body: body["products"][0].update(told)


def status(number: int) -> Json:
    return changed(lambda body: body["order"].update(status_id=number))


class TestWhoSpeaks:
    def verify(self, body: bytes = BODY, account: str = STORE, **headers: str) -> DeliveryIdentity:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return BIGCOMMERCE.verify(named, body, account, ["old", "client-secret"], NOW)

    def signed(self, body: bytes = BODY) -> dict[str, str]:
        given = f"v1,{signature('client-secret', 'msg_1', '1795186800', body)}"
        at = {"webhook_id": "msg_1", "webhook_timestamp": "1795186800"}
        return {**at, "webhook_signature": given}

    def test_id_time_and_body_are_signed(self) -> None:
        told = self.verify(**self.signed())
        known = "store/order/updated-dc7f7ae1d4b5e7e0-1795186800"
        assert told == DeliveryIdentity("store/order/updated", known)

    def test_one_of_several_signatures_is_enough(self) -> None:
        headers = self.signed()
        headers["webhook_signature"] = f"v1a,x v1,wrong {headers['webhook_signature']}"
        assert self.verify(**headers).topic == "store/order/updated"

    def test_a_hook_without_an_app_carries_a_secret(self) -> None:
        assert self.verify(x_dom_secret="client-secret").topic == "store/order/updated"

    @pytest.mark.parametrize(
        "change",
        [
            {"webhook_id": "msg_2"},
            {"webhook_timestamp": "1795186801"},
            {"webhook_signature": ""},
            {"webhook_signature": signature("client-secret", "msg_1", "1795186800", BODY)},
            {"webhook_signature": "", "x_dom_secret": "guess"},
        ],
    )
    def test_anybody_else_is_refused(self, change: dict[str, str]) -> None:
        with pytest.raises(Unauthenticated):
            self.verify(**{**self.signed(), **change})

    def test_another_stores_delivery_is_refused(self) -> None:
        with pytest.raises(Unauthenticated, match="another store"):
            self.verify(account="other", **self.signed())

    def test_hooks_of_two_scopes_are_two_deliveries_though_they_share_a_hash(self) -> None:
        archived = BODY.replace(b"store/order/updated", b"store/order/archived")
        one, other = self.verify(**self.signed()), self.verify(archived, **self.signed(archived))
        assert one.delivery_id != other.delivery_id


def test_a_hook_names_its_order_and_one_of_a_shipment_the_shipments() -> None:
    for name, at in (("order-updated", 1795186800), ("shipment-created", 1795186900)):
        body = sample(name)
        told = BIGCOMMERCE.parse(body["scope"], STORE, json.dumps(body).encode())
        assert told == SeenOrder("250", datetime.fromtimestamp(at, UTC))
    paid = {"scope": "store/order/transaction/created", "data": {"id": 9, "order_id": 250}}
    told = BIGCOMMERCE.parse(paid["scope"], STORE, json.dumps(paid).encode())  # type: ignore[arg-type]
    assert isinstance(told, SeenOrder) and told.external_id == "250"
    assert BIGCOMMERCE.parse("store/cart/updated", STORE, BODY) is None


class TestAnOrder:
    def test_lines_go_to_several_addresses_and_to_a_store(self) -> None:
        told = snapshot(sample())

        groups = {group.id: group for group in told.ship_groups}
        assert groups["sg5"].destination == Destination("US", "89501", "Nevada", "Reno", None)
        assert groups["sg6"].destination == Destination("US", "95814", "California", "Sacramento")
        assert groups["pickup8"].method is Method.PICKUP
        assert groups["pickup8"].location_id == "STORE-1"
        where = {line.sku: line.ship_group_id for line in told.lines}
        assert where == {"MUG": "sg5", "CAP": "sg6", "LAMP": "pickup8", "EBOOK": None}
        assert order(sample()).hold_reason is None

    def test_lines_and_delivery_sum_to_what_was_paid(self) -> None:
        told = snapshot(sample())

        paid = sum(
            line.unit_price.amount * line.quantity
            - (line.discount.amount if line.discount else 0)
            + (line.tax.amount if line.tax else 0)
            for line in told.lines
        )
        assert told.shipping == Money(1079, "USD")
        goods = 2999 - 300 + 240 + 1500 + 120 + 5997 + 480 + 500
        assert paid == goods

    def test_amounts_are_in_the_stores_currency_whatever_they_were_shown_in(self) -> None:
        shown = changed(lambda body: body["order"].update(currency_code="EUR"))
        assert snapshot(shown).currency == "USD"

    def test_each_address_is_kept_under_its_group(self) -> None:
        addresses = snapshot(sample()).personal["addresses"]
        assert isinstance(addresses, dict) and set(addresses) == {"sg5", "sg6"}

    def test_one_at_the_checkout_is_no_order_yet(self) -> None:
        assert HERE.parsed(status(0)) is None

    @pytest.mark.parametrize("number", [1, 7, 12, 13, 99])
    def test_one_that_is_not_paid_for_waits(self, number: int) -> None:
        assert order(status(number)).hold_reason is HoldReason.AWAITING_PAYMENT

    @pytest.mark.parametrize("number", [8, 9, 11, 14])
    def test_one_that_is_paid_for_is_routed(self, number: int) -> None:
        assert order(status(number)).hold_reason is None

    @pytest.mark.parametrize("number", [5, 6])
    def test_a_cancelled_or_declined_one_is_cancelled(self, number: int) -> None:
        assert order(sample(), status(number)).status is OrderStatus.CANCELLED

    def test_a_deleted_one_is_for_a_person(self) -> None:
        with pytest.raises(InvalidInput, match="cancel it here"):
            HERE.parsed(changed(lambda body: body["order"].update(is_deleted=True)))

    def test_a_store_that_is_none_of_ours_is_held(self) -> None:
        made = order(changed(lambda body: body.pop("consignments")))
        assert made.hold_reason is HoldReason.INVALID_DATA

    def test_an_address_that_is_not_there_is_held(self) -> None:
        made = order(changed(lambda body: body["shipping_addresses"].pop()))
        assert made.hold_reason is HoldReason.INVALID_DATA

    def test_refunded_before_it_was_shipped_is_not_shipped(self) -> None:
        mug = order(sample(), changed(first(quantity_refunded=1))).lines[0]
        assert mug.buckets == {Bucket.PENDING: 2, Bucket.CANCELLED: 1}

    def test_refunded_after_it_was_shipped_takes_nothing_away(self) -> None:
        mug = order(sample(), changed(first(quantity_shipped=2, quantity_refunded=1))).lines[0]
        assert mug.buckets == {Bucket.PENDING: 1, Bucket.DELIVERED: 2}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            (lambda body: body["order"].update(date_created="2026-11-20"), "order.date_created"),
            (lambda body: body["order"].update(currency_code="$"), "order.currency_code"),
            (first(quantity="three"), "products.0.quantity"),
            (first(total_ex_tax="much"), "products.0.total_ex_tax"),
            (first(id=2), "products.1.id"),
        ],
    )
    def test_what_cannot_be_understood_is_named(
        self, change: Callable[[Json], object], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(changed(change))
        assert refused.value.field == field
