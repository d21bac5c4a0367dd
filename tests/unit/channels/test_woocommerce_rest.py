"""What is asked of and told to a WooCommerce shop by its REST API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.channels.cancellations import Told, canceller_of
from dom.channels.credentials import Credentials
from dom.channels.feeds import OrderFeed, feed_of
from dom.channels.refunds import refunder_of
from dom.channels.shipments import teller_of
from dom.channels.stock import shelf_of
from dom.errors import Busy, Rejected
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.ids import OrderId, ReturnId, Sku
from dom.model.money import Money
from dom.model.order import Bucket
from dom.model.outlet import Outlet, Shelf, Wish
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from support.builders import line, order, work

from tools.woo_stand_in import WooStandIn, woo_stand_in

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
RETURN = Return(
    ReturnId("ord_a-R1"),
    OrderId("ord_a"),
    "woocommerce",
    "shop.example.com",
    "USD",
    ReturnStatus.DISPOSED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (),
    START,
)
PLACED = replace(order("ord_a"), channel="woocommerce", account="shop.example.com", external_id="7")
SENT = (Parcel("1Z", "UPS", "https://t.example/1Z"), Parcel("1Y", "UPS"))


@pytest.fixture
def shop() -> Iterator[WooStandIn]:
    with woo_stand_in() as made:
        made.put(
            {
                "id": 7,
                "status": "processing",
                "date_modified_gmt": "2026-11-22T12:00:00",
                "date_paid_gmt": "2026-11-22T12:00:00",
                "total": "37.39",
            }
        )
        yield made


def known(shop: WooStandIn) -> Credentials:
    return Credentials(consumer_key="ck", consumer_secret="cs", api_url=shop.url)


def feed(shop: WooStandIn) -> OrderFeed:
    make = feed_of("woocommerce")
    assert make
    return make("shop.example.com", known(shop))


def tell(
    shop: WooStandIn, shipment: FulfillmentOrder, shipped: int = 2, credentials: str = "yes"
) -> str:
    units = {Bucket.SHIPPED: shipped, Bucket.ALLOCATED: 3 - shipped}
    buckets = {bucket: n for bucket, n in units.items() if n}
    bought = replace(PLACED, lines=(line("1", quantity=3, buckets=buckets),))
    teller = teller_of("woocommerce")
    assert teller
    return teller(bought, shipment, (), known(shop) if credentials else Credentials())


def shipment(number: int = 1, *parcels: Parcel) -> FulfillmentOrder:
    return work(number, FulfillmentStatus.SHIPPED, parcels=parcels)


def test_orders_of_a_time_come_page_by_page_with_both_ends(shop: WooStandIn) -> None:
    for n in range(250):
        at = (START + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%S")
        shop.put({"id": 1000 + n, "date_modified_gmt": at})
    assert everything(shop) == list(range(5, 241))


def test_an_order_that_changes_meanwhile_makes_no_other_one_be_skipped(shop: WooStandIn) -> None:
    for n in range(250):
        at = (START + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%S")
        shop.put({"id": 1000 + n, "date_modified_gmt": at})

    def change_the_first() -> None:
        shop.orders["1005"]["date_modified_gmt"] = "2026-11-23T00:00:00"

    assert everything(shop, change_the_first) == list(range(5, 241))


def test_more_orders_of_one_second_than_a_page_holds_are_all_read(shop: WooStandIn) -> None:
    at = (START + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%S")
    for n in range(230):
        shop.put({"id": 1000 + n, "date_modified_gmt": at})
    assert everything(shop) == list(range(230))


def everything(shop: WooStandIn, meanwhile: Callable[[], None] = lambda: None) -> list[int]:
    """Numbers of the orders of four minutes, in the order in which they come."""
    found: dict[int, None] = {}
    cursor = ""
    while True:
        page, cursor = feed(shop).page(
            START + timedelta(seconds=5), START + timedelta(seconds=240), cursor
        )
        found |= dict.fromkeys(int(one.external_id) - 1000 for one in page)
        meanwhile()
        if not cursor:
            return list(found)


def test_an_order_is_fetched_as_a_webhook_brings_it(shop: WooStandIn) -> None:
    assert json.loads(feed(shop).fetch("7")) == shop.orders["7"]


def test_a_shipment_is_a_note_to_the_buyer_and_the_last_completes_the_order(
    shop: WooStandIn,
) -> None:
    first = tell(shop, shipment(1, *SENT), shipped=2)
    assert shop.orders["7"]["status"] == "processing"
    second = tell(shop, shipment(2), shipped=3)
    assert shop.orders["7"]["status"] == "completed"
    assert [one["note"] for one in shop.notes["7"]] == [
        "Shipment ord_a-1: UPS 1Z https://t.example/1Z, UPS 1Y",
        "Shipment ord_a-2: on its way, without a number",
    ]
    assert all(one["customer_note"] for one in shop.notes["7"])
    assert (first, second) == ("1000", "1001")


def test_an_answer_that_was_lost_tells_nothing_twice(shop: WooStandIn) -> None:
    shop.lost = 1
    with pytest.raises(Busy):
        tell(shop, shipment(1, *SENT), shipped=3)
    assert tell(shop, shipment(1, *SENT), shipped=3) == "1000"
    assert len(shop.notes["7"]) == 1
    assert shop.orders["7"]["status"] == "completed"


def test_without_a_key_or_with_a_refusal_it_is_for_a_person(shop: WooStandIn) -> None:
    with pytest.raises(Rejected, match="consumer_key"):
        tell(shop, shipment(), credentials="")
    for status, error in ((401, Rejected), (404, Rejected), (429, Busy), (500, Busy)):
        shop.failures = [status]
        with pytest.raises(error):
            tell(shop, shipment())


class TestStock:
    def shelf(self, shop: WooStandIn) -> Shelf:
        return shelf_of("woocommerce")(
            Outlet("woocommerce", "shop.example.com", "shop"), known(shop)
        )

    def test_products_and_variations_are_found_by_sku(self, shop: WooStandIn) -> None:
        shop.sell(1, "MUG", 4)
        shop.sell(3, "TEE-M", 2, parent=2)
        wanted = [Sku("MUG"), Sku("TEE-M"), Sku("NEW"), Sku("A,B")]
        assert self.shelf(shop).find(wanted) == {"MUG": ["1"], "TEE-M": ["2/3"]}

    def test_what_was_sold_meanwhile_is_not_overwritten(self, shop: WooStandIn) -> None:
        shop.sell(1, "MUG", 4)
        shop.sell(3, "TEE-M", 2, parent=2)
        wishes = [Wish("1", 4, 9), Wish("2/3", 3, 0)]
        assert self.shelf(shop).show(wishes) == {"2/3": ""}
        assert [shop.products[n]["stock_quantity"] for n in (1, 3)] == [9, 2]

    def test_what_does_not_manage_its_stock_or_is_gone_shows_none(self, shop: WooStandIn) -> None:
        shop.sell(1, "BOOK", None)
        assert self.shelf(shop).look(["1", "99"]) == {"1": None, "99": None}

    def test_everything_is_listed_with_variations(self, shop: WooStandIn) -> None:
        for n in range(1, 121):
            shop.sell(n, f"S{n}", n)
        shop.products[2] |= {"type": "variable", "manage_stock": False}
        tees = {f"TEE-{n}": n for n in range(230)}  # more than a page of them
        for sku, n in tees.items():
            shop.sell(500 + n, sku, n, parent=2)
        shown, cursor = dict[str, int](), ""
        for _ in range(7):
            page, cursor = self.shelf(shop).page(cursor)
            shown |= {one.sku: one.units for one in page}
        assert shown == {f"S{n}": n for n in range(1, 121) if n != 2} | tees
        assert cursor == ""


class TestMoney:
    # Three for 29.99 with 2.40 tax: 32.39.
    MUG = replace(
        line("12", quantity=3),
        unit_price=Money(1000, "USD"),
        discount=Money(1, "USD"),
        tax=Money(240, "USD"),
    )

    def cancel(self, shop: WooStandIn, units: int) -> Told:
        buckets = {Bucket.CANCELLED: units, Bucket.PENDING: 3 - units}
        buckets = {bucket: n for bucket, n in buckets.items() if n}
        what = replace(
            PLACED,
            currency="USD",
            lines=(replace(self.MUG, buckets=buckets),),
            shipping=Money(500, "USD"),
        )
        canceller = canceller_of("woocommerce")
        assert canceller
        return canceller(what, known(shop))

    def pay(self, shop: WooStandIn, **changes: Any) -> str:
        lines = (RefundLine("12", 1, goods=1000, tax=80),)
        refund = replace(Refund(1, START, Money(1080, "USD"), lines), **changes)
        return refunder_of("woocommerce")(PLACED, RETURN, refund, known(shop))

    def amounts(self, shop: WooStandIn) -> list[str]:
        return [one["amount"] for one in shop.refunds["7"]]

    def test_cancelled_units_are_paid_back_in_parts_that_sum(self, shop: WooStandIn) -> None:
        assert self.cancel(shop, 1) == Told({"12": 1}, "500")
        assert self.cancel(shop, 1) == Told({})
        assert self.cancel(shop, 3) == Told({"12": 2}, "501")
        # The last part brings the delivery.
        assert self.amounts(shop) == ["10.80", "26.59"]
        assert not any(one["api_restock"] for one in shop.refunds["7"])

    def test_a_lost_answer_pays_once(self, shop: WooStandIn) -> None:
        for ask in (lambda: self.pay(shop), lambda: self.cancel(shop, 1)):
            shop.lost = 1
            with pytest.raises(Busy):
                ask()
            ask()
        assert self.amounts(shop) == ["10.80", "10.80"]

    def test_what_was_returned_is_not_taken_for_cancelled(self, shop: WooStandIn) -> None:
        self.pay(shop)
        assert self.cancel(shop, 1) == Told({"12": 1}, "501")

    @pytest.mark.parametrize("status", ["cancelled", "failed", "refunded", "trash", "pending"])
    def test_what_the_shop_cancelled_or_was_never_paid_pays_nothing_back(
        self, shop: WooStandIn, status: str
    ) -> None:
        shop.orders["7"]["status"] = status
        assert self.cancel(shop, 3) == Told({})
        assert not shop.refunds.get("7")

    def test_cash_on_delivery_is_written_off_and_not_paid(self, shop: WooStandIn) -> None:
        shop.orders["7"]["date_paid_gmt"] = None
        assert self.cancel(shop, 1) == Told({"12": 1}, "500")
        assert self.cancel(shop, 1) == Told({})
        assert [one["api_refund"] for one in shop.refunds["7"]] == [False]

    def test_never_more_goes_back_than_is_left(self, shop: WooStandIn) -> None:
        shop.orders["7"]["total"] = "37.38"  # the shop rounds another way
        self.cancel(shop, 3)
        assert self.amounts(shop) == ["37.38"]
        with pytest.raises(Rejected, match="left to pay back"):
            self.pay(shop)

    def test_an_amount_that_was_paid_back_for_no_lines_is_for_a_person(
        self, shop: WooStandIn
    ) -> None:
        shop.refunds["7"] = [{"id": 1, "amount": "10.00", "reason": "", "line_items": []}]
        with pytest.raises(Rejected, match="no lines"):
            self.cancel(shop, 1)

    def test_a_refund_that_the_gateway_has_not_paid_yet_is_not_done(self, shop: WooStandIn) -> None:
        self.pay(shop)
        self.cancel(shop, 1)
        for refund in shop.refunds["7"]:
            refund["refunded_payment"] = False
            with pytest.raises(Busy, match="gateway"):
                self.pay(shop) if refund["id"] == 500 else self.cancel(shop, 1)

    def test_what_the_gateway_declines_is_for_a_person(self, shop: WooStandIn) -> None:
        shop.declines = "The payment gateway does not support automatic refunds."
        with pytest.raises(Rejected, match="automatic refunds"):
            self.pay(shop)

    def test_store_credit_is_for_a_person(self, shop: WooStandIn) -> None:
        with pytest.raises(Rejected, match="store credit"):
            self.pay(shop, store_credit=True)
