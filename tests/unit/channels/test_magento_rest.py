"""What is asked of and told to an Adobe Commerce shop by its REST API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.cancellations import Told, canceller_of
from dom.channels.credentials import Credentials
from dom.channels.feeds import OrderFeed, feed_of
from dom.channels.refunds import refunder_of
from dom.channels.shipments import teller_of
from dom.channels.stock import shelf_of
from dom.errors import Busy, Rejected
from dom.model.facts import Facts
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.ids import OrderId, ReturnId, Sku
from dom.model.money import Money
from dom.model.order import Bucket, Order
from dom.model.outlet import Outlet, Shelf, Shown, Wish
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import Disposition, ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from support.builders import NOW, line, order, work
from support.code import ROOT

from tools.magento_stand_in import MagentoStandIn, magento_stand_in

SHOP = "shop.example.com"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
RETURN = Return(
    ReturnId("ord_a-R1"),
    OrderId("ord_a"),
    "magento",
    SHOP,
    "USD",
    ReturnStatus.DISPOSED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (),
    NOW,
)
PLACED = replace(order("ord_a"), channel="magento", account=SHOP, external_id="41")


@pytest.fixture
def shop() -> Iterator[MagentoStandIn]:
    with magento_stand_in() as made:
        made.orders["41"] = json.loads((ROOT / "events/magento/order.json").read_text())
        yield made


def known(shop: MagentoStandIn) -> Credentials:
    return Credentials(access_token="token", api_url=shop.url)


def feed(shop: MagentoStandIn) -> OrderFeed:
    make = feed_of("magento")
    assert make
    return make(SHOP, known(shop))


class TestOrders:
    def test_one_is_read_as_the_parser_reads_it(self, shop: MagentoStandIn) -> None:
        here = feed(shop)
        told = channel("magento").parse(here.topic, SHOP, here.fetch("41"))
        assert isinstance(told, Facts) and told.external_id == "41"

    @pytest.mark.parametrize("apart", [1, 0])
    def test_a_window_is_read_to_its_end(self, shop: MagentoStandIn, apart: int) -> None:
        for n in range(300):
            at = (START + timedelta(seconds=n * apart)).strftime("%Y-%m-%d %H:%M:%S")
            shop.orders[str(1000 + n)] = {"entity_id": 1000 + n, "updated_at": at}
        here, cursor, seen = feed(shop), "", set[str]()
        for _ in range(10):
            page, cursor = here.page(START, START + timedelta(seconds=299), cursor)
            seen |= {one.external_id for one in page}
            if not cursor:
                break
        assert seen == {str(1000 + n) for n in range(300)}

    def test_nothing_changed_is_told_as_null(self, shop: MagentoStandIn) -> None:
        assert feed(shop).page(START, START, "") == ([], "")

    def test_without_a_token_it_says_so(self) -> None:
        make = feed_of("magento")
        assert make
        with pytest.raises(Rejected, match="access_token"):
            make(SHOP, Credentials()).fetch("41")


class TestShipments:
    def tell(self, shop: MagentoStandIn, number: int = 1) -> str:
        teller = teller_of("magento")
        assert teller
        return teller(PLACED, self.shipment(number), (), known(shop))

    def shipment(self, number: int) -> FulfillmentOrder:
        lines = (FulfillmentLine("101", Sku("TEE"), 2),)
        parcels = (Parcel("1Z", "UPS"), Parcel(""))
        return replace(work(number, FulfillmentStatus.SHIPPED, parcels=parcels), lines=lines)

    def test_it_is_told_with_its_numbers(self, shop: MagentoStandIn) -> None:
        assert self.tell(shop) == "1"

        (made,) = shop.shipments
        assert made["items"] == [{"order_item_id": 101, "qty": 2}]
        assert [track["track_number"] for track in made["tracks"]] == ["1Z"]

    def test_a_repeat_after_a_lost_answer_finds_it_again(self, shop: MagentoStandIn) -> None:
        shop.lost = 1
        with pytest.raises(Busy):
            self.tell(shop)

        assert self.tell(shop) == "1"
        assert self.tell(shop, 11) == "2"
        assert len(shop.shipments) == 2


def cancelled(units: int, *, whole: bool = False) -> Order:
    left = {} if whole else {Bucket.PENDING: 2 - units}
    buckets = {Bucket.CANCELLED: units, **left}
    return replace(PLACED, lines=(line("101", quantity=2, buckets=buckets),))


class TestCancellations:
    def cancel(self, shop: MagentoStandIn, what: Order) -> Told:
        canceller = canceller_of("magento")
        assert canceller
        return canceller(what, known(shop))

    def uninvoiced(self, shop: MagentoStandIn) -> None:
        for item in shop.orders["41"]["items"]:
            item["qty_invoiced"] = 0

    def test_units_of_an_invoiced_order_are_paid_back_once(self, shop: MagentoStandIn) -> None:
        shop.invoices = [{"entity_id": 5, "order_id": 41}]

        assert self.cancel(shop, cancelled(1)) == Told({"101": 1}, "1")
        assert self.cancel(shop, cancelled(1)) == Told({})
        assert self.cancel(shop, cancelled(2, whole=True)) == Told({"101": 1}, "2")

        assert [one["items"] for one in shop.refunds] == [[{"order_item_id": 101, "qty": 1}]] * 2
        assert all(one["isOnline"] for one in shop.refunds)

    def test_a_lost_answer_pays_nothing_back_twice(self, shop: MagentoStandIn) -> None:
        shop.invoices, shop.lost = [{"entity_id": 5, "order_id": 41}], 1
        with pytest.raises(Busy):
            self.cancel(shop, cancelled(1))

        assert self.cancel(shop, cancelled(1)) == Told({})
        assert len(shop.refunds) == 1

    def test_what_was_paid_back_stays_so_when_the_rest_has_shipped(
        self, shop: MagentoStandIn
    ) -> None:
        shop.invoices = [{"entity_id": 5, "order_id": 41}]
        self.cancel(shop, cancelled(1))
        shop.orders["41"]["items"][0]["qty_shipped"] = 1
        assert shop.orders["41"]["items"][0]["item_id"] == 101

        assert self.cancel(shop, cancelled(1)) == Told({})

    def test_delivery_goes_back_with_the_last_of_it_alone(self, shop: MagentoStandIn) -> None:
        shop.invoices = [{"entity_id": 5, "order_id": 41}]
        self.cancel(shop, cancelled(1))
        self.cancel(shop, cancelled(2, whole=True))

        assert [one.get("arguments") for one in shop.refunds] == [{"shipping_amount": 0}, None]

    def test_what_the_shop_does_not_cancel_is_for_a_person(self, shop: MagentoStandIn) -> None:
        self.uninvoiced(shop)
        shop.orders["41"]["state"] = "holded"
        with pytest.raises(Rejected, match="does not cancel"):
            self.cancel(shop, cancelled(2, whole=True))

    @pytest.mark.parametrize("invoices", [0, 2])
    def test_several_invoices_are_for_a_person(self, shop: MagentoStandIn, invoices: int) -> None:
        shop.invoices = [{"entity_id": n, "order_id": 41} for n in range(invoices)]
        with pytest.raises(Rejected, match=f"{invoices} invoices"):
            self.cancel(shop, cancelled(1))

    def test_an_order_that_is_not_invoiced_is_cancelled_as_a_whole(
        self, shop: MagentoStandIn
    ) -> None:
        self.uninvoiced(shop)
        with pytest.raises(Rejected, match="a part of an order"):
            self.cancel(shop, cancelled(1))

        assert self.cancel(shop, cancelled(2, whole=True)) == Told({"101": 2}, "41")
        assert shop.cancelled == ["41"]


class TestRefunds:
    # One of two tees: half of 45.00 less 5.00, with 3.20 tax, is 21.60.
    LINE = RefundLine("101", 1, goods=2000, tax=160, disposition=Disposition.RESTOCK)

    def pay(self, shop: MagentoStandIn, minor: int, **changes: Any) -> str:
        shop.invoices = [{"entity_id": 5, "order_id": 41}]
        refund = replace(Refund(1, NOW, Money(minor, "USD"), (self.LINE,)), **changes)
        return refunder_of("magento")(PLACED, RETURN, refund, known(shop))

    def adjusted(self, shop: MagentoStandIn) -> tuple[float, float]:
        told = shop.refunds[-1]["arguments"]
        return told["adjustment_positive"], told["adjustment_negative"]

    def test_what_units_are_worth_there_needs_no_adjustment(self, shop: MagentoStandIn) -> None:
        assert self.pay(shop, 2160) == "1"
        assert self.adjusted(shop) == (0.0, 0.0)
        told = shop.refunds[0]["arguments"]["extension_attributes"]
        assert told == {"return_to_stock_items": [101]}

    @pytest.mark.parametrize(
        ("minor", "adjusted"), [(1660, (0.0, 5.0)), (3239, (10.79, 0.0)), (2161, (0.01, 0.0))]
    )
    def test_a_fee_delivery_and_a_cent_are_adjusted(
        self, shop: MagentoStandIn, minor: int, adjusted: tuple[float, float]
    ) -> None:
        self.pay(shop, minor)
        assert self.adjusted(shop) == adjusted

    def test_parts_of_a_row_sum_to_it(self, shop: MagentoStandIn) -> None:
        # 43.21 for two: 21.61 for the first, so 21.60 is left for the second.
        shop.orders["41"]["items"][0]["tax_amount"] = 3.21
        self.pay(shop, 2161)
        self.pay(shop, 2160, number=2)
        told = [one["arguments"] for one in shop.refunds]
        assert all(x["adjustment_positive"] == x["adjustment_negative"] == 0 for x in told)

    def test_a_lost_answer_pays_once(self, shop: MagentoStandIn) -> None:
        shop.lost = 1
        with pytest.raises(Busy):
            self.pay(shop, 2160)
        assert self.pay(shop, 2160) == "1"
        assert len(shop.refunds) == 1

    def test_what_the_shop_cannot_pay_is_for_a_person(self, shop: MagentoStandIn) -> None:
        with pytest.raises(Rejected, match="store credit"):
            self.pay(shop, 2160, store_credit=True)
        strange = (replace(self.LINE, line_id="999"),)
        with pytest.raises(Rejected, match="line 999"):
            self.pay(shop, 2160, lines=strange)


def shelf(shop: MagentoStandIn, location: str = "default/1") -> Shelf:
    return shelf_of("magento")(Outlet("magento", SHOP, location), known(shop))


class TestStock:
    def test_what_open_orders_reserve_is_not_shown(self, shop: MagentoStandIn) -> None:
        shop.put_source("MUG", "default", 10)
        shop.reserved = {"MUG": 3}
        assert shelf(shop).look(["MUG", "CAP"]) == {"MUG": 7, "CAP": None}

    def test_the_source_is_moved_so_that_the_units_can_be_sold(self, shop: MagentoStandIn) -> None:
        shop.put_source("MUG", "default", 10)
        shop.reserved = {"MUG": 3}

        assert shelf(shop).show([Wish("MUG", 7, 5)]) == {}

        assert shop.sources["MUG", "default"]["quantity"] == 8
        assert shelf(shop).look(["MUG"]) == {"MUG": 5}

    def test_a_source_item_that_is_out_of_stock_sells_nothing(self, shop: MagentoStandIn) -> None:
        shop.put_source("MUG", "default", 10, status=0)
        assert shelf(shop).look(["MUG"]) == {"MUG": 0}

        shelf(shop).show([Wish("MUG", 0, 4)])

        assert shop.sources["MUG", "default"]["status"] == 1
        assert shelf(shop).look(["MUG"]) == {"MUG": 4}

    def test_nothing_left_is_out_of_stock(self, shop: MagentoStandIn) -> None:
        shop.put_source("MUG", "default", 2)
        shelf(shop).show([Wish("MUG", 2, 0)])
        assert shop.sources["MUG", "default"] == {
            "sku": "MUG",
            "source_code": "default",
            "quantity": 0.0,
            "status": 0,
        }

    def test_everything_of_the_source_is_listed(self, shop: MagentoStandIn) -> None:
        for n in range(60):
            shop.put_source(f"S{n:02}", "default", n)
        shop.put_source("OTHER", "reno", 5)
        first, cursor = shelf(shop).page("")
        rest, end = shelf(shop).page(cursor)
        assert [*first, *rest] == [Shown(f"S{n:02}", f"S{n:02}", n) for n in range(60)]
        assert end == ""

    def test_a_location_without_a_stock_is_refused(self, shop: MagentoStandIn) -> None:
        with pytest.raises(Rejected, match="default/1"):
            shelf(shop, "default").look(["MUG"])
