"""What a customer is told of an order, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from dom.errors import NotFound
from dom.model.contact import Contact
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, Pickup, noted
from dom.model.ids import LocationId, OrderId, ReturnId
from dom.model.location import Location
from dom.model.money import Money
from dom.model.order import Bucket, HoldReason, Method, Order, ShipGroup
from dom.model.refund import Refund, RefundStatus
from dom.model.return_terms import ReturnMethod, ReturnOutcome, ReturnReason, ReturnStatus
from dom.model.rma import Return, ReturnLine
from dom.model.tracking_link import signed
from dom.tracking.page import later_page, nothing_page, page_of
from dom.tracking.show import Desk, show
from dom.tracking.story import Story, story_of
from dom.words.language import language_of
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work

S, B = FulfillmentStatus, Bucket
ENGLISH = language_of("en")
SUNDAY = date(2026, 3, 8)
STORE = location(
    "CHI", name="Chicago Store", address1="1 Lake St", city="Chicago", postal_code="60601"
)
CHICAGO = replace(STORE, timezone="America/Chicago", hours="Mon-Sat 10-20")
UPS = Parcel("1Z 9", "UPS", "https://ups.example/1Z9")


class Places:
    """Chicago, and Reno by default."""

    def location(self, location_id: str) -> Location | None:
        return {"CHI": CHICAGO, "RENO": location("RENO")}.get(location_id)


def story(*works: FulfillmentOrder, of: Order | None = None) -> Story:
    bought = of or order("ord_a", line("1", title="Blue mug"))
    return story_of(bought, works, (), Places(), ENGLISH)


def steps(told: Story) -> list[str]:
    (shipment,) = told.shipments
    return [("x" if one.done else ">" if one.now else "-") + one.name for one in shipment.steps]


@pytest.mark.parametrize(
    ("status", "state", "way"),
    [
        (S.ASSIGNED, "Being prepared", [">Ordered", "-Packed", "-On its way", "-Delivered"]),
        (S.ACCEPTED, "Being prepared", [">Ordered", "-Packed", "-On its way", "-Delivered"]),
        (S.PICKING, "Being packed", [">Ordered", "-Packed", "-On its way", "-Delivered"]),
        (S.PACKED, "Packed", ["xOrdered", ">Packed", "-On its way", "-Delivered"]),
        (S.CANCEL_REQUESTED, "Packed", ["xOrdered", ">Packed", "-On its way", "-Delivered"]),
        (S.SHIPPED, "On its way", ["xOrdered", "xPacked", ">On its way", "-Delivered"]),
        (S.DELIVERED, "Delivered", ["xOrdered", "xPacked", "xOn its way", "xDelivered"]),
    ],
)
def test_a_shipment_says_how_far_it_has_come(
    status: FulfillmentStatus, state: str, way: list[str]
) -> None:
    told = story(work(status=status))
    assert (told.headline, told.shipments[0].state, steps(told)) == (f"{state}.", state, way)


def test_every_state_of_work_has_words_or_is_not_shown() -> None:
    over = {S.REJECTED, S.EXPIRED, S.CANCELLED}
    for status in S:
        assert len(story(work(status=status)).shipments) == (status not in over)


def test_a_parcel_at_the_door_is_out_for_delivery() -> None:
    parcel = replace(UPS, scan="out_for_delivery")
    assert story(work(status=S.SHIPPED, parcels=(parcel,))).headline == "Out for delivery."


def test_a_failed_delivery_is_told_and_that_somebody_looks() -> None:
    told = story(work(status=S.DELIVERY_FAILED))
    assert told.shipments[0].troubled
    assert "looking after it" in told.headline


def pickup(status: FulfillmentStatus, **rest: Any) -> FulfillmentOrder:
    until = datetime(2026, 3, 8, 6, tzinfo=UTC)  # midnight in Chicago
    return work(
        status=status,
        location_id=LocationId("CHI"),
        method=Method.PICKUP,
        pickup=Pickup("4711", until),
        **rest,
    )


def test_what_is_collected_has_a_place_a_code_and_a_last_day() -> None:
    told = story(pickup(S.READY_FOR_PICKUP))
    (shipment,) = told.shipments
    assert shipment.where == "Chicago Store, 1 Lake St, 60601 Chicago"
    assert (shipment.hours, shipment.code) == ("Mon-Sat 10-20", "4711")
    assert shipment.when == "Kept for you until Saturday, March 7"
    assert steps(told) == ["xOrdered", "xPacked", ">Ready", "-Collected"]


def test_a_code_is_not_shown_once_it_is_of_no_use() -> None:
    assert story(pickup(S.COLLECTED)).shipments[0].code == ""


def test_what_is_sent_to_a_store_is_on_its_way_there() -> None:
    sent = work(status=S.SHIPPED, method=Method.SHIP_TO_STORE, to_location=LocationId("CHI"))
    told = story(sent)
    assert told.headline == "On its way to the store."
    assert told.shipments[0].where.startswith("Chicago Store")


def test_the_day_is_that_of_the_place() -> None:
    late = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)  # the evening before in Los Angeles
    told = story(work(status=S.SHIPPED, delivers_by=late))
    assert told.shipments[0].when == "Expected by Monday, March 2"


def test_events_are_newest_first_by_the_carriers_clock_and_none_that_nobody_saw() -> None:
    made = work(status=S.DELIVERED)
    made = noted(made, NOW, "FulfillmentOrderAccepted", "store")
    made = noted(made, NOW, "FulfillmentOrderShipped", "store")
    told = "2026-03-02T20:05:00Z"
    made = noted(made, NOW, "ParcelOutForDelivery", "carrier", scanned_at=told)
    made = noted(made, NOW + timedelta(days=1), "FulfillmentOrderDelivered", "x", assumed=True)
    events = story(made).shipments[0].events
    assert [what for _, what in events] == ["Out for delivery", "Handed to the carrier"]
    assert events[0][0] == "Monday, March 2, 12:05 PST"


def test_parts_are_numbered_and_the_rest_says_why_it_is_not_there() -> None:
    mug = line("1", title="Blue mug", quantity=3, buckets={B.SHIPPED: 1, B.PACKED: 1, B.PENDING: 1})
    cap = line("2", "CAP", 2, buckets={B.BACKORDERED: 1, B.CANCELLED: 1})
    card = line("3", "GIFT", ship_group_id=None, title="Gift card")
    told = story(work(1, S.SHIPPED), work(2, S.PACKED), of=order("ord_a", mug, cap, card))
    assert told.headline == "Your order comes in several parts."
    assert [one.title for one in told.shipments] == ["Shipment 1 of 2", "Shipment 2 of 2"]
    assert told.shipments[0].lines == ("1 × Blue mug",)
    assert [(one.title.split(":")[0], one.lines) for one in told.rests] == [
        ("Being arranged", ("1 × Blue mug",)),
        ("Not in stock yet", ("1 × CAP",)),
        ("Cancelled", ("1 × CAP",)),
        ("Needs no parcel", ("1 × Gift card",)),
    ]


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"hold_reason": HoldReason.AWAITING_PAYMENT}, "We wait for your payment."),
        ({"hold_reason": HoldReason.FRAUD_RISK}, "We are looking into your order and will be in"),
        ({}, "We have your order."),
        ({"lines": (line("1", buckets={B.CANCELLED: 1}),)}, "Your order was cancelled."),
        ({"lines": (line("1", buckets={B.RETURNED: 1}),)}, "Your order is complete."),
    ],
)
def test_an_order_without_shipments_says_why(changes: dict[str, Any], headline: str) -> None:
    assert story(of=order("ord_a", **changes)).headline.startswith(headline)


class Tags(HTMLParser):
    """Which tags a page has, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_becomes_markup(title: str, number: str) -> None:
    parcel = replace(UPS, tracking_number=number, tracking_url="javascript:alert(1)")
    mug = line("1", title=f"<script>{title}")
    told = story(work(status=S.SHIPPED, parcels=(parcel,)), of=order("ord_a", mug))
    page = page_of(told, ENGLISH)
    tags = parsed(page)
    assert tags.seen & {"script", "img", "iframe", "a"} == set()


