"""Telling the channel what was cancelled here: what a teller implements, and which there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class Told:
    """Units by line id that the channel has taken off now, and its id of that; "" for none: it knew
    already.
    """

    units: Mapping[str, int]
    reference: str = ""


class CancellationTeller(Protocol):
    """Takes cancelled units off the channel's order, and pays them back there; one file in this
    package implements it, one line below registers it.
    """

    def __call__(self, order: Order, credentials: Credentials) -> Told:
        """Bring the channel in line with what is cancelled of the order here, once however often it
        is asked. Rejected: the channel refuses it. Busy: not now.
        """


def canceller_of(channel: str) -> CancellationTeller | None:
    """The teller of a channel; None for one that is told by the events of the bus only."""
    from dom.channels.amazon_cancellations import tell as amazon
    from dom.channels.bigcommerce_refunds import tell as bigcommerce
    from dom.channels.magento_cancellations import tell as magento
    from dom.channels.shopify_cancellations import tell as shopify
    from dom.channels.walmart_cancellations import tell as walmart
    from dom.channels.woocommerce_cancellations import tell as woocommerce

    tellers: Mapping[str, CancellationTeller] = {
        "amazon": amazon,
        "bigcommerce": bigcommerce,
        "magento": magento,
        "shopify": shopify,
        "walmart": walmart,
        "woocommerce": woocommerce,
    }
    return tellers.get(channel)
