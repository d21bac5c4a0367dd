"""Orders read by the channel's API: all pages, in order of their change, shaped as webhooks are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from dom.channels import channel
from dom.channels.credentials import Credentials
from dom.channels.feeds import OrderFeed, feed_of
from dom.errors import Busy, Rejected
from dom.model.facts import Facts
from support.shopify_bodies import shopify_order

from tools.shop_stand_in import ShopStandIn, shop_stand_in

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def feed(shop: ShopStandIn, known: str = "shpat_1") -> OrderFeed:
    make = feed_of("shopify")
    assert make
    return make("acme.myshopify.com", Credentials(known, shop.url))


def everything(shop: ShopStandIn, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    found, cursor = [], ""
    while True:
        page, cursor = feed(shop).page(since, until, cursor)
        found += [(one.external_id, one.updated_at) for one in page]
        if not cursor:
            return found


def test_all_pages_of_a_time_come_with_the_oldest_change_first(shop: ShopStandIn) -> None:
    shop.orders.page = 2
    for n in (3, 1, 5, 2, 4, 9):
        at = (START + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%S-05:00")
        shop.orders.put({"id": 9007199254740993 + n, "updated_at": at})
    shift = START + timedelta(hours=5)
    found = everything(shop, shift, shift + timedelta(minutes=5))
    assert found == [(str(9007199254740993 + n), shift + timedelta(minutes=n)) for n in range(1, 6)]


def test_what_is_fetched_is_what_a_webhook_brings(shop: ShopStandIn) -> None:
    body = shopify_order(('MÜG "L"', 2))
    shop.orders.put(body)
    fetched = feed(shop).fetch(str(body["id"]))
    # It has an address, so nobody needs to be asked where it goes.
    assert json.loads(fetched) == {**body, "fulfillment_orders": []}
    told = channel("shopify").parse(feed(shop).topic, "acme.myshopify.com", fetched)
    assert isinstance(told, Facts) and told.external_id == str(body["id"])


@pytest.mark.parametrize(("status", "error"), [(429, Busy), (503, Busy), (401, Rejected)])
def test_a_refusal_is_for_later_or_for_a_person(
    shop: ShopStandIn, status: int, error: type[Exception]
) -> None:
    shop.failures = [status]
    with pytest.raises(error):
        feed(shop).page(START, START, "")


def test_without_a_token_nothing_is_asked(shop: ShopStandIn) -> None:
    with pytest.raises(Rejected, match="access_token"):
        feed(shop, known="").page(START, START, "")


def test_channels_without_an_api_have_no_feed() -> None:
    assert feed_of("webshop") is None