def test_the_only_link_is_the_carriers() -> None:
    told = story(work(status=S.SHIPPED, parcels=(UPS, Parcel(tracking_url="http://x"))))
    page = page_of(told, ENGLISH)
    assert parsed(page).links == ["https://ups.example/1Z9"]


@pytest.mark.parametrize("page", [nothing_page(ENGLISH), later_page(ENGLISH)])
def test_pages_without_an_order_are_pages(page: str) -> None:
    assert "main" in parsed(page).seen


class Orders:
    """One order."""

    def __init__(self, found: Order | None) -> None:
        self.found = found

    def load(self, order_id: str) -> Order | None:
        return self.found

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        return [work(status=S.SHIPPED)]

    def returns_of(self, order_id: str) -> list[Return]:
        return []


def shown(found: Order | None, *wanted: str) -> str:
    return show(signed("ord_a", "k"), wanted, Desk(lambda: ["k"], Orders(found), Places()))


def test_the_link_shows_the_order_and_names_nobody() -> None:
    told = order("ord_a", line("1", title="Blue mug"), name="#1001")
    page = shown(replace(told, ship_groups=(ShipGroup("sg1", Method.SHIP, None),)))
    assert "Order #1001" in page and "1 × Blue mug" in page
    assert "Sacramento" not in shown(told)


