"""Adobe Commerce's hooks and orders: who speaks, which rows count, and what each costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.magento import signature
from dom.channels.protocol import DeliveryIdentity
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import SeenOrder
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, Method, Order, OrderStatus
from support.builders import NOW
from support.channel_orders import ChannelOrders

Json = dict[str, Any]
SHOP = "shop.example.com"
MAGENTO = channel("magento")
HERE = ChannelOrders("magento", SHOP)
sample, snapshot, order = HERE.sample, HERE.snapshot, HERE.order
VECTORS = json.loads((Path(__file__).parent / "data/rsa_vectors.json").read_text())
TEE, LAMP, MAT, MUG, WARRANTY = "101", "104", "105", "106", "107"


def item(body: Json, name: str) -> Json:
    (found,) = [one for one in body["items"] if str(one["item_id"]) == name]
    row: Json = found
    return row


def changed(change: Callable[[Json], object], at: str = "15:10:00") -> Json:
    """The sample, changed by then."""
    body = sample()
    body["updated_at"] = f"2026-11-20 {at}"
    change(body)
    return body


def units(name: str, **told: int) -> Callable[[Json], object]:
    """Units of that row, such as `shipped=1`."""
    return lambda body: item(body, name).update({f"qty_{key}": n for key, n in told.items()})


def buckets(made: Order, name: str) -> dict[Bucket, int]:
    (line,) = [one for one in made.lines if one.line_id == name]
    return dict(line.buckets)


class TestWhoSpeaks:
    BODY = VECTORS["body"].encode()

    def verify(self, **headers: str) -> DeliveryIdentity:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        secrets = ["old", VECTORS["public_key"], "shared"]
        return MAGENTO.verify(named, self.BODY, SHOP, secrets, NOW)

    def test_the_modules_signature_is_proven_by_its_public_key(self) -> None:
        told = self.verify(x_adobe_commerce_webhook_signature=VECTORS["signature"])
        assert told.topic == "order/changed"

    def test_or_base64_of_the_body_is_signed_as_adobes_example_has_it(self) -> None:
        headers = {"x-adobe-commerce-webhook-signature": VECTORS["base64_signature"]}
        secrets = [VECTORS["base64_public_key"]]
        assert MAGENTO.verify(headers, self.BODY, SHOP, secrets, NOW).topic == "order/changed"

    def test_a_shop_without_the_module_shares_a_secret(self) -> None:
        told = self.verify(x_dom_signature=signature("shared", self.BODY))
        assert told == self.verify(x_dom_signature=signature("old", self.BODY))

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"x_dom_signature": "wrong"},
            {"x_adobe_commerce_webhook_signature": "not base64!"},
            {"x_adobe_commerce_webhook_signature": VECTORS["sha1_signature"]},
            # The public key is public: it must never serve as a shared secret.
            {"x_dom_signature": signature(VECTORS["public_key"], VECTORS["body"].encode())},
        ],
    )
    def test_anybody_else_is_refused(self, headers: dict[str, str]) -> None:
        with pytest.raises(Unauthenticated):
            self.verify(**headers)


class TestHooks:
    def named(self, body: object) -> object:
        return MAGENTO.parse("order/changed", SHOP, json.dumps(body).encode())

    def test_an_order_is_named_however_it_is_wrapped(self) -> None:
        seen = SeenOrder("41", datetime(2026, 11, 20, 15, 6, tzinfo=UTC))
        bare = sample("order-saved")["event"]["data"]["value"]
        for wrapped in (sample("order-saved"), bare, {"order": bare}, {"data": {"order": bare}}):
            assert self.named(wrapped) == seen

    def test_what_belongs_to_an_order_names_the_order(self) -> None:
        seen = self.named(sample("shipment-saved"))
        assert isinstance(seen, SeenOrder) and seen.external_id == "41"

    def test_one_that_names_none_is_refused(self) -> None:
        with pytest.raises(InvalidInput) as refused:
            self.named({"increment_id": "000000041"})
        assert refused.value.field == "entity_id"


class TestAnOrder:
    def test_a_configurable_product_is_one_line_and_a_bundles_children_count(self) -> None:
        lines = {line.line_id: line for line in snapshot(sample()).lines}

        assert list(lines) == [TEE, LAMP, MAT, MUG, WARRANTY]
        assert {name: line.quantity for name, line in lines.items()} == {
            TEE: 2,
            LAMP: 1,
            MAT: 2,
            MUG: 2,
            WARRANTY: 1,
        }

    def test_lines_and_delivery_sum_to_what_the_goods_cost(self) -> None:
        told = snapshot(sample())

        def paid(line: Any) -> int:
            off = line.discount.amount if line.discount else 0
            return int(line.unit_price.amount * line.quantity - off + line.tax.amount)

        goods = {line.line_id: paid(line) for line in told.lines}
        assert goods == {TEE: 4320, LAMP: 1999, MAT: 3998, MUG: 2719, WARRANTY: 1000}
        assert told.shipping == Money(1079, "USD")
        assert sum(goods.values()) + told.shipping.amount == 15115

    def test_a_total_with_a_fee_that_nobody_knows_is_kept_and_not_checked(self) -> None:
        told = snapshot(changed(lambda body: body.update(grand_total=999.99)))
        assert told.amounts["total"] == "999.99"

    def test_its_address_is_in_the_assignment(self) -> None:
        (group,) = snapshot(sample()).ship_groups
        assert group.destination == Destination("US", "89501", "NV", "Reno", None)
        assert "'address2': 'Floor 2'" in str(snapshot(sample()).personal["addresses"])

    def test_what_is_nothing_to_ship_is_not_shipped(self) -> None:
        lines = {line.line_id: line.ship_group_id for line in snapshot(sample()).lines}
        assert lines[WARRANTY] is None and lines[MUG] == "sg1"

    @pytest.mark.parametrize("assignments", [None, []])
    def test_a_virtual_order_has_no_assignment(self, assignments: object) -> None:
        more = {"shipping_assignments": assignments}
        virtual = changed(lambda body: body.update(extension_attributes=more))
        assert snapshot(virtual).ship_groups == ()

    def test_an_order_to_be_collected_names_its_source(self) -> None:
        collected = changed(
            lambda body: body["extension_attributes"].update(pickup_location_code="STORE-1")
        )
        (group,) = snapshot(collected).ship_groups
        assert (group.method, group.location_id) == (Method.PICKUP, "STORE-1")
        assert order(collected).hold_reason is None

    @pytest.mark.parametrize("state", ["new", "pending_payment", "payment_review", "holded", "x"])
    def test_it_waits_where_it_is_not_paid_for(self, state: str) -> None:
        made = order(changed(lambda body: body.update(state=state)))
        assert made.hold_reason is HoldReason.AWAITING_PAYMENT

    def test_a_canceled_one_is_cancelled(self) -> None:
        made = order(sample(), changed(lambda body: body.update(state="canceled")))
        assert made.status is OrderStatus.CANCELLED


class TestUnits:
    def test_quantities_of_a_configurable_product_sit_on_the_parent(self) -> None:
        made = order(sample(), changed(units(TEE, canceled=1)))
        assert buckets(made, TEE) == {Bucket.PENDING: 1, Bucket.CANCELLED: 1}

    def test_refunded_before_it_was_shipped_is_not_shipped(self) -> None:
        made = order(sample(), changed(units(MUG, refunded=1)))
        assert buckets(made, MUG) == {Bucket.PENDING: 1, Bucket.CANCELLED: 1}

    def test_refunded_after_it_was_shipped_takes_nothing_more_away(self) -> None:
        made = order(sample(), changed(units(MUG, shipped=1, refunded=1)))
        assert buckets(made, MUG) == {Bucket.PENDING: 1, Bucket.DELIVERED: 1}

    def test_a_half_unit_is_refused_and_a_whole_number_of_them_is_not(self) -> None:
        assert snapshot(changed(units(MUG, ordered=2.0))).lines  # type: ignore[arg-type]
        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(changed(units(MUG, ordered=2.5)))  # type: ignore[arg-type]
        assert refused.value.field == "items.5.qty_ordered"

    def test_two_rows_of_one_id_are_refused(self) -> None:
        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(changed(lambda body: item(body, MUG).update(item_id=101)))
        assert refused.value.field == "items.5.item_id"
