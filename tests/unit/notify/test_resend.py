"""An operator sends once more what nobody saw the end of."""

from __future__ import annotations

from dataclasses import replace

from dom.notify.ports import MessageStatus, Notice, OutcomeUnknown
from dom.notify.tell import tell
from support.builders import order
from support.post import FakeMailer, FakeMessages, FakeOrders, post

from tools.resend import line_of, resend

S = MessageStatus
PLACED = Notice("ord_a/ORDER#1", "OrderPlaced", "ord_a")
KEY = "notify#ord_a/ORDER#1#order_confirmed"


def unknown_message() -> tuple[FakeMessages, FakeMailer, FakeOrders]:
    orders = FakeOrders()
    orders.orders["ord_a"] = order("ord_a")
    orders.customer(email="zoe@example.com", name="Zoë")
    stage, messages, mailer = post(orders)
    mailer.raises = [OutcomeUnknown("ReadTimeoutError")]
    assert tell(PLACED, stage) is S.UNKNOWN
    return messages, mailer, orders


def test_an_unknown_message_is_sent_once_more_and_not_twice() -> None:
    messages, mailer, orders = unknown_message()
    stage = replace(post(orders)[0], messages=messages, mailer=mailer)
    assert resend(KEY, messages, stage) is S.SENT
    assert resend(KEY, messages, stage) is S.SENT
    assert len(mailer.letters) == 1


def test_a_key_that_names_nothing_sends_nothing() -> None:
    messages, mailer, orders = unknown_message()
    stage = replace(post(orders)[0], messages=messages, mailer=mailer)
    assert resend("notify#ord_x/ORDER#1#order_confirmed", messages, stage) is None
    assert mailer.letters == []


def test_the_list_shows_what_to_resend_and_nobodys_address() -> None:
    messages, _, _ = unknown_message()
    told = line_of(messages.stored[KEY])
    assert KEY in told and "ReadTimeoutError" in told
    assert "example.com" not in told and "Zo" not in told
