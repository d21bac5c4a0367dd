"""Walmart's notifications and purchase orders: who speaks, and what was ordered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.channels.walmart import signature
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import Payment, SeenOrder
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, OrderStatus
from support.builders import NOW
from support.channel_orders import ChannelOrders
from support.code import ROOT

Json = dict[str, Any]
SELLER = "10001234567"
WALMART = channel("walmart")
HERE = ChannelOrders("walmart", SELLER)
sample, snapshot, order = HERE.sample, HERE.snapshot, HERE.order
BODY = (ROOT / "events/walmart/po-created.json").read_bytes()


def lines_of(document: Json) -> list[Json]:
    found: list[Json] = document["order"]["orderLines"]["orderLine"]
    return found


def changed(change: Callable[[Json], object]) -> Json:
    """The sample, changed later."""
    body = sample()
    for line in lines_of(body):
        line["statusDate"] += 60_000
    change(body["order"])
    return body


def statuses(*told: tuple[str, int]) -> Json:
    return {
        "orderLineStatus": [
            {"status": status, "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(n)}}
            for status, n in told
        ]
    }


def first(*told: tuple[str, int]) -> Callable[[Json], object]:
    """The first line's two units have these statuses."""

    def change(order: Json) -> None:
        order["orderLines"]["orderLine"][0]["orderLineStatuses"] = statuses(*told)

    return change


class TestWhoSpeaks:
    def verify(self, body: bytes = BODY, account: str = SELLER, **headers: str) -> DeliveryIdentity:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return WALMART.verify(named, body, account, ["old", "key", "me:secret"], NOW)

    @pytest.mark.parametrize("form", ["base64", "hex"])
    def test_the_complete_body_is_signed(self, form: str) -> None:
        hexed = hmac.new(b"key", BODY, hashlib.sha256).hexdigest()
        given = signature("key", BODY) if form == "base64" else hexed

        assert self.verify(x_walmart_signature=given) == DeliveryIdentity("PO_CREATED", "ev-0001")

    def test_or_a_user_and_password_are_known(self) -> None:
        known = base64.b64encode(b"me:secret").decode()

        assert self.verify(authorization=f"Basic {known}").topic == "PO_CREATED"

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"x_walmart_signature": "wrong"},
            {"x_walmart_signature": signature("stranger", BODY)},
            {"x_walmart_signature": signature("key", BODY + b"\n")},
            {"authorization": "Basic " + base64.b64encode(b"me:wrong").decode()},
            # A secret that only signs is no password.
            {"authorization": "Basic " + base64.b64encode(b"key").decode()},
        ],
    )
    def test_anybody_else_is_refused(self, headers: dict[str, str]) -> None:
        with pytest.raises(Unauthenticated):
            self.verify(**headers)

    def test_another_sellers_delivery_is_refused(self) -> None:
        with pytest.raises(Unauthenticated, match="another seller"):
            self.verify(account="1", x_walmart_signature=signature("key", BODY))

    def test_what_is_signed_and_no_json_is_kept_for_a_person(self) -> None:
        told = self.verify(b"[", x_walmart_signature=signature("key", b"["))

        assert told.topic == "unknown"


@pytest.mark.parametrize("topic", ["PO_CREATED", "PO_LINE_AUTOCANCELLED", "ORDER_UPDATES"])
def test_a_notification_names_its_order(topic: str) -> None:
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert WALMART.parse(topic, SELLER, BODY) == SeenOrder("3815367951431", at)


def test_a_notification_may_have_the_order_as_an_object() -> None:
    body = sample("po-created")
    inner = {"order": {"purchaseOrderId": "381"}, "subEventType": "FRAUD_CANCEL"}
    told = WALMART.parse("ORDER_UPDATES", SELLER, json.dumps({**body, "payload": inner}).encode())
    assert isinstance(told, SeenOrder) and told.external_id == "381"
    with pytest.raises(InvalidInput) as refused:
        WALMART.parse("ORDER_UPDATES", SELLER, json.dumps({**body, "payload": {}}).encode())
    assert refused.value.field == "payload.purchaseOrderId"


