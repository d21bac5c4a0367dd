"""What is cancelled here is taken off Shopify's order once, and never what is off already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from dom.channels.cancellations import Told, canceller_of
from dom.channels.credentials import Credentials
from dom.errors import Busy, Rejected
from dom.model.authorization import Authorization
from dom.model.order import Bucket, Order
from support.builders import line, order

from tools.shop_stand_in import ShopStandIn, shop_stand_in

GID = "gid://shopify/Order/501"
B = Bucket


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def bought(*cancelled: int, of: int = 3) -> Order:
    """An order of lines "1", "2" ... of which so many units are cancelled."""
    lines = []
    for number, units in enumerate(cancelled, 1):
        buckets = {B.CANCELLED: units, B.ALLOCATED: of - units}
        kept = {bucket: n for bucket, n in buckets.items() if n}
        lines.append(line(str(number), quantity=of, buckets=kept))
    return replace(order("ord_a", *lines), channel="shopify", account="acme", external_id="501")


def tell(shop: ShopStandIn, told: Order) -> Told:
    teller = canceller_of("shopify")
    assert teller
    return teller(told, Credentials("shpat_1", shop.url))


def test_the_missing_units_are_taken_off_and_paid_back_as_shopify_suggests(
    shop: ShopStandIn,
) -> None:
    for name in ("1", "2"):
        shop.cancelling.sell(GID, name, 3)
    assert tell(shop, bought(2, 0)) == Told({"1": 2}, "gid://shopify/Refund/c1")
    (told,) = shop.cancelling.taken_off
    assert told["refundLineItems"] == [
        {"lineItemId": "gid://shopify/LineItem/1", "quantity": 2, "restockType": "CANCEL"}
    ]
    (part,) = told["transactions"]
    assert (part["amount"], part["kind"], part["parentId"]) == ("20.00", "REFUND", f"{GID}/sale")
    assert told["note"] == "Cancelled ord_a"
    assert "shipping" not in told
    # Asked again, there is nothing to tell.
    assert tell(shop, bought(2, 0)) == Told({})


def test_with_the_whole_order_its_delivery_is_paid_back(shop: ShopStandIn) -> None:
    shop.cancelling.sell(GID, "1", 3)
    tell(shop, bought(3))
    (told,) = shop.cancelling.taken_off
    assert told["shipping"] == {"fullRefund": True}
    assert told["transactions"][0]["amount"] == "35.00"


def test_what_was_not_captured_needs_no_money(shop: ShopStandIn) -> None:
    shop.cancelling.captured = False
    shop.cancelling.sell(GID, "1", 3)
    tell(shop, bought(3))
    (told,) = shop.cancelling.taken_off
    assert told["transactions"] == [] and "shipping" not in told


def test_an_answer_that_was_lost_takes_nothing_off_twice(shop: ShopStandIn) -> None:
    shop.cancelling.sell(GID, "1", 3)
    shop.lost = 1
    with pytest.raises(Busy):
        tell(shop, bought(2))
    assert tell(shop, bought(2)) == Told({})
    assert len(shop.cancelling.taken_off) == 1
    # One more unit is one more.
    assert tell(shop, bought(3)).units == {"1": 1}


@pytest.mark.parametrize("kind", ["CANCEL", "NO_RESTOCK"])
def test_what_the_customer_cancelled_there_is_off_already(shop: ShopStandIn, kind: str) -> None:
    made = shop.cancelling.sell(GID, "1", 3)
    shop.cancelling.take_off(GID, made, 2, kind)
    assert tell(shop, bought(2)) == Told({})
    assert tell(shop, bought(3)).units == {"1": 1}


@pytest.mark.parametrize(("kind", "note"), [("RETURN", ""), ("NO_RESTOCK", "Return ord_a-R1/1")])
def test_what_was_returned_is_not_taken_for_cancelled(
    shop: ShopStandIn, kind: str, note: str
) -> None:
    # GIVEN three units: one came back, one is cancelled, one is on its way
    made = shop.cancelling.sell(GID, "1", 3)
    shop.cancelling.take_off(GID, made, 1, kind, note)
    made["unfulfilledQuantity"] = 2
    assert tell(shop, bought(1)).units == {"1": 1}


def test_no_more_is_taken_off_than_is_unfulfilled_there(shop: ShopStandIn) -> None:
    made = shop.cancelling.sell(GID, "1", 3)
    made["unfulfilledQuantity"] = 1
    assert tell(shop, bought(3)).units == {"1": 1}


def test_long_orders_are_read_to_their_end_and_unknown_lines_are_left_alone(
    shop: ShopStandIn,
) -> None:
    shop.cancelling.page = 2
    for n in range(1, 6):
        shop.cancelling.sell(GID, str(n), 3)
    assert tell(shop, bought(0, 0, 0, 0, 1, 1)).units == {"5": 1}


def test_an_order_that_shopify_does_not_know_is_for_a_person(shop: ShopStandIn) -> None:
    with pytest.raises(Rejected, match="does not know"):
        tell(shop, bought(1))


def test_channels_without_a_teller_hear_of_it_by_the_bus() -> None:
    assert canceller_of("webshop") is None


def test_what_was_not_captured_for_units_is_not_paid_back(shop: ShopStandIn) -> None:
    # GIVEN two units captured as they left, and a suggestion that counts all that was captured
    shop.cancelling.received = "30.00"
    shop.cancelling.sell(GID, "1", 3, "15.00")
    captured = bought(1).line("1").moved(B.ALLOCATED, B.SHIPPED, 2)
    told = replace(bought(1), authorization=Authorization(4500, due=3000)).with_lines([captured])
    tell(shop, told)
    assert shop.cancelling.taken_off[0]["transactions"] == []
    # WHEN all three were captured at once, THEN what no unit that left has earned goes back
    shop.cancelling.received = "40.00"
    shop.cancelling.sell(f"{GID}9", "1", 3, "15.00")
    tell(shop, replace(told, external_id="5019"))
    assert shop.cancelling.taken_off[1]["transactions"][0]["amount"] == "10.00"
    # NOR is what the shop gave as goodwill for those that left taken from it
    shop.cancelling.sell(f"{GID}8", "1", 3, "15.00")
    tell(shop, replace(told, external_id="5018", channel_refunded=500))
    assert shop.cancelling.taken_off[2]["transactions"][0]["amount"] == "15.00"
