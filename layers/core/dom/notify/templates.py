"""Customer messages by event type, rendered from the texts in `dom.words`.

A new one: a text `[messages.<name>]` in each language, one line in MESSAGES, and the event type in
template.yaml's CustomerMessagesRule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from dom.notify.ports import Letter
from dom.words.language import Language

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
    "ChoiceAsked": "choice_asked",
    "ChoiceReminded": "choice_reminder",
}

_FRAME = Path(__file__).parent / "templates" / "letter.html"
_EMPHASIZED = frozenset({"order_name", "amount", "new"})

Value = str | Sequence[str]


def render(name: str, recipient: str, values: Mapping[str, Value], language: Language) -> Letter:
    """The letter of that name in text and HTML, between `$greeting` and `$tracking`.

    Lists become bullets, and a block whose list or word is empty is left out. HTML is escaped.
    KeyError names a placeholder that has no value.
    """
    said = language.messages[name]
    texts = ["$greeting", *said["text"].strip().split("\n\n"), "$tracking"]
    blocks = [text for text in texts if _says_something(text, values)]
    plain = {key: value if isinstance(value, str) else "" for key, value in values.items()}
    subject = _one_line(Template(said["subject"]).substitute(plain))
    text = "\n\n".join("\n".join(_plain(block, values)) for block in blocks) + "\n"
    html = "\n".join("".join(_rich(block, values)) for block in blocks)
    frame = {"language": language.code, "subject": escape(subject), "blocks": html}
    return Letter(recipient, subject, text, _frame().substitute(frame))


def text_message(
    name: str, recipient: str, values: Mapping[str, Value], language: Language
) -> Letter:
    """The same as one line for a phone. KeyError: that message has no such text."""
    words = {key: value for key, value in values.items() if isinstance(value, str)}
    text = Template(language.messages[name]["sms"]).substitute(words)
    return Letter(recipient, "", _one_line(text), "")


@cache
def _frame() -> Template:
    return Template(_FRAME.read_text(encoding="utf-8"))


def _says_something(block: str, values: Mapping[str, Value]) -> bool:
    alone = (line[1:] for line in block.splitlines() if line.startswith("$"))
    return all(values[name] for name in alone if name.isidentifier())


def _list(line: str, values: Mapping[str, Value]) -> Sequence[str] | None:
    """The list that a line is, if it is one."""
    value = values.get(line.removeprefix("$")) if line.startswith("$") else None
    return None if value is None or isinstance(value, str) else value


def _plain(block: str, values: Mapping[str, Value]) -> Iterator[str]:
    words = {name: _one_line(value) for name, value in values.items() if isinstance(value, str)}
    for line in block.splitlines():
        found = _list(line, values)
        if found is None:
            yield Template(line).substitute(words)
        else:
            yield from (f"- {_one_line(one)}" for one in found)


def _rich(block: str, values: Mapping[str, Value]) -> Iterator[str]:
    words = {name: _word(name, value) for name, value in values.items() if isinstance(value, str)}
    for line in block.splitlines():
        found = _list(line, values)
        if found is None:
            yield f"<p>{Template(escape(line, quote=False)).substitute(words)}</p>"
        else:
            items = "".join(f"<li>{_linked(_one_line(one))}</li>" for one in found)
            yield f"<ul>{items}</ul>"


def _word(name: str, value: str) -> str:
    safe = escape(_one_line(value))
    return f"<strong>{safe}</strong>" if name in _EMPHASIZED else safe


def _linked(text: str) -> str:
    """Escaped, with a trailing https address made a link."""
    before, _, last = text.rpartition(" ")
    if not last.startswith("https://"):
        return escape(text)
    return f'{escape(before)} <a href="{escape(last)}">{escape(last)}</a>'


def _one_line(text: str) -> str:
    """A customer's text cannot start a header or a new line of the letter."""
    return " ".join(text.split())
