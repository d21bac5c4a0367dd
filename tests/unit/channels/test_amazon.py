"""Amazon's orders: ordered, held, cancelled, never routed; in both versions of its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from dom.channels import channel
from dom.errors import InvalidInput, NotFound
from dom.model.facts import Payment, SeenOrder
from dom.model.geo import Destination
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, OrderStatus
from support.builders import NOW
from support.channel_orders import ChannelOrders

Json = dict[str, Any]
EVENTS = Path(__file__).parents[3] / "events/amazon"
SELLER = "a2examplesellr"
AMAZON = channel("amazon")
HERE = ChannelOrders("amazon", SELLER)
sample, snapshot, order = HERE.sample, HERE.snapshot, HERE.order
SOCKS, BOTTLE = "11400000000001", "11400000000002"


def changed(change: Callable[[Json], None], name: str = "order", at: str = "16:00:00") -> Json:
    """The sample, changed by then."""
    body = sample(name)
    body["order"]["lastUpdatedTime"] = f"2026-11-20T{at}Z"
    change(body["order"])
    return body


def status(value: str) -> Callable[[Json], None]:
    def change(told: Json) -> None:
        told["fulfillment"]["fulfillmentStatus"] = value

    return change


def left(shipped: int, open_units: int) -> Json:
    return {"quantityFulfilled": shipped, "quantityUnfulfilled": open_units}


class TestNotifications:
    def test_one_names_the_order_and_when_it_changed(self) -> None:
        told = AMAZON.parse("ORDER_CHANGE", SELLER, json.dumps(sample("order-change")).encode())

        assert told == SeenOrder("114-2222222-3333333", datetime(2026, 11, 20, 15, 34, 5, 0, UTC))

    def test_what_amazon_ships_itself_is_not_even_read(self) -> None:
        body = sample("order-change")
        body["Payload"]["OrderChangeNotification"]["Summary"]["FulfillmentType"] = "AFN"

        assert AMAZON.parse("ORDER_CHANGE", SELLER, json.dumps(body).encode()) is None

    def test_one_without_its_order_names_the_field(self) -> None:
        body = sample("order-change")
        del body["Payload"]["OrderChangeNotification"]["AmazonOrderId"]

        with pytest.raises(InvalidInput) as refused:
            AMAZON.parse("ORDER_CHANGE", SELLER, json.dumps(body).encode())
        assert refused.value.field == "Payload.OrderChangeNotification.AmazonOrderId"

    def test_other_kinds_do_not_concern_us_and_nothing_comes_by_webhook(self) -> None:
        assert AMAZON.parse("ANY_OFFER_CHANGED", SELLER, b"{}") is None
        with pytest.raises(NotFound):
            AMAZON.verify({}, b"{}", SELLER, ["secret"], NOW)


class TestAnOrder:
    def test_prices_discounts_and_taxes_of_lines_sum_to_what_was_paid(self) -> None:
        told = snapshot(sample("order"))

        socks, bottle = told.lines
        assert (socks.unit_price, socks.discount) == (Money(1000, "USD"), Money(301, "USD"))
        assert socks.tax == Money(250, "USD")
        assert told.shipping == Money(500 + 50 - 200, "USD")
        paid = sum(
            line.unit_price.amount * line.quantity
            - (line.discount.amount if line.discount else 0)
            + (line.tax.amount if line.tax else 0)
            for line in told.lines
        )
        assert paid + told.shipping.amount == 6198
        assert (bottle.unit_price, bottle.discount) == (Money(2899, "USD"), None)
        assert not told.taxes_included

    def test_it_is_paid_and_goes_to_its_address(self) -> None:
        told = snapshot(sample("order"))

        (group,) = told.ship_groups
        assert group.destination == Destination("US", "89501", "NV", "Reno", None)
        assert told.payment is Payment.PAID
        # Amazon writes to its buyers itself, and forbids others to.
        assert told.personal["name"] == "Mara Lindqvist" and "email" not in told.personal
        assert order(sample("order")).hold_reason is None

    def test_its_buyers_data_is_kept_for_thirty_days_after_the_delivery(self) -> None:
        def window(told: Json) -> None:
            latest = {"latestDateTime": "2026-11-28T07:59:59Z"}
            told["fulfillment"]["deliverByWindow"] = latest

        told = snapshot(changed(window))
        assert told.ship_groups[0].promised_by == datetime(2026, 11, 28, 7, 59, 59, 0, UTC)
        assert told.forget_by == datetime(2026, 12, 28, 7, 59, 59, 0, UTC)
        unknown = snapshot(sample("order"))
        assert unknown.forget_by == datetime(2027, 1, 19, 15, 4, 5, 0, UTC)

    def test_its_name_may_be_missing(self) -> None:
        def nameless(told: Json) -> None:
            del told["recipient"]["deliveryAddress"]["name"], told["buyer"]

        assert "name" not in snapshot(changed(nameless)).personal

    def test_a_pending_one_holds_its_stock_and_ships_nothing_until_it_is_paid(self) -> None:
        held = order(sample("order-pending"))

        assert held.hold_reason is HoldReason.AWAITING_PAYMENT
        assert {line.sku: line.units(Bucket.PENDING) for line in held.lines} == {
            "SOCK-M": 3,
            "BOTTLE": 1,
        }
        free = order(sample("order-pending"), sample("order"))
        assert free.hold_reason is None
        assert (free.currency, free.lines[0].unit_price) == ("USD", Money(1000, "USD"))

    def test_what_amazon_ships_itself_is_never_taken_in(self) -> None:
        def by_amazon(told: Json) -> None:
            told["fulfillment"]["fulfilledBy"] = "AMAZON"

        assert HERE.parsed(changed(by_amazon)) is None

    def test_one_that_its_customer_collects_is_held_for_a_person(self) -> None:
        collected = changed(lambda told: told["programs"].append("IN_STORE_PICK_UP"))

        assert order(collected).hold_reason is HoldReason.INVALID_DATA

    def test_a_status_that_nobody_knows_holds_it(self) -> None:
        assert order(changed(status("BRAND_NEW"))).hold_reason is HoldReason.AWAITING_PAYMENT

    def test_prices_that_contain_the_tax_are_told_by_the_total(self) -> None:
        def with_tax_inside(told: Json) -> None:
            told["proceeds"]["grandTotal"]["amount"] = "58.98"

        assert snapshot(changed(with_tax_inside)).taxes_included

    def test_two_items_of_one_id_are_refused(self) -> None:
        def twice(told: Json) -> None:
            told["orderItems"][1]["orderItemId"] = SOCKS

        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(changed(twice))
        assert refused.value.field == "order.orderItems.1.orderItemId"


class TestCancellations:
    def test_a_cancelled_order_is_cancelled(self) -> None:
        assert order(sample("order"), changed(status("CANCELLED"))).status is OrderStatus.CANCELLED

    def test_a_late_notice_of_an_earlier_state_does_not_bring_it_back(self) -> None:
        made = order(changed(status("CANCELLED")), sample("order"))

        assert made.status is OrderStatus.CANCELLED

    @pytest.mark.parametrize("by", ["cancellationRequest", "cancellationExecution"])
    def test_a_buyer_who_wishes_it_gets_the_line_cancelled(self, by: str) -> None:
        def wish(told: Json) -> None:
            told["orderItems"][0]["cancellation"] = {by: {"requester": "BUYER"}}

        made = order(sample("order"), changed(wish))

        assert [line.units(Bucket.CANCELLED) for line in made.lines] == [3, 0]

    def test_a_cancelled_line_that_shows_no_units_any_more_loses_those_it_had(self) -> None:
        def gone(told: Json) -> None:
            told["orderItems"][0]["quantityOrdered"] = 0
            told["orderItems"][0]["fulfillment"] = left(0, 0)

        made = order(sample("order"), changed(gone))

        assert [line.units(Bucket.CANCELLED) for line in made.lines] == [3, 0]
        assert order(changed(gone)).lines[0].quantity == 0

    def test_units_that_are_gone_from_a_line_are_cancelled(self) -> None:
        def fewer(told: Json) -> None:
            told["orderItems"][0] |= {"quantityOrdered": 2, "fulfillment": left(0, 2)}

        def fewest(told: Json) -> None:
            told["orderItems"][0] |= {"quantityOrdered": 2, "fulfillment": left(1, 0)}
            told["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED"

        for told in permutations([sample("order"), changed(fewer)]):
            assert order(*told).lines[0].buckets == {Bucket.CANCELLED: 1, Bucket.PENDING: 2}
        ends = [
            order(*told).lines[0].units(Bucket.CANCELLED)
            for told in permutations([sample("order"), changed(fewer), changed(fewest)])
        ]
        assert ends == [2] * 6

    def test_units_that_are_neither_shipped_nor_open_are_cancelled(self) -> None:
        def fewer(told: Json) -> None:
            told["orderItems"][0]["fulfillment"] = left(1, 1)
            told["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED"

        socks = order(sample("order"), changed(fewer)).lines[0]

        assert (socks.units(Bucket.CANCELLED), socks.units(Bucket.PENDING)) == (1, 1)

    def test_units_shipped_elsewhere_are_not_shipped_again(self) -> None:
        def shipped(told: Json) -> None:
            told["orderItems"][1]["fulfillment"] = left(1, 0)
            told["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED"

        bottle = order(sample("order"), changed(shipped)).lines[1]

        assert bottle.buckets == {Bucket.DELIVERED: 1}


class TestVersion0:
    def test_it_says_the_same_in_other_words(self) -> None:
        told = snapshot(sample("order-v0"))

        lamp = told.lines[0]
        assert (lamp.unit_price, lamp.quantity) == (Money(2990, "EUR"), 2)
        assert (lamp.discount, lamp.tax) == (Money(300, "EUR"), Money(955, "EUR"))
        assert told.shipping == Money(580, "EUR")
        assert told.taxes_included
        assert told.fulfillments[0].lines == {"30500000000001": 1}
        assert told.ship_groups[0].destination == Destination("DE", "50667", "", "Köln", None)

    def test_flags_are_texts_and_the_text_false_is_no_wish(self) -> None:
        lamp, bulb = snapshot(sample("order-v0")).lines

        assert (lamp.removed, bulb.removed) == (0, 1)

    def test_canceled_has_one_l_there(self) -> None:
        body = sample("order-v0")
        body["payload"]["OrderStatus"] = "Canceled"

        assert snapshot(body).cancelled_at == datetime(2026, 11, 20, 9, tzinfo=UTC)

    def test_what_amazon_ships_is_afn_there(self) -> None:
        body = sample("order-v0")
        body["payload"]["FulfillmentChannel"] = "AFN"

        assert HERE.parsed(body) is None

    def test_an_order_without_its_items_is_refused(self) -> None:
        body = sample("order-v0")
        del body["OrderItems"]

        with pytest.raises(InvalidInput) as refused:
            HERE.parsed(body)
        assert refused.value.field == "OrderItems"
