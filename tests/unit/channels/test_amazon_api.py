"""What is asked of and told to Amazon by its Selling Partner API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from dom.channels import channel
from dom.channels.cancellations import Told, canceller_of
from dom.channels.credentials import Credentials
from dom.channels.feeds import OrderFeed, feed_of
from dom.channels.shipments import teller_of
from dom.channels.stock import shelf_of
from dom.errors import Busy, Rejected
from dom.model.facts import Facts
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.ids import Sku
from dom.model.order import Bucket, Order
from dom.model.outlet import Outlet, Shelf, Shown, Wish
from support.builders import line, order, work
from support.code import ROOT

from tools.amazon_stand_in import AmazonStandIn, amazon_stand_in

NAME, SOCKS, BOTTLE = "114-2222222-3333333", "11400000000001", "11400000000002"
US = "ATVPDKIKX0DER"
SINCE, UNTIL = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
SELLERS = count()


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"events/amazon/{name}.json").read_text())
    return found


@pytest.fixture
def amazon() -> Iterator[AmazonStandIn]:
    with amazon_stand_in() as made:
        made.orders[NAME] = sample("order")
        made.v0["305-4444444-5555555"] = sample("order-v0")
        yield made


def known(amazon: AmazonStandIn, **more: str) -> Credentials:
    refresh = f"Atzr|{next(SELLERS)}"
    keys = {"consumer_key": "id", "consumer_secret": "secret", "refresh_token": refresh}
    return Credentials(**{**keys, "api_url": amazon.url, "marketplaces": US, **more})


def feed(amazon: AmazonStandIn, **more: str) -> OrderFeed:
    make = feed_of("amazon")
    assert make
    return make("a2examplesellr", known(amazon, **more))


class TestLogin:
    def test_a_token_is_asked_for_once_an_hour(self, amazon: AmazonStandIn) -> None:
        here = feed(amazon)
        here.fetch(NAME)
        here.fetch(NAME)

        assert amazon.logins == 1

    def test_without_credentials_it_says_which_are_missing(self, amazon: AmazonStandIn) -> None:
        with pytest.raises(Rejected, match="consumer_key, consumer_secret and refresh_token"):
            feed(amazon, refresh_token="").fetch(NAME)

    def test_a_login_that_fails_is_tried_again_later(self, amazon: AmazonStandIn) -> None:
        amazon.failures = [503]
        with pytest.raises(Busy):
            feed(amazon).fetch(NAME)


class TestOrders:
    @pytest.mark.parametrize("version", ["2026-01-01", "v0"])
    def test_what_is_read_is_what_the_parser_reads(
        self, amazon: AmazonStandIn, version: str
    ) -> None:
        name = NAME if version != "v0" else "305-4444444-5555555"
        here = feed(amazon, api_version=version)

        told = channel("amazon").parse(here.topic, "a2examplesellr", here.fetch(name))

        assert isinstance(told, Facts) and told.snapshot
        assert (told.external_id, len(told.snapshot.lines)) == (name, 2)
        assert told.snapshot.ship_groups[0].destination

    def test_all_pages_come_at_once_the_oldest_change_first(self, amazon: AmazonStandIn) -> None:
        for n, at in enumerate(("09", "07", "08", "06", "10")):
            body = sample("order")
            body["order"] |= {"orderId": f"o-{n}", "lastUpdatedTime": f"2026-11-20T{at}:00:00Z"}
            amazon.orders[f"o-{n}"] = body
        by_amazon = sample("order")
        by_amazon["order"] |= {"orderId": "fba"}
        by_amazon["order"]["fulfillment"]["fulfilledBy"] = "AMAZON"
        amazon.orders["fba"] = by_amazon

        seen, cursor = feed(amazon).page(SINCE, UNTIL, "")

        assert [one.external_id for one in seen] == ["o-3", "o-1", "o-2", "o-0", "o-4", NAME]
        assert cursor == ""

    def test_version_0_lists_its_orders_too(self, amazon: AmazonStandIn) -> None:
        seen, _ = feed(amazon, api_version="v0").page(SINCE, UNTIL, "")

        assert [one.external_id for one in seen] == ["305-4444444-5555555"]

    def test_a_version_that_nobody_knows_is_refused(self, amazon: AmazonStandIn) -> None:
        with pytest.raises(Rejected, match="api_version"):
            feed(amazon, api_version="v9").fetch(NAME)

    def test_too_many_questions_are_asked_again_later(self, amazon: AmazonStandIn) -> None:
        here = feed(amazon)
        here.fetch(NAME)
        amazon.failures = [429]
        with pytest.raises(Busy):
            here.fetch(NAME)


PLACED = replace(order("ord_a"), channel="amazon", account="a2examplesellr", external_id=NAME)


def tell(amazon: AmazonStandIn, shipment: FulfillmentOrder, **more: str) -> str:
    teller = teller_of("amazon")
    assert teller
    return teller(PLACED, shipment, (), known(amazon, **more))


def shipment(number: int, *parcels: Parcel) -> FulfillmentOrder:
    return work(number, FulfillmentStatus.SHIPPED, parcels=parcels)


class TestShipments:
    def test_each_parcel_is_a_package_of_its_own(self, amazon: AmazonStandIn) -> None:
        first = Parcel("1Z9", "ups", units={"1": 2})
        second = Parcel("77", "Blitz", units={"1": 1})

        assert tell(amazon, shipment(2, first, second)) == "2001"

        one, two = amazon.packages[NAME].values()
        assert (one["carrierCode"], one["trackingNumber"]) == ("UPS", "1Z9")
        assert (two["carrierCode"], two["carrierName"]) == ("Other", "Blitz")
        assert [package["orderItems"] for package in (one, two)] == [
            [{"orderItemId": "1", "quantity": 2}],
            [{"orderItemId": "1", "quantity": 1}],
        ]

    def test_a_repeat_after_a_lost_answer_makes_no_second_package(
        self, amazon: AmazonStandIn
    ) -> None:
        amazon.lost = 1
        with pytest.raises(Busy):
            tell(amazon, shipment(1, Parcel("1Z9", "UPS")))
        tell(amazon, shipment(1, Parcel("1Z9", "UPS")))

        assert list(amazon.packages[NAME]) == ["1001"]

    def test_packages_of_an_orders_shipments_have_different_numbers(
        self, amazon: AmazonStandIn
    ) -> None:
        tell(amazon, shipment(1, Parcel("1Z1", "UPS")))
        tell(amazon, shipment(2, Parcel("1Z2", "UPS")))

        assert list(amazon.packages[NAME]) == ["1001", "2001"]

    def test_units_are_confirmed_once_where_nobody_said_what_is_in_which_parcel(
        self, amazon: AmazonStandIn
    ) -> None:
        tell(amazon, shipment(1, Parcel("1Z1", "UPS"), Parcel("1Z2", "UPS")))

        (package,) = amazon.packages[NAME].values()
        units = {one["orderItemId"]: one["quantity"] for one in package["orderItems"]}
        assert units == {one.line_id: one.quantity for one in shipment(1).lines}

    def test_without_a_marketplace_it_says_so(self, amazon: AmazonStandIn) -> None:
        with pytest.raises(Rejected, match="marketplaces"):
            tell(amazon, shipment(1), marketplaces="")


def shelf(amazon: AmazonStandIn) -> Shelf:
    outlet = Outlet("amazon", "a2examplesellr", US)
    return shelf_of("amazon")(outlet, known(amazon))


class TestStock:
    def test_listings_are_found_by_sku_unless_amazon_stores_them(
        self, amazon: AmazonStandIn
    ) -> None:
        amazon.units = {"SOCK/M": 4, "FBA": None}
        skus = [Sku("SOCK/M"), Sku("FBA"), Sku("NEW")]

        assert shelf(amazon).find(skus) == {"SOCK/M": ["SOCK/M"]}

    def test_the_quantity_alone_is_changed(self, amazon: AmazonStandIn) -> None:
        amazon.units = {"SOCK": 4}

        assert shelf(amazon).show([Wish("SOCK", 4, 9)]) == {}

        assert amazon.units == {"SOCK": 9}

    def test_what_was_sold_meanwhile_is_not_overwritten(self, amazon: AmazonStandIn) -> None:
        amazon.units = {"SOCK": 3, "HAT": 1}

        assert shelf(amazon).show([Wish("SOCK", 4, 9), Wish("HAT", 1, 0)]) == {"SOCK": ""}

        assert amazon.units == {"SOCK": 3, "HAT": 0}

    def test_an_invalid_change_says_why(self, amazon: AmazonStandIn) -> None:
        amazon.units, amazon.issues = {"SOCK": 4}, {"SOCK": "The listing is closed."}

        assert shelf(amazon).show([Wish("SOCK", 4, 9)]) == {"SOCK": "The listing is closed."}

    def test_everything_is_listed_page_by_page(self, amazon: AmazonStandIn) -> None:
        amazon.units = {"A": 1, "B": None, "C": 3}
        here, shown, cursor = shelf(amazon), list[Shown](), ""
        while True:
            page, cursor = here.page(cursor)
            shown += page
            if not cursor:
                break

        assert shown == [Shown("A", "A", 1), Shown("C", "C", 3)]


def cancelled(*units: int) -> Order:
    lines = tuple(
        line(name, quantity=3, buckets={Bucket.CANCELLED: n, Bucket.PENDING: 3 - n})
        for name, n in zip((SOCKS, BOTTLE), units, strict=True)
    )
    return replace(PLACED, lines=lines)


def cancel(amazon: AmazonStandIn, what: Order) -> Told:
    canceller = canceller_of("amazon")
    assert canceller
    return canceller(what, known(amazon))


class TestCancellations:
    def test_a_line_is_cancelled_by_a_feed_that_names_it(self, amazon: AmazonStandIn) -> None:
        told = cancel(amazon, cancelled(3, 0))

        assert told == Told({SOCKS: 3}, "feed-1")
        assert amazon.feeds[0]["marketplaceIds"] == [US]
        (document,) = amazon.documents.values()
        root = ET.fromstring(document)  # noqa: S314 (our own)
        assert root.findtext(".//AmazonOrderID") == NAME
        assert [one.text for one in root.iter("AmazonOrderItemCode")] == [SOCKS]
        assert root.findtext(".//CancelReason") == "NoInventory"

    def test_a_buyer_who_asked_for_it_is_named_as_the_reason(self, amazon: AmazonStandIn) -> None:
        item = amazon.orders[NAME]["order"]["orderItems"][0]
        item["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}

        cancel(amazon, cancelled(3, 0))

        (document,) = amazon.documents.values()
        assert "BuyerCanceled" in document

    @pytest.mark.parametrize("how", ["order", "line", "units"])
    def test_what_is_cancelled_there_is_not_told_again(
        self, amazon: AmazonStandIn, how: str
    ) -> None:
        there = amazon.orders[NAME]["order"]
        if how == "order":
            there["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
        elif how == "line":
            there["orderItems"][0]["cancellation"] = {"cancellationExecution": {"by": "AMAZON"}}
        else:
            there["orderItems"][0]["quantityOrdered"] = 0

        assert cancel(amazon, cancelled(3, 0)) == Told({})
        assert not amazon.feeds

    @pytest.mark.parametrize("how", ["gone from the line", "neither shipped nor open"])
    def test_a_part_that_amazon_cancelled_is_not_told_to_it(
        self, amazon: AmazonStandIn, how: str
    ) -> None:
        item = amazon.orders[NAME]["order"]["orderItems"][0]
        if how == "gone from the line":
            item["quantityOrdered"] = 2
        else:
            item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 2}

        assert cancel(amazon, cancelled(1, 0)) == Told({})
        # What is left of the line can be cancelled as a whole.
        assert cancel(amazon, cancelled(3, 0)) == Told({SOCKS: 2}, "feed-1")

    def test_a_document_is_sent_to_amazon_only(self, amazon: AmazonStandIn) -> None:
        amazon.uploads_to = "http://169.254.169.254/latest/meta-data"
        with pytest.raises(Rejected, match=r"somebody else: 169\.254\.169\.254"):
            cancel(amazon, cancelled(3, 0))

    def test_nothing_cancelled_tells_nothing(self, amazon: AmazonStandIn) -> None:
        assert cancel(amazon, cancelled(0, 0)) == Told({})

    def test_a_part_of_a_line_is_for_a_person(self, amazon: AmazonStandIn) -> None:
        with pytest.raises(Rejected, match="whole lines only"):
            cancel(amazon, cancelled(1, 0))
