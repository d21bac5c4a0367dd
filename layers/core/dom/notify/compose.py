"""What a message says, and to whom: from the order and its personal data as they stand now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dom.errors import NotFound
from dom.model.choice import ASKED, REMINDED
from dom.model.commit import PersonalData
from dom.model.contact import DEFAULT
from dom.model.order import Order, OrderStatus
from dom.model.promised import MOVED
from dom.notify.ports import Letter, Notice, OrderReader, Places, Unwanted, Way
from dom.notify.said import CANCELLED, REFUNDED, cancelled, refunded
from dom.notify.said_of_choices import choice
from dom.notify.said_of_promises import moved
from dom.notify.said_of_work import of_work, units
from dom.notify.templates import MESSAGES, Value, render, text_message
from dom.words.language import Language, language_of

# What they tell stands in the event alone.
SAYS_ITSELF = frozenset({CANCELLED, REFUNDED, MOVED, ASKED, REMINDED})
# https://www.itu.int/rec/T-REC-E.164
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_OF_EVENTS = {
    CANCELLED: cancelled,
    REFUNDED: refunded,
    MOVED: moved,
    ASKED: choice,
    REMINDED: choice,
}


def letter_for(
    notice: Notice,
    orders: OrderReader,
    places: Places,
    link: Callable[[str], str],
    way: Way = Way.MAIL,
) -> Letter:
    """The letter for an event, with the `link` to its order's page, in the customer's language.

    Unwanted says why there is none; NotFound: no such order.
    """
    order = orders.load(notice.order_id)
    if order is None:
        raise NotFound("order", notice.order_id)
    if order.test:
        raise Unwanted("TEST_ORDER")
    if order.status is OrderStatus.CANCELLED and notice.type not in {CANCELLED, REFUNDED}:
        raise Unwanted("ORDER_CANCELLED")
    contact = order.contact or DEFAULT
    if not (contact.sms if way is Way.SMS else contact.email):
        raise Unwanted("NOT_WANTED")
    personal = orders.personal(notice.order_id)
    recipient = _recipient(personal, way)
    language = language_of(contact.locale, order.locale)
    name, said = _said(notice, order, orders, places, language)
    page = link(order.order_id)
    values = {
        **_frame(order, personal, language),
        **said,
        "tracking": (language.say("tracking", link=page),),
        "link": page,
    }
    if way is Way.SMS:
        return text_message(name, recipient, values, language)
    return render(name, recipient, values, language)


def _recipient(personal: PersonalData | None, way: Way) -> str:
    if way is Way.SMS:
        # As people write it, but a number of a country: nobody can guess which one is meant.
        number = re.sub(r"[ ()./-]", "", _text(personal, "phone"))
        if not _E164.fullmatch(number):
            raise Unwanted("NO_NUMBER")
        return number
    address = _text(personal, "email")
    if "@" not in address:
        raise Unwanted("NO_ADDRESS")
    return address


def _said(
    notice: Notice, order: Order, orders: OrderReader, places: Places, language: Language
) -> tuple[str, Mapping[str, Value]]:
    """Which text it is, and what only that text says."""
    tell = _OF_EVENTS.get(notice.type)
    if tell:
        return tell(notice, order, language)
    name = MESSAGES[notice.type]
    if notice.fulfillment_order_id:
        return name, of_work(notice, order, orders, places, language)
    return name, {"lines": units(order, {line.line_id: line.quantity for line in order.lines})}


def _frame(order: Order, personal: PersonalData | None, language: Language) -> Mapping[str, Value]:
    name = _text(personal, "name")
    return {
        "greeting": language.say("greeting" if name else "greeting_nobody", name=name),
        "order_name": order.name or order.external_id,
        "placed_on": language.short_day(order.placed_at.date()),
    }


def _text(personal: PersonalData | None, field: str) -> str:
    value = personal.data.get(field) if personal else None
    return value.strip() if isinstance(value, str) else ""
