"""Refunds as signed requests to a URL of the shop, for channels without an API of their own.

`POST <refund_url>` with the refund as JSON, signed as `dom.http.signed` says. Any 2xx means paid;
the answer may name the payment: `{"reference": "…"}`.
"""

from __future__ import annotations

import json

from dom.channels.credentials import Credentials
from dom.channels.refunds import refund_key
from dom.errors import Rejected
from dom.http.signed import SigningKey, post_signed
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return


def pay(order: Order, record: Return, refund: Refund, credentials: Credentials) -> str:
    """See `Refunder`."""
    if not (credentials.refund_url and credentials.refund_secret):
        raise Rejected(f"no refund_url for {order.channel}/{order.account}: pay it by hand")
    key = refund_key(record, refund)
    signing = SigningKey(credentials.refund_secret)
    reply = post_signed(credentials.refund_url, _body(order, record, refund), key, signing)
    return reference_in(reply.body) or key


def reference_in(body: bytes) -> str:
    """How the receiver names what it did; "" if it does not."""
    try:
        told = json.loads(body)["reference"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(told)[:200]


def _body(order: Order, record: Return, refund: Refund) -> dict[str, object]:
    currency = refund.amount.currency
    return {
        "refund_id": refund_key(record, refund),
        "return_id": record.id,
        "order_id": order.order_id,
        "external_id": order.external_id,
        "amount": {"amount": refund.amount.amount, "currency": currency},
        "amount_text": decimal_text(refund.amount.amount, currency),
        "method": "store_credit" if refund.store_credit else "original",
        "shipping": refund.shipping,
        "label_fee": refund.label_fee,
        "lines": [
            {
                "line_id": line.line_id,
                "quantity": line.quantity,
                "amount": line.amount,
                "restock": bool(line.disposition and line.disposition.value == "restock"),
            }
            for line in refund.lines
        ],
    }
