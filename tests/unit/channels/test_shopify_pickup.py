"""Orders that customers collect: webhooks do not say where, the shop's fulfillment orders do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from dom.channels import channel, shopify_feed
from dom.channels.credentials import Credentials
from dom.channels.feeds import feed_of
from dom.errors import Busy, Rejected, Retryable
from dom.model.facts import Facts
from dom.model.order import HoldReason, Method, Order
from support.intake import SHOP, facts_of, order_of, sample

from tools.shop_stand_in import ShopStandIn, shop_stand_in

SHOPIFY = channel("shopify")
Places = list[tuple[str, str, str]]


def pickup(at: str = "18:40:00") -> dict[str, Any]:
    """A paid order without an address, as a pickup is."""
    body = sample("orders-paid")
    return {**body, "shipping_address": None, "updated_at": f"2026-11-20T{at}Z"}


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def read(shop: ShopStandIn, body: dict[str, Any], places: Places) -> Facts:
    """What is read of the order from the shop."""
    shop.orders.put(body)
    shop.orders.places[str(body["id"])] = places
    make = feed_of("shopify")
    assert make
    feed = make(SHOP, Credentials(access_token="token", api_url=shop.url))
    told = SHOPIFY.parse(feed.topic, SHOP, feed.fetch(str(body["id"])))
    assert isinstance(told, Facts)
    return told


def refuse(*_: object) -> list[dict[str, str]]:
    raise Rejected("access denied")


def where(order: Order) -> tuple[Method, str | None]:
    (group,) = order.ship_groups
    return group.method, group.location_id


def test_a_webhook_without_an_address_is_incomplete_and_what_the_shop_says_is_not(
    shop: ShopStandIn,
) -> None:
    assert facts_of("orders/paid", pickup()).incomplete
    assert not read(shop, pickup(), [("PICK_UP", "Reno", "")]).incomplete
    assert not facts_of("orders/paid", sample("orders-paid")).incomplete
    assert not facts_of("orders/cancelled", pickup()).incomplete
    till = {**pickup(), "source_name": "pos"}
    assert not facts_of("orders/paid", till).incomplete


@pytest.mark.parametrize(("ours", "expected"), [("STORE-26", "STORE-26"), ("", "Dayton Store")])
def test_it_is_collected_at_our_location_of_the_metafield_or_the_name(
    shop: ShopStandIn, ours: str, expected: str
) -> None:
    order = order_of([read(shop, pickup(), [("PICK_UP", "Dayton Store", ours)])])

    assert where(order) == (Method.PICKUP, expected)
    assert order.hold_reason is None


@pytest.mark.parametrize(
    "places",
    [
        [("SHIPPING", "Reno", "RENO")],
        [("PICK_UP", "Reno", "RENO"), ("PICK_UP", "Boise", "BOISE")],
        [("PICK_UP", "Reno", "RENO"), ("SHIPPING", "Boise", "BOISE")],
        [("PICK_UP", "", "")],
    ],
)
def test_what_goes_to_no_single_store_is_held_for_a_person(
    shop: ShopStandIn, places: Places
) -> None:
    order = order_of([read(shop, pickup(), places)])

    assert where(order) == (Method.SHIP, None)
    assert order.hold_reason is HoldReason.INVALID_DATA


def test_it_stays_known_whatever_webhooks_come_in_which_order(shop: ShopStandIn) -> None:
    told = [
        facts_of("orders/create", pickup("18:30:00")),
        read(shop, pickup("18:31:00"), [("PICK_UP", "Reno", "RENO")]),
        facts_of("orders/updated", pickup("18:32:00")),
        # It was moved to another store.
        read(shop, pickup("18:33:00"), [("PICK_UP", "Boise", "BOISE")]),
    ]

    ends = {where(order_of(facts)) for facts in permutations(told)}

    assert ends == {(Method.PICKUP, "BOISE")}


def test_an_address_that_comes_later_is_where_it_goes(shop: ShopStandIn) -> None:
    sent = {**sample("orders-paid"), "updated_at": "2026-11-20T19:00:00Z"}
    collected = read(shop, pickup(), [("PICK_UP", "Reno", "RENO")])

    assert where(order_of([collected, facts_of("orders/updated", sent)])) == (Method.SHIP, None)


def test_a_shop_that_has_not_said_it_yet_is_asked_again(shop: ShopStandIn) -> None:
    new = {**pickup(), "created_at": datetime.now(UTC).isoformat()}
    with pytest.raises(Retryable) as raised:
        read(shop, new, [])
    # The shop's other orders can be asked for meanwhile.
    assert not isinstance(raised.value, Busy)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"shipping_address": {"city": "Reno", "country_code": None}},
        {"source_name": "pos"},
        {"cancelled_at": "2026-11-20T19:00:00Z"},
    ],
)
def test_what_was_read_is_never_asked_for_again(shop: ShopStandIn, changes: dict[str, Any]) -> None:
    assert not read(shop, {**pickup(), **changes}, []).incomplete


def test_without_the_scope_the_order_is_read_and_held(shop: ShopStandIn) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shopify_feed, "places_of", refuse)
        order = order_of([read(shop, pickup(), [("PICK_UP", "Reno", "RENO")])])
    assert order.hold_reason is HoldReason.INVALID_DATA


def test_an_order_with_an_address_is_not_asked_about(shop: ShopStandIn) -> None:
    body = sample("orders-paid")
    assert "fulfillment_orders" not in json.dumps(body)
    assert read(shop, body, []).snapshot
