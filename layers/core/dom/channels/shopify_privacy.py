"""Shopify's compliance topics: a customer or a shop asks to be forgotten, or what is known.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance: each is to be acted on within
30 days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dom.channels.payload import Digits, Many, Payload, read
from dom.errors import InvalidInput
from dom.model.facts import Erasure
from dom.model.ids import order_id_for


class Redaction(Payload):
    """What customers/redact says."""

    orders_to_redact: Many[Digits] = ()


def _redacted(account: str, body: bytes) -> Erasure:
    asked = read(Redaction, body)
    names = (order_id_for("shopify", account, one) for one in asked.orders_to_redact)
    return Erasure(tuple(names))


def _for_a_person(what: str) -> Callable[[str, bytes], Erasure]:
    """What no program should decide is parked, with what to do."""

    def refuse(account: str, body: bytes) -> Erasure:
        read(Redaction, body)
        raise InvalidInput("topic", f"{what}, within 30 days: docs/operations.md, Privacy")

    return refuse


PARSERS: Mapping[str, Callable[[str, bytes], Erasure]] = {
    "customers/redact": _redacted,
    "customers/data_request": _for_a_person("a customer asks what is known of them: answer it"),
    "shop/redact": _for_a_person("the shop left: forget its orders"),
}
