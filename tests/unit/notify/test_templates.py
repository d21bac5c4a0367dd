"""Every message has its files, says what it must, and lets no customer text become markup."""

from __future__ import annotations

from typing import Any

import pytest
from dom.notify.tell import IN_FLIGHT
from dom.notify.templates import FOLDER, MESSAGES, render
from support.code import template

VALUES: dict[str, Any] = {
    "greeting": "Hello Zoë",
    "order_name": "#1001",
    "placed_on": "2026-11-22",
    "lines": ("2 x Blue mug", "1 x Hat"),
    "pickup": ("Where: Reno", "Pickup code: 123456"),
    "parcels": ("Parcel UPS 1Z https://ups.example/1Z?a=1&b=2",),
    "part": "A part of it",
    "moved": "this part comes later than we said:",
    "amount": "12.30 EUR",
    "way": "the way you paid",
    "tracking": ("Where your order is: https://shop.example/track/ord_a.x",),
}


@pytest.mark.parametrize("template", sorted(set(MESSAGES.values())))
def test_every_registered_message_renders_in_text_and_html(template: str) -> None:
    letter = render(template, "zoe@example.com", VALUES)
    assert "#1001" in letter.subject and "\n" not in letter.subject
    for body in (letter.text, letter.html):
        assert "Zoë" in body and "2 x Blue mug" in body
        assert "https://shop.example/track/ord_a.x" in body
        assert "$" not in body


def test_every_file_is_registered_and_every_registration_has_both_files() -> None:
    wanted = {f"{name}.{kind}" for name in MESSAGES.values() for kind in ("txt", "html")}
    assert {path.name for path in FOLDER.iterdir()} == wanted


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
    letter = render("order_confirmed", "eve@example.com", evil)
    assert "<script>" not in letter.html and "<b>Eve" not in letter.html
    assert "\n" not in letter.subject and "\r" not in letter.subject
    assert "- 1 x <script>alert(1)</script> Fake\n- $greeting" in letter.text


def test_tracking_is_a_link_in_html_and_readable_in_text() -> None:
    letter = render("order_shipped", "zoe@example.com", VALUES)
    assert '<a href="https://ups.example/1Z?a=1&amp;b=2">' in letter.html
    assert "https://ups.example/1Z?a=1&b=2" in letter.text


def test_a_claim_is_only_called_interrupted_when_no_attempt_can_still_be_running() -> None:
    resources = template()["Resources"]
    timeout = resources["NotifyFunction"]["Properties"]["Timeout"]
    visibility = resources["NotifyQueue"]["Properties"]["VisibilityTimeout"]
    assert timeout < IN_FLIGHT.total_seconds() < visibility