class TestAnOrder:
    def test_the_marketplace_writes_to_its_customers_itself(self) -> None:
        assert "email" not in snapshot(sample()).personal

    def test_lines_are_numbered_by_walmart_and_priced_as_a_whole(self) -> None:
        told = snapshot(sample())

        mug, cap = told.lines
        assert (mug.line_id, cap.line_id) == ("4", "7")
        assert (mug.unit_price, mug.discount) == (Money(1000, "USD"), Money(1, "USD"))
        assert (mug.tax, told.shipping) == (Money(162, "USD"), Money(541, "USD"))
        assert told.name == "200011122233344"

    def test_the_country_has_three_letters_there(self) -> None:
        (group,) = snapshot(sample()).ship_groups
        assert group.destination == Destination("US", "89501", "NV", "Reno", None)

    def test_a_country_that_nobody_knows_is_held(self) -> None:
        def abroad(told: Json) -> None:
            told["shippingInfo"]["postalAddress"]["country"] = "XYZ"

        assert order(changed(abroad)).hold_reason is HoldReason.INVALID_DATA

    def test_it_is_routed_and_charged_when_it_ships(self) -> None:
        assert snapshot(sample()).payment is Payment.AUTHORIZED
        assert order(sample()).hold_reason is None

    def test_a_preorder_waits_for_a_person(self) -> None:
        made = order(changed(lambda told: told.update(orderType="PREORDER")))
        assert made.hold_reason is HoldReason.AWAITING_PAYMENT

    def test_what_walmart_ships_itself_is_never_routed(self) -> None:
        by_walmart = changed(lambda told: told.update(shipNode={"type": "WFSFulfilled"}))
        assert HERE.parsed(by_walmart) is None

    def test_a_third_partys_warehouse_is_ours(self) -> None:
        assert order(changed(lambda told: told.update(shipNode={"type": "3PLFulfilled"}))).lines

    @pytest.mark.parametrize("node", [[], None, {}, {"type": "Moon"}])
    def test_one_that_does_not_say_who_ships_it_is_refused(self, node: object) -> None:
        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(changed(lambda told: told.update(shipNode=node)))
        assert refused.value.field == "order.shipNode"

    def test_the_last_change_of_a_line_is_the_orders(self) -> None:
        def later(told: Json) -> None:
            told["orderLines"]["orderLine"][1]["statusDate"] = 1795190400000 + 3_600_000

        at = datetime.fromtimestamp(1795190400 + 3600, UTC)
        assert snapshot(changed(later)).updated_at == at

    def test_lines_of_one_sku_are_all_there(self) -> None:
        def alike(told: Json) -> None:
            for line in told["orderLines"]["orderLine"]:
                line["item"]["sku"] = "MUG"

        assert sum(line.quantity for line in order(changed(alike)).lines) == 3


class TestStatuses:
    def test_units_are_cancelled_one_by_one(self) -> None:
        mug = order(sample(), changed(first(("Acknowledged", 1), ("Cancelled", 1)))).lines[0]
        assert mug.buckets == {Bucket.PENDING: 1, Bucket.CANCELLED: 1}

    def test_units_that_left_are_not_sent_again(self) -> None:
        mug = order(sample(), changed(first(("Shipped", 1), ("Acknowledged", 1)))).lines[0]
        assert mug.buckets == {Bucket.PENDING: 1, Bucket.DELIVERED: 1}

    def test_an_order_of_which_all_is_cancelled_is(self) -> None:
        def all_of_it(told: Json) -> None:
            for line in told["orderLines"]["orderLine"]:
                units = int(line["orderLineQuantity"]["amount"])
                line["orderLineStatuses"] = statuses(("Cancelled", units))

        assert order(sample(), changed(all_of_it)).status is OrderStatus.CANCELLED

    def test_a_customer_who_wishes_to_cancel_gets_what_is_not_sent_cancelled(self) -> None:
        def wish(told: Json) -> None:
            first(("Shipped", 1), ("Acknowledged", 1))(told)
            told["orderLines"]["orderLine"][0]["intentToCancel"] = "CUSTOMER_REQUESTED"

        mug = order(sample(), changed(wish)).lines[0]
        assert mug.buckets == {Bucket.DELIVERED: 1, Bucket.CANCELLED: 1}

    def test_late_news_of_an_earlier_state_change_nothing(self) -> None:
        cancelled = changed(first(("Cancelled", 2)))
        assert order(cancelled, sample()).lines == order(cancelled).lines


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda told: told.update(orderDate="yesterday"), "order.orderDate"),
        (lambda told: told.update(orderDate=True), "order.orderDate"),
        (lambda told: told.update(purchaseOrderId=None), "order.purchaseOrderId"),
        (
            lambda told: told["orderLines"]["orderLine"][0]["orderLineQuantity"].update(
                amount="2.5"
            ),
            "order.orderLines.orderLine.0.orderLineQuantity.amount",
        ),
        (
            lambda told: told["orderLines"]["orderLine"][1].update(lineNumber="4"),
            "order.orderLines.orderLine.1.lineNumber",
        ),
    ],
)
def test_what_cannot_be_understood_is_named(change: Callable[[Json], object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        HERE.parsed(changed(change))
    assert refused.value.field == field
