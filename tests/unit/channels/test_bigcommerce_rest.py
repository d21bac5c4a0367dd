"""What is asked of and told to a BigCommerce store by its API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

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
from dom.model.order import Bucket, Method, Order
from dom.model.outlet import Outlet, Shelf, Shown, Wish
from dom.model.refund import Refund
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from support.builders import NOW, line, order, work
from support.code import ROOT

from tools.bigcommerce_stand_in import BigCommerceStandIn, bigcommerce_stand_in

STORE = "abc123"
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACED = replace(order("ord_a"), channel="bigcommerce", account=STORE, external_id="250")
RETURN = Return(
    ReturnId("ord_a-R1"),
    OrderId("ord_a"),
    "bigcommerce",
    STORE,
    "USD",
    ReturnStatus.DISPOSED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (),
    NOW,
)
CARD = {"provider_id": "authorizenet", "amount": 8.5, "offline": False}


@pytest.fixture
def store() -> Iterator[BigCommerceStandIn]:
    with bigcommerce_stand_in() as made:
        made.orders["250"] = json.loads((ROOT / "events/bigcommerce/order.json").read_text())
        made.ways = [CARD]
        yield made


def known(store: BigCommerceStandIn) -> Credentials:
    return Credentials(access_token="token", api_url=store.url)


def feed(store: BigCommerceStandIn) -> OrderFeed:
    make = feed_of("bigcommerce")
    assert make
    return make(STORE, known(store))


class TestOrders:
    def test_one_is_read_with_what_is_only_linked_from_it(self, store: BigCommerceStandIn) -> None:
        here = feed(store)
        told = channel("bigcommerce").parse(here.topic, STORE, here.fetch("250"))
        assert isinstance(told, Facts) and told.snapshot
        assert len(told.snapshot.lines) == 4
        assert [group.id for group in told.snapshot.ship_groups] == ["sg5", "sg6", "pickup8"]

    def test_links_that_lead_to_nothing_are_no_error(self, store: BigCommerceStandIn) -> None:
        store.orders["250"] |= {"products": [], "shipping_addresses": []}
        assert json.loads(feed(store).fetch("250"))["products"] == []

    def test_more_lines_than_a_page_holds_are_all_read(self, store: BigCommerceStandIn) -> None:
        (mug, *_) = store.orders["250"]["products"]
        store.orders["250"]["products"] = [{**mug, "id": n} for n in range(1, 502)]
        assert len(json.loads(feed(store).fetch("250"))["products"]) == 501

    @pytest.mark.parametrize("apart", [1, 0])
    def test_a_window_is_read_to_its_end(self, store: BigCommerceStandIn, apart: int) -> None:
        for n in range(600):
            at = format_datetime(START + timedelta(seconds=n * apart))
            store.orders[str(1000 + n)] = {"order": {"id": 1000 + n, "date_modified": at}}
        here, cursor, seen = feed(store), "", set[str]()
        for _ in range(10):
            page, cursor = here.page(START, START + timedelta(seconds=599), cursor)
            seen |= {one.external_id for one in page}
            if not cursor:
                break
        assert seen == {str(1000 + n) for n in range(600)}

    def test_too_many_questions_are_asked_again_later(self, store: BigCommerceStandIn) -> None:
        store.failures = [429]
        with pytest.raises(Busy):
            feed(store).fetch("250")


class TestShipments:
    def tell(self, store: BigCommerceStandIn, what: FulfillmentOrder) -> str:
        teller = teller_of("bigcommerce")
        assert teller
        return teller(PLACED, what, (), known(store))

    def shipment(self, method: Method = Method.SHIP) -> FulfillmentOrder:
        lines = (FulfillmentLine("1", Sku("MUG"), 3),)
        parcels = (Parcel("1Z", "UPS", units={"1": 2}), Parcel("2Z", "UPS", units={"1": 1}))
        made = work(1, FulfillmentStatus.SHIPPED, parcels=parcels)
        return replace(made, lines=lines, ship_group_id="sg5", method=method)

    def test_each_parcel_is_a_shipment_to_the_lines_address(
        self, store: BigCommerceStandIn
    ) -> None:
        assert self.tell(store, self.shipment()) == "1"

        told = [
            (one["order_address_id"], one["tracking_number"], one["items"][0]["quantity"])
            for one in store.shipments
        ]
        assert told == [(5, "1Z", 2), (5, "2Z", 1)]

    @pytest.mark.parametrize("lost", [1, 2])
    def test_a_repeat_after_a_lost_answer_ships_nothing_twice(
        self, store: BigCommerceStandIn, lost: int
    ) -> None:
        store.lost = lost
        for _ in range(lost):
            with pytest.raises(Busy):
                self.tell(store, self.shipment())

        self.tell(store, self.shipment())

        assert [one["tracking_number"] for one in store.shipments] == ["1Z", "2Z"]

    def test_what_was_collected_has_no_shipment(self, store: BigCommerceStandIn) -> None:
        self.tell(store, self.shipment(Method.PICKUP))
        assert store.shipments == []


class TestMoney:
    REFUND = Refund(1, NOW, Money(850, "USD"))

    def pay(self, store: BigCommerceStandIn) -> str:
        return refunder_of("bigcommerce")(PLACED, RETURN, self.REFUND, known(store))

    def cancel(self, store: BigCommerceStandIn, units: int) -> Told:
        buckets = {Bucket.CANCELLED: units, Bucket.PENDING: 3 - units}
        what: Order = replace(PLACED, lines=(line("1", quantity=3, buckets=buckets),))
        canceller = canceller_of("bigcommerce")
        assert canceller
        return canceller(what, known(store))

    def test_a_return_is_paid_back_to_the_cent_upon_the_order(
        self, store: BigCommerceStandIn
    ) -> None:
        assert self.pay(store) == "1"

        (made,) = store.refunds
        reason = "Return ord_a-R1/1"
        assert made["reason"] == reason
        (item,) = made["items"]
        assert item == {"item_type": "ORDER", "item_id": 250, "amount": 8.5, "reason": reason}
        assert made["payments"] == [CARD]

    def test_a_lost_answer_pays_once(self, store: BigCommerceStandIn) -> None:
        store.lost = 1
        with pytest.raises(Busy):
            self.pay(store)

        assert self.pay(store) == "1"
        assert len(store.refunds) == 1

    def test_without_a_way_to_pay_it_is_for_a_person(self, store: BigCommerceStandIn) -> None:
        store.ways = []
        with pytest.raises(Rejected, match="no way"):
            self.pay(store)

    def test_units_that_are_cancelled_are_paid_back_once(self, store: BigCommerceStandIn) -> None:
        assert self.cancel(store, 1) == Told({"1": 1}, "1")
        assert self.cancel(store, 1) == Told({})
        assert self.cancel(store, 3) == Told({"1": 2}, "2")
        assert store.orders["250"]["products"][0]["quantity_refunded"] == 3

    def test_what_was_paid_back_stays_so_when_the_rest_has_shipped(
        self, store: BigCommerceStandIn
    ) -> None:
        self.cancel(store, 1)
        store.orders["250"]["products"][0]["quantity_shipped"] = 2
        assert self.cancel(store, 1) == Told({})

    @pytest.mark.parametrize("status", [0, 1, 4, 5, 6])
    def test_what_the_store_cancelled_or_was_never_paid_pays_nothing_back(
        self, store: BigCommerceStandIn, status: int
    ) -> None:
        store.orders["250"]["order"]["status_id"] = status
        assert self.cancel(store, 3) == Told({})
        assert store.refunds == []

    def test_lines_beyond_a_page_are_paid_back(self, store: BigCommerceStandIn) -> None:
        products = store.orders["250"]["products"]
        products[:0] = [{**products[0], "id": 1000 + n} for n in range(300)]
        assert self.cancel(store, 1) == Told({"1": 1}, "1")

    def test_delivery_goes_back_when_nothing_is_left(self, store: BigCommerceStandIn) -> None:
        products = store.orders["250"]["products"]
        products[:] = [one for one in products if one["order_address_id"] in (5, 0)]
        whole = replace(PLACED, lines=(line("1", quantity=3, buckets={Bucket.CANCELLED: 3}),))
        canceller = canceller_of("bigcommerce")
        assert canceller
        self.cancel(store, 1)
        canceller(whole, known(store))

        first, last = [one["items"] for one in store.refunds]
        assert [one["item_type"] for one in first] == ["PRODUCT"]
        assert [(one["item_type"], one["item_id"]) for one in last] == [
            ("PRODUCT", 1),
            ("SHIPPING", 5),
        ]
        assert last[1]["amount"] == 10.79

    def test_what_was_shipped_cannot_be_cancelled(self, store: BigCommerceStandIn) -> None:
        store.orders["250"]["products"][0]["quantity_shipped"] = 3
        assert self.cancel(store, 1) == Told({})


def shelf(store: BigCommerceStandIn) -> Shelf:
    return shelf_of("bigcommerce")(Outlet("bigcommerce", STORE, "3"), known(store))


class TestStock:
    def test_items_are_found_by_sku_at_the_location(self, store: BigCommerceStandIn) -> None:
        store.units = {("MUG", "3"): 4, ("CAP", "9"): 1}
        assert shelf(store).find([Sku("MUG"), Sku("CAP"), Sku("A,B")]) == {"MUG": ["MUG"]}

    def test_what_was_sold_meanwhile_is_not_overwritten(self, store: BigCommerceStandIn) -> None:
        store.units = {("MUG", "3"): 4, ("CAP", "3"): 1}
        assert shelf(store).show([Wish("MUG", 4, 9), Wish("CAP", 2, 5)]) == {"CAP": ""}
        assert store.units == {("MUG", "3"): 9, ("CAP", "3"): 1}

    def test_what_the_store_keeps_back_is_not_shown(self, store: BigCommerceStandIn) -> None:
        store.units, store.safety = {("MUG", "3"): 6}, {"MUG": 2}
        assert shelf(store).look(["MUG"]) == {"MUG": 4}

        shelf(store).show([Wish("MUG", 4, 5)])

        assert store.units["MUG", "3"] == 7
        assert shelf(store).look(["MUG"]) == {"MUG": 5}

    def test_a_refusal_concerns_its_item_alone(self, store: BigCommerceStandIn) -> None:
        store.units = {("MUG", "3"): 4, ("CAP", "3"): 1}
        refused = shelf(store).show([Wish("MUG", 4, 5_000), Wish("CAP", 1, 5)])
        assert list(refused) == ["MUG"]
        assert store.units["CAP", "3"] == 5

    def test_everything_at_the_location_is_listed(self, store: BigCommerceStandIn) -> None:
        store.units = {("A", "3"): 1, ("B", "9"): 2, ("C", "3"): 3, ("D", "3"): 4}
        first, cursor = shelf(store).page("")
        rest, end = shelf(store).page(cursor)
        assert [*first, *rest] == [Shown("A", "A", 1), Shown("C", "C", 3), Shown("D", "D", 4)]
        assert end == ""
