"""Paying money back by way of the channel: what a sender implements, and which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.order import Order
from dom.model.refund import Refund
from dom.model.rma import Return


class Refunder(Protocol):
    """Sends one refund; one file in this package implements it, one line below registers it."""

    def __call__(
        self, order: Order, record: Return, refund: Refund, credentials: Credentials
    ) -> str:
        """Pay it, once however often it is asked; the channel's id of it.

        Rejected: the channel refuses it, or nothing says where to send it. Busy: not now.
        """


def refund_key(record: Return, refund: Refund) -> str:
    """Names a payment wherever it is sent: the same for every attempt."""
    return f"{record.id}/{refund.number}"


def refunder_of(channel: str) -> Refunder:
    """The sender of a channel; one without its own API gets signed requests."""
    from dom.channels.bigcommerce_refunds import pay as bigcommerce
    from dom.channels.magento_refunds import pay as magento
    from dom.channels.refunds_webhook import pay as webhook
    from dom.channels.shopify_refunds import pay as shopify
    from dom.channels.walmart_refunds import pay as walmart
    from dom.channels.woocommerce_refunds import pay as woocommerce

    senders: Mapping[str, Refunder] = {
        "bigcommerce": bigcommerce,
        "magento": magento,
        "shopify": shopify,
        "walmart": walmart,
        "woocommerce": woocommerce,
    }
    return senders.get(channel, webhook)
