"""From the mail to the page: the link that a customer gets shows where the order is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.asking import until
from support.world import World

pytestmark = pytest.mark.e2e
LINK = re.compile(r"https://\S+/track/(\S+)")


def test_the_link_in_the_mail_shows_where_the_order_is(stack: dict[str, Any]) -> None:
    # GIVEN an order that was confirmed by mail
    world = World(stack)
    place, sku = world.location("TRACK"), world.sku()
    world.stock(sku, {place: 1})
    body = world.placed((sku, 1))
    mail = until(lambda: world.back.mails(body["email"]), bool)[0]
    found = LINK.search(mail.text)
    assert found, mail.text
    # WHEN the customer opens it, once it is with the warehouse
    world.work_with_status(body, "released")
    url = f"{stack['api_url']}/track/{found[1]}"
    page = world.api.pool.request("GET", url)
    # THEN
    text = page.data.decode()
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    assert "Being prepared" in text and body["name"] in text
    for secret in (body["email"], body["shipping_address"]["address1"]):
        assert secret not in text
    # AND nobody opens another
    other = world.api.pool.request("GET", url[:-1] + ("a" if url[-1] != "a" else "b"))
    assert other.status == 404 and b"<main>" in other.data
