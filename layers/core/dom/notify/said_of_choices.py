"""What messages say of a pickup that its store could not hand over."""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.choice import choosing, waiting_units
from dom.model.clock import to_text
from dom.model.order import Order
from dom.model.promised import zone_for
from dom.notify.ports import Notice, Unwanted
from dom.notify.said_of_work import units
from dom.notify.templates import MESSAGES, Value
from dom.words.language import Language


def choice(notice: Notice, order: Order, language: Language) -> tuple[str, Mapping[str, Value]]:
    """What waits, and the last day. Unwanted: the customer has chosen, or was asked anew."""
    group = str(notice.data["ship_group_id"])
    if group not in choosing(order):
        raise Unwanted("CHOSEN")
    known = order.choices[group]
    if to_text(known.until) != notice.data["choose_until"]:
        raise Unwanted("ASKED_AGAIN")
    last = known.until.astimezone(zone_for(order, group)).date()
    said = {"lines": units(order, waiting_units(order, group)), "day": language.day(last)}
    return MESSAGES[notice.type], said
