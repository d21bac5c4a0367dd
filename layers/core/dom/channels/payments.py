"""Taking an order's money by way of its channel: what a teller implements, and which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.authorization import Authorization, Taken
from dom.model.order import Order


class PaymentTeller(Protocol):
    """Captures what is due of an order's guaranteed money, and lets the rest go; one file in this
    package implements it, one line below registers it.
    """

    def __call__(self, order: Order, known: Authorization, credentials: Credentials) -> Taken:
        """Bring the channel in line with `known.due` and `known.void`, once however often it is
        asked; how the money stands there then. Rejected: declined, expired or refused. Busy: not
        now, or not decided yet.
        """


def payment_teller_of(channel: str) -> PaymentTeller:
    """The teller of a channel; one whose API does not take money gets signed requests."""
    from dom.channels.payments_webhook import settle as webhook
    from dom.channels.shopify_captures import settle as shopify

    tellers: Mapping[str, PaymentTeller] = {"shopify": shopify}
    return tellers.get(channel, webhook)
