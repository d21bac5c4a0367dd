"""Shipments told to Shopify: once, in the right places, found again when the answer was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.channels.credentials import Credentials
from dom.channels.shipments import teller_of
from dom.errors import Busy, Rejected
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus, Parcel
from dom.model.ids import Sku
from support.builders import order, work

from tools.shop_stand_in import ShopStandIn, shop_stand_in

GID = "gid://shopify/Order/501"
ORDER = replace(order("ord_a"), channel="shopify", account="acme", external_id="501")
UPS = Parcel("1Z 99", "UPS")


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def sent(units: dict[str, int], *parcels: Parcel, number: int = 1) -> FulfillmentOrder:
    lines = tuple(FulfillmentLine(name, Sku("MUG"), n) for name, n in units.items())
    made = work(number, FulfillmentStatus.SHIPPED, lines=lines, parcels=parcels)
    return replace(made, created_at=datetime.now(UTC))


def tell(shop: ShopStandIn, shipment: FulfillmentOrder, *others: str) -> str:
    teller = teller_of("shopify")
    assert teller
    return teller(ORDER, shipment, frozenset(others), Credentials("shpat_1", shop.url))


def told(shop: ShopStandIn) -> list[Any]:
    return [one["told"] for one in shop.shipping.fulfillments.get(GID, [])]


def units(shop: ShopStandIn) -> list[dict[str, int]]:
    """Units by line of each fulfillment made."""
    return [_by_line(one["lines"]) for one in shop.shipping.fulfillments.get(GID, [])]


def _by_line(lines: list[Any]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for one in lines:
        counted[one["lineItem"]["id"].rpartition("/")[2]] += one["quantity"]
    return dict(counted)


def test_only_the_units_that_left_are_fulfilled_with_their_parcel(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 2, "12": 1})
    assert tell(shop, sent({"11": 1}, UPS)) == "gid://shopify/Fulfillment/1"
    assert units(shop) == [{"11": 1}]
    assert told(shop)[0]["trackingInfo"] == {"numbers": ["1Z 99"], "company": "UPS"}
    assert told(shop)[0]["notifyCustomer"] is False


def test_the_links_of_all_parcels_are_told_or_none(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 2})
    linked = replace(UPS, tracking_url="https://t.example/1")
    tell(shop, sent({"11": 1}, linked, Parcel("GLS1", "GLS", "https://t.example/2"), Parcel()))
    tell(shop, sent({"11": 1}, replace(linked, tracking_number="1Z 98"), Parcel("D1")))
    first, second = (one["trackingInfo"] for one in told(shop))
    assert first == {
        "numbers": ["1Z 99", "GLS1"],
        "urls": ["https://t.example/1", "https://t.example/2"],
    }
    assert second == {"numbers": ["1Z 98", "D1"]}


@pytest.mark.parametrize("parcels", [(UPS,), ()])
def test_an_answer_that_was_lost_fulfills_nothing_twice(
    shop: ShopStandIn, parcels: tuple[Parcel, ...]
) -> None:
    shop.shipping.expect(GID, {"11": 2})
    shop.lost = 1
    with pytest.raises(Busy):
        tell(shop, sent({"11": 1}, *parcels))
    again = tell(shop, sent({"11": 1}, *parcels)), tell(shop, sent({"11": 1}, *parcels))
    assert again == ("gid://shopify/Fulfillment/1", "gid://shopify/Fulfillment/1")
    assert units(shop) == [{"11": 1}]


def test_two_shipments_without_numbers_are_two(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 2})
    first = tell(shop, sent({"11": 1}))
    second = tell(shop, sent({"11": 1}, number=2), first)
    assert units(shop) == [{"11": 1}, {"11": 1}]
    assert first != second


def test_an_older_fulfillment_or_one_of_other_goods_is_not_taken_for_ours(
    shop: ShopStandIn,
) -> None:
    shop.shipping.expect(GID, {"11": 3, "12": 1})
    tell(shop, sent({"12": 1}))
    tell(shop, sent({"11": 1}))
    old = shop.shipping.fulfillments[GID][1]
    old["createdAt"] = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert tell(shop, sent({"11": 2})) == "gid://shopify/Fulfillment/3"
    assert units(shop) == [{"12": 1}, {"11": 1}, {"11": 2}]


def test_two_works_in_one_box_are_each_told(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1, "12": 1})
    first = tell(shop, sent({"11": 1}, UPS))
    tell(shop, sent({"12": 1}, Parcel("1z99"), number=2), first)
    assert units(shop) == [{"11": 1}, {"12": 1}]


def test_units_at_two_of_shopifys_locations_are_two_fulfillments(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1}, place="1")
    shop.shipping.expect(GID, {"11": 2}, place="2")
    shop.shipping.expect(GID, {"12": 1}, place="1")
    tell(shop, sent({"11": 3, "12": 1}, UPS))
    assert units(shop) == [{"11": 1, "12": 1}, {"11": 2}]


def test_what_was_interrupted_between_two_locations_is_completed(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1}, place="1")
    shop.shipping.expect(GID, {"11": 2}, place="2")
    shop.lost = 1
    with pytest.raises(Busy):
        tell(shop, sent({"11": 3}, UPS))
    assert units(shop) == [{"11": 1}]
    tell(shop, sent({"11": 3}, UPS))
    assert units(shop) == [{"11": 1}, {"11": 2}]


def test_long_fulfillment_orders_are_read_to_their_end(shop: ShopStandIn) -> None:
    shop.shipping.page = 2
    shop.shipping.expect(GID, {str(n): 1 for n in range(7)})
    tell(shop, sent({"6": 1, "0": 1}, UPS))
    assert units(shop) == [{"0": 1, "6": 1}]


def test_what_was_fulfilled_there_by_hand_needs_no_telling(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1}, status="CLOSED")["lines"][0]["remainingQuantity"] = 0
    assert tell(shop, sent({"11": 1}, UPS)) == "told already"
    assert units(shop) == []


def test_a_hold_at_shopify_is_for_a_person(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1})
    held = shop.shipping.expect(GID, {"11": 1}, status="ON_HOLD")
    with pytest.raises(Rejected, match="release the hold"):
        tell(shop, sent({"11": 2}, UPS))
    assert units(shop) == []
    held["status"] = "OPEN"
    tell(shop, sent({"11": 2}, UPS))
    assert units(shop) == [{"11": 2}]


def test_an_order_that_shopify_does_not_know_is_for_a_person(shop: ShopStandIn) -> None:
    with pytest.raises(Rejected, match="does not know"):
        tell(shop, sent({"11": 1}, UPS))


def test_a_refusal_is_passed_on_in_shopifys_words(shop: ShopStandIn) -> None:
    shop.shipping.expect(GID, {"11": 1})
    refused = {"fulfillment": None, "userErrors": [{"field": None, "message": "no such thing"}]}
    shop.shipping._ship = lambda told: refused  # type: ignore[method-assign]
    with pytest.raises(Rejected, match="no such thing"):
        tell(shop, sent({"11": 1}, UPS))


def test_channels_without_a_teller_hear_of_it_by_the_bus() -> None:
    assert teller_of("webshop") is None
