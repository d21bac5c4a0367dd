"""Every message has its texts, says what it must, and lets no customer text become markup."""

from __future__ import annotations

from typing import Any

import pytest
from dom.notify.tell import IN_FLIGHT
from dom.notify.templates import MESSAGES, render
from dom.words.language import CODES, language_of
from support.code import template

ENGLISH = language_of("en")
VALUES: dict[str, Any] = {
    "greeting": "Hello Zoë",
    "order_name": "#1001",
    "placed_on": "November 22, 2026",
    "lines": ("2 x Blue mug", "1 x Hat"),
    "pickup": ("Where: Reno", "Pickup code: 123456"),
    "code": "123456",
    "parcels": ("Parcel UPS 1Z https://ups.example/1Z?a=1&b=2",),
    "expected": "We expect it soon.",
    "rest": ("1 x Scarf: not in stock yet",),
    "amount": "12.30 EUR",
    "way": "the way you paid",
    "new": "Saturday, March 7, 2026",
    "old": "Thursday, March 5, 2026",
    "day": "Saturday, March 7, 2026",
    "tracking": ("Where your order is: https://shop.example/track/ord_a.x",),
    "link": "https://shop.example/track/ord_a.x",
}


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("name", sorted(ENGLISH.messages))
def test_every_message_renders_in_text_and_html_in_every_language(name: str, code: str) -> None:
    letter = render(name, "zoe@example.com", VALUES, language_of(code))
    assert "#1001" in letter.subject and "\n" not in letter.subject
    assert f'<html lang="{code}">' in letter.html
    for body in (letter.text, letter.html):
        assert "Zoë" in body and "2 x Blue mug" in body
        assert "https://shop.example/track/ord_a.x" in body
        assert "$" not in body


def test_every_registered_message_has_a_text() -> None:
    assert set(MESSAGES.values()) <= set(ENGLISH.messages)


def test_the_bus_sends_exactly_the_events_that_have_a_message() -> None:
    rule = template()["Resources"]["CustomerMessagesRule"]
    assert set(rule["Properties"]["EventPattern"]["detail-type"]) == set(MESSAGES)


def test_customer_text_is_escaped_in_html_and_starts_no_header() -> None:
    evil = {
        **VALUES,
        "greeting": "Hello <b>Eve</b>",
        "order_name": "#1\r\nBcc: all@example.com",
        "lines": ("1 x <script>alert(1)</script>\n\nFake", "$greeting"),
    }
    letter = render("order_confirmed", "eve@example.com", evil, ENGLISH)
    assert "<script>" not in letter.html and "<b>Eve" not in letter.html
    assert "\n" not in letter.subject and "\r" not in letter.subject
    assert "- 1 x <script>alert(1)</script> Fake\n- $greeting" in letter.text


def test_tracking_is_a_link_in_html_and_readable_in_text() -> None:
    letter = render("order_shipped", "zoe@example.com", VALUES, ENGLISH)
    assert '<a href="https://ups.example/1Z?a=1&amp;b=2">' in letter.html
    assert "https://ups.example/1Z?a=1&b=2" in letter.text


def test_a_block_with_nothing_to_say_is_left_out_with_its_heading() -> None:
    letter = render("order_shipped", "z@e.com", {**VALUES, "rest": (), "expected": ""}, ENGLISH)
    assert "comes apart" not in letter.text and "comes apart" not in letter.html
    assert "\n\n\n" not in letter.text and "<p></p>" not in letter.html
    whole = render("order_shipped", "z@e.com", VALUES, ENGLISH)
    assert "come in first:\n- 1 x Scarf: not in stock yet" in whole.text


def test_a_claim_is_only_called_interrupted_when_no_attempt_can_still_be_running() -> None:
    resources = template()["Resources"]
    timeout = resources["NotifyFunction"]["Properties"]["Timeout"]
    visibility = resources["NotifyQueue"]["Properties"]["VisibilityTimeout"]
    assert timeout < IN_FLIGHT.total_seconds() < visibility
