"""Who gets a ship group: a mark by which two of one recipient are known, and nothing else is.

It is an HMAC-SHA256, so that nobody without the key can try names and addresses against it. Orders
of two shops are never of one recipient: what one sold is not packed into the other's box.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from unicodedata import category, normalize

from dom.model.addresses import ADDRESSES, by_group
from dom.model.commit import PersonalData
from dom.model.order import Order, ShipGroup

# 128 bits: two recipients do not share one by chance.
_DIGITS = 32
# Of an address, what has to be the same; without those that are needed nobody knows whether it is.
_WORDS = ("company", "address1", "address2", "city", "postal_code", "country_code")
_NEEDED = ("address1", "country_code")


def marked(order: Order, person: PersonalData | None, key: str) -> Order:
    """The order with the marks of its ship groups made anew, of what is known of its customer.

    No mark without a key, without an address, of a customer who is known by nothing but a name, or
    whose channel limits how long we may know them: such work is never merged.
    """
    known = None if order.forgotten or order.forget_by or not key else person
    groups = tuple(
        replace(group, recipient=_mark(order, group, known, key) if known else None)
        for group in order.ship_groups
    )
    return replace(order, ship_groups=groups)


def still_marked(after: Order, before: Order) -> Order:
    """The order with the marks of before where the address is, as far as routing knows it."""
    known = {(group.id, group.destination): group.recipient for group in before.ship_groups}
    groups = tuple(
        replace(group, recipient=known.get((group.id, group.destination)))
        for group in after.ship_groups
    )
    return replace(after, ship_groups=groups)


def unmarked(order: Order) -> Order:
    """The order of a customer who is forgotten."""
    groups = tuple(replace(group, recipient=None) for group in order.ship_groups)
    return replace(order, ship_groups=groups)


def mark_of(order: Order, ship_group_id: str) -> str | None:
    """The mark of a ship group; None: it has none."""
    found = (group.recipient for group in order.ship_groups if group.id == ship_group_id)
    return next(found, None)


def _mark(order: Order, group: ShipGroup, person: PersonalData, key: str) -> str | None:
    words = by_group(person.data, ADDRESSES).get(group.id)
    customer = _text(person.data, "email") or person.customer_id
    if not isinstance(words, Mapping) or not customer:
        return None
    if not all(_plain(_text(words, name)) for name in _NEEDED):
        return None
    name = _text(words, "name") or _text(person.data, "name")
    said = (name, *(_text(words, one) for one in _WORDS))
    shop = (order.channel, order.account, customer.casefold())
    text = "\0".join(("recipient", *shop, *map(_plain, said)))
    return hmac.digest(key.encode(), text.encode(), hashlib.sha256).hex()[:_DIGITS]


def _text(words: Mapping[str, object], name: str) -> str:
    value = words.get(name)
    return value.strip() if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Letters and digits alone: people write one address with and without dots and blanks."""
    kept = (c for c in normalize("NFKC", text).casefold() if c.isalnum() or category(c)[0] == "M")
    return "".join(kept)
