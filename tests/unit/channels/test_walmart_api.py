"""What is asked of and told to Walmart by its Marketplace API."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
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
from dom.model.ids import FulfillmentOrderId, OrderId, ReturnId, Sku
from dom.model.money import Money
from dom.model.order import Bucket, Order
from dom.model.outlet import Outlet, Shelf, Shown, Wish
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from support.builders import NOW, line, order, work
from support.code import ROOT

from tools.walmart_stand_in import WalmartStandIn, walmart_stand_in

NAME, SELLER = "3815367951431", "10001234567"
SINCE, UNTIL = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
RETURN = Return(
    ReturnId("ord_a-R1"),
    OrderId("ord_a"),
    "walmart",
    SELLER,
    "USD",
    ReturnStatus.DISPOSED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (),
    NOW,
)
PLACED = replace(order("ord_a"), channel="walmart", account=SELLER, external_id=NAME)


@pytest.fixture
def walmart() -> Iterator[WalmartStandIn]:
    with walmart_stand_in() as made:
        made.orders[NAME] = json.loads((ROOT / "events/walmart/order.json").read_text())
        yield made


def known(walmart: WalmartStandIn) -> Credentials:
    return Credentials(consumer_key="id", consumer_secret="secret", api_url=walmart.url)


def feed(walmart: WalmartStandIn) -> OrderFeed:
    make = feed_of("walmart")
    assert make
    return make(SELLER, known(walmart))


def statuses(walmart: WalmartStandIn, n: int = 0) -> dict[str, int]:
    line = walmart.orders[NAME]["order"]["orderLines"]["orderLine"][n]
    told = line["orderLineStatuses"]["orderLineStatus"]
    units: Counter[str] = Counter()
    for one in told:
        units[one["status"]] += int(one["statusQuantity"]["amount"])
    return dict(units)


class TestOrders:
    def test_one_that_is_read_is_acknowledged_once(self, walmart: WalmartStandIn) -> None:
        here = feed(walmart)
        told = channel("walmart").parse(here.topic, SELLER, here.fetch(NAME))
        here.fetch(NAME)

        assert isinstance(told, Facts) and told.external_id == NAME
        assert (walmart.acknowledged, walmart.tokens) == ([NAME], 1)

    def test_lists_are_read_to_their_end_the_oldest_change_first(
        self, walmart: WalmartStandIn
    ) -> None:
        for n in range(4):
            body = json.loads(json.dumps(walmart.orders[NAME]))
            kind = {"type": "3PLFulfilled" if n == 3 else "SellerFulfilled"}
            body["order"] |= {"purchaseOrderId": f"p-{n}", "shipNode": kind}
            for one in body["order"]["orderLines"]["orderLine"]:
                one["statusDate"] += (3 - n) * 1000
            walmart.orders[f"p-{n}"] = body

        seen, cursor = feed(walmart).page(SINCE, UNTIL, "")

        assert [one.external_id for one in seen] == [NAME, "p-3", "p-2", "p-1", "p-0"]
        assert cursor == ""

    def test_without_credentials_it_says_which_are_missing(self) -> None:
        make = feed_of("walmart")
        assert make
        with pytest.raises(Rejected, match="consumer_key and consumer_secret"):
            make(SELLER, Credentials()).fetch(NAME)

    def test_too_many_questions_are_asked_again_later(self, walmart: WalmartStandIn) -> None:
        walmart.failures = [429]
        with pytest.raises(Busy):
            feed(walmart).fetch(NAME)


def shipment(*parcels: Parcel, units: int = 2) -> FulfillmentOrder:
    lines = (FulfillmentLine("4", Sku("MUG"), units),)
    return replace(work(1, FulfillmentStatus.SHIPPED, parcels=parcels), lines=lines)


def tell(walmart: WalmartStandIn, what: FulfillmentOrder) -> str:
    teller = teller_of("walmart")
    assert teller
    return teller(PLACED, what, (), known(walmart))


class TestShipments:
    def test_units_of_a_line_in_two_works_of_one_parcel_are_all_told_and_once(
        self, walmart: WalmartStandIn
    ) -> None:
        parcel = Parcel("1Z", "UPS", units={"4": 1}, shared="s1-p1")
        first = shipment(parcel, units=1)
        second = replace(first, id=FulfillmentOrderId("ord_a-2"))
        gone = line("4", quantity=2, buckets={Bucket.SHIPPED: 2})
        teller = teller_of("walmart")
        assert teller
        for what in (first, second, first, second):
            teller(replace(PLACED, lines=(gone,)), what, (), known(walmart))
        assert statuses(walmart)["Shipped"] == 2

    def test_units_are_shipped_with_the_numbers_of_their_parcels(
        self, walmart: WalmartStandIn
    ) -> None:
        parcels = (Parcel("1Z", "ups", units={"4": 1}), Parcel("9", "Blitz", units={"4": 1}))
        tell(walmart, shipment(*parcels))

        told = walmart.orders[NAME]["order"]["orderLines"]["orderLine"][0]["orderLineStatuses"]
        infos = [one["trackingInfo"] for one in told["orderLineStatus"]]
        assert [info["trackingNumber"] for info in infos] == ["1Z", "9"]
        assert [info["carrierName"] for info in infos] == [
            {"carrier": "UPS"},
            {"otherCarrier": "Blitz"},
        ]
        assert walmart.acknowledged == [NAME]

    def test_what_left_after_its_customer_asked_to_cancel_says_so(
        self, walmart: WalmartStandIn
    ) -> None:
        line = walmart.orders[NAME]["order"]["orderLines"]["orderLine"][0]
        line["intentToCancel"] = "CUSTOMER_REQUESTED"
        tell(walmart, shipment(Parcel("1Z", "UPS")))
        assert [one["intentToCancelOverride"] for one in walmart.shipped] == [True]

    @pytest.mark.parametrize("number", ["1Z 9", ""])
    def test_a_repeat_after_a_lost_answer_ships_nothing_twice(
        self, walmart: WalmartStandIn, number: str
    ) -> None:
        feed(walmart).fetch(NAME)
        what = shipment(Parcel(number, "UPS"), units=1)
        walmart.lost = 1
        with pytest.raises(Busy):
            tell(walmart, what)
        tell(walmart, what)

        assert statuses(walmart) == {"Acknowledged": 1, "Shipped": 1}

    def test_what_walmart_refuses_is_for_a_person(self, walmart: WalmartStandIn) -> None:
        with pytest.raises(Rejected):
            tell(walmart, shipment(Parcel("1Z", "UPS"), units=3))


def cancelled(units: int) -> Order:
    buckets = {Bucket.CANCELLED: units, Bucket.PENDING: 2 - units}
    return replace(PLACED, lines=(line("4", quantity=2, buckets=buckets),))


class TestCancellations:
    def cancel(self, walmart: WalmartStandIn, units: int) -> Told:
        canceller = canceller_of("walmart")
        assert canceller
        return canceller(cancelled(units), known(walmart))

    def test_single_units_are_cancelled(self, walmart: WalmartStandIn) -> None:
        assert self.cancel(walmart, 1) == Told({"4": 1}, NAME)
        assert statuses(walmart) == {"Acknowledged": 1, "Cancelled": 1}

    def test_only_what_is_missing_there_is_told(self, walmart: WalmartStandIn) -> None:
        self.cancel(walmart, 1)
        assert self.cancel(walmart, 1) == Told({})
        assert self.cancel(walmart, 2) == Told({"4": 1}, NAME)
        assert statuses(walmart) == {"Cancelled": 2}

    def test_what_was_shipped_there_cannot_be_cancelled(self, walmart: WalmartStandIn) -> None:
        tell(walmart, shipment(Parcel("1Z", "UPS"), units=2))
        assert self.cancel(walmart, 2) == Told({})


class TestRefunds:
    LINE = RefundLine("4", 1, goods=1000, tax=100, fee=200)
    REFUND = Refund(1, NOW, Money(1741, "USD"), (LINE,), shipping=841)

    def pay(self, walmart: WalmartStandIn, refund: Refund = REFUND) -> str:
        return refunder_of("walmart")(PLACED, RETURN, refund, known(walmart))

    def charges(self, walmart: WalmartStandIn) -> list[dict[str, Any]]:
        told = walmart.orders[NAME]["order"]["orderLines"]["orderLine"][0]["refund"]
        return [one["charge"] for one in told["refundCharges"]["refundCharge"]]

    def test_a_line_is_paid_back_less_its_fee_with_tax_and_delivery(
        self, walmart: WalmartStandIn
    ) -> None:
        self.pay(walmart)

        product, delivery = self.charges(walmart)
        assert product["chargeAmount"] == {"currency": "USD", "amount": -8.0}
        assert product["tax"]["taxAmount"] == {"currency": "USD", "amount": -1.0}
        assert delivery["chargeAmount"]["amount"] == -8.41

    def test_never_more_than_the_refunds_amount(self, walmart: WalmartStandIn) -> None:
        self.pay(walmart, replace(self.REFUND, amount=Money(850, "USD"), exchanged=891))

        assert (
            sum(
                one["chargeAmount"]["amount"]
                + one.get("tax", {}).get("taxAmount", {}).get("amount", 0)
                for one in self.charges(walmart)
            )
            == -8.5
        )

    def test_a_repeat_pays_once(self, walmart: WalmartStandIn) -> None:
        walmart.lost = 0
        feed(walmart).fetch(NAME)
        walmart.lost = 1
        with pytest.raises(Busy):
            self.pay(walmart)
        walmart.orders[NAME]["order"]["orderLines"]["orderLine"][0]["refund"]["refundCharges"] = {}

        self.pay(walmart)

        refund = walmart.orders[NAME]["order"]["orderLines"]["orderLine"][0]["refund"]
        assert refund["refundCharges"] == {}

    def test_store_credit_is_not_walmarts(self, walmart: WalmartStandIn) -> None:
        with pytest.raises(Rejected, match="store credit"):
            self.pay(walmart, replace(self.REFUND, store_credit=True))


def shelf(walmart: WalmartStandIn) -> Shelf:
    return shelf_of("walmart")(Outlet("walmart", SELLER, "n1"), known(walmart))


class TestStock:
    def test_items_are_found_by_sku(self, walmart: WalmartStandIn) -> None:
        walmart.units = {("MUG&1", "n1"): 4, ("CAP", "n2"): 1}
        skus = [Sku("MUG&1"), Sku("CAP")]
        assert shelf(walmart).find(skus) == {"MUG&1": ["MUG&1"]}

    def test_what_is_sold_and_not_shipped_is_not_taken_off_twice(
        self, walmart: WalmartStandIn
    ) -> None:
        walmart.units, walmart.reserved = {("MUG", "n1"): 10}, {"MUG": 3}
        assert shelf(walmart).look(["MUG"]) == {"MUG": 7}

        shelf(walmart).show([Wish("MUG", 7, 5)])

        assert walmart.units["MUG", "n1"] == 8
        assert shelf(walmart).look(["MUG"]) == {"MUG": 5}

    def test_what_was_sold_meanwhile_is_not_overwritten(self, walmart: WalmartStandIn) -> None:
        walmart.units = {("MUG", "n1"): 4, ("CAP", "n1"): 1}
        assert shelf(walmart).show([Wish("MUG", 4, 9), Wish("CAP", 2, 5)]) == {"CAP": ""}
        assert walmart.units == {("MUG", "n1"): 9, ("CAP", "n1"): 1}

    def test_a_refusal_concerns_its_item_alone(self, walmart: WalmartStandIn) -> None:
        walmart.units = {("MUG", "n1"): 4, ("CAP", "n1"): 1}
        walmart.refused = {"MUG"}
        refused = shelf(walmart).show([Wish("MUG", 4, 9), Wish("CAP", 1, 5)])
        assert list(refused) == ["MUG"] and refused["MUG"]
        assert walmart.units["CAP", "n1"] == 5

    def test_everything_at_the_node_is_listed(self, walmart: WalmartStandIn) -> None:
        walmart.units = {("A", "n1"): 1, ("B", "n2"): 2, ("C", "n1"): 3}
        first, cursor = shelf(walmart).page("")
        rest, end = shelf(walmart).page(cursor)
        assert [*first, *rest] == [Shown("A", "A", 1), Shown("C", "C", 3)]
        assert end == ""
