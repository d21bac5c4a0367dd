"""Shopify's guarantees are captured in parts where they can be, once, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from dom.channels.credentials import Credentials
from dom.channels.payments import payment_teller_of
from dom.errors import Busy, Rejected, Retryable
from dom.model.authorization import Authorization, Taken
from dom.model.money import Money
from dom.model.order import Bucket, Order
from support.builders import line, order

from tools.shop_stand_in import ShopStandIn, shop_stand_in

GID = "gid://shopify/Order/501"


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def bought(cancelled: int = 0) -> Order:
    """Ten for 100.00."""
    buckets = {Bucket.CANCELLED: cancelled, Bucket.PENDING: 10 - cancelled}
    ten = replace(line("1", quantity=10, buckets=buckets), unit_price=Money(1000, "USD"))
    return replace(order("ord_a", ten), channel="shopify", account="acme", external_id="501")


def settle(
    shop: ShopStandIn, due: int, void: int = 0, *, short: int = 0, cancelled: int = 0
) -> Taken:
    teller = payment_teller_of("shopify")
    known = Authorization(10_000, due=due, void=void, short=short)
    return teller(bought(cancelled), known, Credentials("shpat_1", shop.url))


def test_parts_are_captured_as_they_become_due_and_the_rest_goes_with_the_last(
    shop: ShopStandIn,
) -> None:
    shop.capturing.authorize(GID, "100.00")
    assert settle(shop, 3000) == Taken(3000, 0, f"{GID}/t2")
    assert settle(shop, 3000) == Taken(3000, 0)
    assert settle(shop, 7000, 3000) == Taken(7000, 3000, f"{GID}/t3")
    assert shop.capturing.captured(GID) == ["30.00", "40.00"]
    assert shop.capturing.voided(GID)
    assert settle(shop, 7000, 3000) == Taken(7000, 3000)


def test_a_guarantee_of_which_nothing_was_due_is_voided_once(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "100.00")
    assert settle(shop, 0, 10_000) == Taken(0, 10_000, f"{GID}/t2")
    assert settle(shop, 0, 10_000) == Taken(0, 10_000)
    assert shop.capturing.voided(GID)


def test_the_rest_of_what_was_captured_in_part_lapses_by_itself(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "100.00")
    settle(shop, 3000)
    assert settle(shop, 3000, 7000) == Taken(3000, 7000)
    assert len(shop.capturing.transactions[GID]) == 2


def test_what_can_be_captured_once_only_is_taken_with_the_first_part(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "100.00", many=False)
    assert settle(shop, 3000, cancelled=2) == Taken(8000, 0, f"{GID}/t2")
    assert settle(shop, 8000, 2000, cancelled=2) == Taken(8000, 2000)
    assert shop.capturing.captured(GID) == ["80.00"]


def test_an_answer_that_was_lost_captures_nothing_twice(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "100.00")
    shop.lost = 1
    with pytest.raises(Retryable):
        settle(shop, 3000)
    assert settle(shop, 3000) == Taken(3000, 0)
    assert shop.capturing.captured(GID) == ["30.00"]


def test_what_was_paid_otherwise_is_not_captured_again(shop: ShopStandIn) -> None:
    shop.capturing.pay(GID, "25.00")
    shop.capturing.authorize(GID, "50.00")
    shop.capturing.authorize(GID, "25.00")
    assert settle(shop, 2000) == Taken(2500, 0)
    assert settle(shop, 10_000).captured == 10_000
    assert shop.capturing.captured(GID) == ["50.00", "25.00"]


def test_what_left_beyond_the_guarantee_counts_what_its_buyer_paid_for_it(
    shop: ShopStandIn,
) -> None:
    shop.capturing.authorize(GID, "100.00")
    shop.capturing.pay(GID, "20.00")
    assert settle(shop, 10_000, short=2000).captured == 12_000


def test_a_buyers_own_currency_is_captured_to_its_last_unit(shop: ShopStandIn) -> None:
    shop.capturing.rate, shop.capturing.shown = Decimal("0.9137"), "EUR"
    shop.capturing.authorize(GID, "100.00")
    for due in (3333, 6666, 10_000):
        settle(shop, due)
    assert sum(map(Decimal, shop.capturing.captured(GID))) == Decimal("91.37")


def test_a_bank_that_declines_and_a_guarantee_that_is_too_small_are_for_a_person(
    shop: ShopStandIn,
) -> None:
    shop.capturing.authorize(GID, "60.00")
    shop.capturing.declines = 1
    assert settle(shop, 3000) == Taken(0, 0, refused="the payment was declined")
    found = settle(shop, 10_000)
    assert (found.captured, found.refused) == (
        6000,
        "40.00 USD less is authorized there than is due",
    )
    shop.capturing.transactions.clear()
    with pytest.raises(Rejected, match="does not know"):
        settle(shop, 3000)


def test_what_the_bank_has_not_decided_is_waited_for(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "100.00")
    shop.capturing.pay(GID, "30.00", "CAPTURE", "PENDING")
    with pytest.raises(Busy):
        settle(shop, 3000)
    assert shop.capturing.captured(GID) == []


def test_a_shop_without_an_api_is_asked_by_a_signed_request_under_one_name(
    shop: ShopStandIn,
) -> None:
    teller, secrets = payment_teller_of("webshop"), Credentials(payment_secret="s")
    order, known = (
        replace(bought(), channel="webshop"),
        Authorization(9000, due=5000, captured=2000),
    )
    with pytest.raises(Rejected, match="payment_url"):
        teller(order, known, secrets)
    secrets = replace(secrets, payment_url=f"{shop.url}/pay")
    shop.lost = 1
    with pytest.raises(Retryable):
        teller(order, known, secrets)
    assert teller(order, known, secrets) == Taken(5000, 0, "paid-1")
    (received,) = shop.received
    assert received["headers"]["idempotency-key"] == "ord_a/5000/0"
    assert received["body"]["capture"] == {"amount": 3000, "currency": "USD"}
    assert (received["body"]["capture_text"], received["body"]["void"]["amount"]) == ("30.00", 0)
    # What is asked is absolute: an answer that was lost leaves the difference too great.
    assert received["body"]["captured_in_all"] == 5000
    last = replace(known, due=6000, captured=6000, void=3000)
    assert teller(order, last, secrets) == Taken(6000, 3000, "paid-2")
    assert shop.received[1]["body"]["void"] == {"amount": 3000, "currency": "USD"}
    assert shop.received[1]["body"]["voided_in_all"] == 3000
    # After a refusal it is asked anew.
    assert teller(order, replace(known, refusals=1), secrets) == Taken(5000, 0, "paid-3")
    assert shop.received[2]["headers"]["idempotency-key"] == "ord_a/5000/0/1"


def test_what_one_bank_gave_is_known_though_another_declined(shop: ShopStandIn) -> None:
    shop.capturing.authorize(GID, "60.00")
    settle(shop, 2000)
    shop.capturing.authorize(GID, "40.00")
    shop.capturing.declined = {f"{GID}/t3"}
    found = settle(shop, 10_000)
    assert (found.captured, found.refused) == (6000, "the payment was declined")
    assert found.reference == f"{GID}/t4"
