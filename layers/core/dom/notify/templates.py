"""Customer messages by event type, rendered from the files in templates/.

A new one: `<name>.txt` (first line `Subject: ...`) and `<name>.html` there, one line in MESSAGES,
and the event type in template.yaml's CustomerMessagesRule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from dom.notify.ports import Letter

MESSAGES: Mapping[str, str] = {
    "OrderPlaced": "order_confirmed",
    "FulfillmentOrderShipped": "order_shipped",
    "ParcelOutForDelivery": "out_for_delivery",
    "FulfillmentOrderDelivered": "order_delivered",
    "FulfillmentOrderReadied": "ready_for_pickup",
    "CustomerReminded": "pickup_reminder",
    "OrderCancelled": "order_cancelled",
    "RefundSent": "order_refunded",
    "PromiseMoved": "order_delayed",
}

FOLDER = Path(__file__).parent / "templates"
_SUBJECT = "Subject: "

Value = str | Sequence[str]


def render(template: str, recipient: str, values: Mapping[str, Value]) -> Letter:
    """The letter in text and HTML; lists become bullets, HTML is escaped.

    KeyError names a placeholder that has no value.
    """
    plain = {name: _plain(value) for name, value in values.items()}
    rich = {name: _rich(value) for name, value in values.items()}
    subject, text = _file(f"{template}.txt").substitute(plain).split("\n", 1)
    html = _file(f"{template}.html").substitute(rich)
    return Letter(recipient, _one_line(subject.removeprefix(_SUBJECT)), text.strip() + "\n", html)


@cache
def _file(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return _one_line(value)
    return "\n".join(f"- {_one_line(each)}" for each in value)


def _rich(value: Value) -> str:
    if isinstance(value, str):
        return escape(_one_line(value))
    items = "".join(f"<li>{_linked(_one_line(each))}</li>" for each in value)
    return f"<ul>{items}</ul>" if items else ""


def _linked(text: str) -> str:
    """Escaped, with a trailing https address made a link."""
    before, _, last = text.rpartition(" ")
    if not last.startswith("https://"):
        return escape(text)
    return f'{escape(before)} <a href="{escape(last)}">{escape(last)}</a>'


def _one_line(text: str) -> str:
    """A customer's text cannot start a header or a new line of the letter."""
    return " ".join(text.split())
