"""Authorized money taken by signed requests to a URL of the shop, for channels without their own
API.

`POST <payment_url>` as JSON, signed as `dom.http.signed` says: bring what is captured of the order
to `captured_in_all`, and what is let go to `voided_in_all`. Only those two are asked; how much more
that is than we know of is told for information, since an answer may have been lost. Any 2xx means
done; the answer may name the payment: `{"reference": "…"}`.
"""

from __future__ import annotations

from dom.channels.credentials import Credentials
from dom.channels.refunds_webhook import reference_in
from dom.errors import Rejected
from dom.http.signed import SigningKey, post_signed
from dom.model.authorization import Authorization, Taken
from dom.model.money import decimal_text
from dom.model.order import Order


def settle(order: Order, known: Authorization, credentials: Credentials) -> Taken:
    """See `PaymentTeller`. What is asked is named by all that is due and let go of the order.

    After a refusal it has a new name: who remembers answers by name would refuse it again.
    """
    if not (credentials.payment_url and credentials.payment_secret):
        raise Rejected(f"no payment_url for {order.channel}/{order.account}: take it by hand")
    again = f"/{known.refusals}" if known.refusals else ""
    name = f"{order.order_id}/{known.due}/{known.void}{again}"
    signing = SigningKey(credentials.payment_secret)
    reply = post_signed(credentials.payment_url, _body(order, known, name), name, signing)
    return Taken(known.due, known.void, reference_in(reply.body) or name)


def _body(order: Order, known: Authorization, name: str) -> dict[str, object]:
    now, currency = max(0, known.due - known.captured), order.currency
    return {
        "payment_id": name,
        "order_id": order.order_id,
        "external_id": order.external_id,
        "capture": {"amount": now, "currency": currency},
        "capture_text": decimal_text(now, currency),
        "captured_in_all": known.due,
        "void": {"amount": max(0, known.void - known.voided), "currency": currency},
        "voided_in_all": known.void,
        "authorized": known.amount,
    }
