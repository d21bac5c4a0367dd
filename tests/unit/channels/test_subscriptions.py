"""A shop's webhooks: all that we understand, made once, and made again when they are gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dom.channels import channel
from dom.channels.credentials import Credentials
from dom.channels.shopify_subscriptions import Subscribed, subscribe, topics
from dom.errors import InvalidInput, Rejected

from tools.shop_stand_in import ShopStandIn, shop_stand_in

HERE, THERE = "https://api.example/v1/webhooks/shopify/acme", "https://other.example/hooks"


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def ours(shop: ShopStandIn) -> Subscribed:
    return subscribe("acme", Credentials("shpat_1", shop.url), HERE)


def test_every_topic_that_we_understand_is_subscribed_once(shop: ShopStandIn) -> None:
    assert ours(shop).new == topics()
    assert ("ORDERS_CREATE", HERE) in shop.subscriptions.made
    again = ours(shop)
    assert (again.new, again.known, again.others) == ([], topics(), [])
    assert len(shop.subscriptions.made) == len(topics()) == len(set(shop.subscriptions.made))


def test_one_that_shopify_deleted_is_made_again_and_others_addresses_are_told(
    shop: ShopStandIn,
) -> None:
    ours(shop)
    shop.subscriptions.made.remove(("ORDERS_PAID", HERE))
    shop.subscriptions.made.append(("ORDERS_PAID", THERE))
    shop.subscriptions.page = 3
    found = ours(shop)
    assert (found.new, found.others) == (["orders/paid"], [THERE])
    assert ("ORDERS_PAID", THERE) in shop.subscriptions.made


def test_a_topic_that_the_app_may_not_have_is_said(shop: ShopStandIn) -> None:
    shop.subscriptions.refuses.add("RETURNS_REQUEST")
    with pytest.raises(Rejected, match="already been taken"):
        ours(shop)


@pytest.mark.parametrize("topic", topics())
def test_each_of_them_is_parsed(topic: str) -> None:
    # Not None, which would mean that it does not concern us: the empty body is refused by field.
    with pytest.raises(InvalidInput):
        channel("shopify").parse(topic, "acme", b"{}")