@pytest.mark.parametrize("found", [None, order("ord_a", forgotten=True)])
def test_a_forgotten_order_is_shown_to_nobody(found: Order | None) -> None:
    with pytest.raises(NotFound):
        shown(found)


def test_the_page_speaks_the_orders_language_else_the_browsers() -> None:
    bought = order("ord_a", line("1", title="Blue mug"), locale="de-CH")
    german = shown(bought, "fr")
    assert '<html lang="de">' in german and "Bestellung ord_a" in german and "Unterwegs" in german
    assert "Mittwoch, 4. März 2026" in german
    assert '<html lang="fr">' in shown(replace(bought, locale=""), "fr-CH", "de")
    assert '<html lang="es">' in shown(replace(bought, contact=Contact(locale="es")), "fr")
    assert '<html lang="en">' in shown(replace(bought, locale="pt"), "xx")


def test_the_carriers_day_comes_before_the_plans_and_an_unknown_day_is_called_that() -> None:
    sent = work(status=S.SHIPPED, delivers_by=NOW, parcels=(replace(UPS, arrives_on=SUNDAY),))
    assert story(sent).shipments[0].when == "Expected on Sunday, March 8, says the carrier"
    late = order("ord_a", line("1"), told={"sg1": None})
    (shipment,) = story(work(status=S.ACCEPTED, delivers_by=NOW), of=late).shipments
    assert shipment.when == "Later than planned: we do not know the new day yet"


def returned(status: ReturnStatus, number: int = 1, **rest: Any) -> Return:
    facts = {"channel": "shopify", "account": "shop", "currency": "USD", "created_at": NOW}
    lines = (ReturnLine("1", 1, ReturnReason.UNKNOWN),)
    words = {"method": ReturnMethod.MAIL, "outcome": ReturnOutcome.REFUND, "lines": lines}
    name = ReturnId(f"ord_a-R{number}")
    return Return(name, OrderId("ord_a"), status=status, **{**facts, **words, **rest})  # type: ignore[arg-type]


class TestReturns:
    def told(self, *returns: Return, **order_facts: Any) -> Story:
        made = order("ord_a", line("1", title="Blue mug"), **order_facts)
        return story_of(made, (), returns, Places(), ENGLISH)

    def test_a_return_says_how_far_it_is_and_what_is_paid_back(self) -> None:
        paid = Refund(1, NOW, Money(1230, "USD"), status=RefundStatus.SENT)
        owed = Refund(2, NOW, Money(500, "USD"))
        record = returned(ReturnStatus.RECEIVED, refunds=(paid, owed))
        (back,) = self.told(record).returns
        assert (back.title, back.state) == ("Return", "Received: we are looking at it")
        assert back.lines == ("1 × Blue mug",)
        assert back.money == (("Paid back", "12.30 USD"), ("About to be paid back", "5.00 USD"))
        page = page_of(self.told(record), ENGLISH)
        assert "12.30 USD" in page and parsed(page)

    def test_several_are_numbered_and_what_was_withdrawn_is_not_told(self) -> None:
        told = self.told(
            returned(ReturnStatus.CLOSED),
            returned(ReturnStatus.CANCELLED, 2),
            returned(ReturnStatus.LABELLED, 3),
        )
        assert [(one.title, one.state) for one in told.returns] == [
            ("Return 1 of 2", "Done"),
            ("Return 2 of 2", "Approved: please send it back"),
        ]

    def test_what_the_shop_paid_back_by_itself_is_told_too(self) -> None:
        (back,) = self.told(channel_refunded=250).returns
        assert (back.title, back.state) == ("Paid back", "2.50 USD")

    def test_every_state_of_a_return_has_words_or_is_not_told(self) -> None:
        for status in ReturnStatus:
            told = self.told(returned(status)).returns
            assert len(told) == (status is not ReturnStatus.CANCELLED)


@pytest.mark.parametrize(
    ("eta", "delivers_by", "when"),
    [
        (datetime(2026, 3, 7, 8, tzinfo=UTC), None, "To be sent by Friday, March 6"),
        (NOW + timedelta(days=5), NOW + timedelta(days=2), "To be sent by Monday, March 9"),
        (NOW + timedelta(days=1), NOW + timedelta(days=2), "Expected by Friday, March 6"),
    ],
)
def test_when_it_leaves_is_said_where_nothing_better_is_known(
    eta: datetime, delivers_by: datetime | None, when: str
) -> None:
    # The first is the end of a Friday in Reno.
    told = story(work(1, S.ACCEPTED, eta=eta, delivers_by=delivers_by))
    assert told.shipments[0].when == when
    sent = story(work(1, S.SHIPPED, eta=eta))
    assert sent.shipments[0].when == ""
