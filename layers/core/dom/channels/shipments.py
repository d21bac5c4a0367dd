"""Telling the channel what was shipped: what a teller implements, and which there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order


class ShipmentTeller(Protocol):
    """Tells of one shipment; one file in this package implements it, one line below registers
    it.
    """

    def __call__(
        self,
        order: Order,
        work: FulfillmentOrder,
        others: Collection[str],
        credentials: Credentials,
    ) -> str:
        """Tell of the work's units and parcels, once however often it is asked; the channel's id.

        `others`: ids that the order's other work has there. Rejected: the channel refuses it.
        Busy: not now.
        """


def teller_of(channel: str) -> ShipmentTeller | None:
    """The teller of a channel; None for one that is told by the events of the bus only."""
    from dom.channels.amazon_shipments import tell as amazon
    from dom.channels.shopify_shipments import tell as shopify
    from dom.channels.woocommerce_shipments import tell as woocommerce

    tellers: Mapping[str, ShipmentTeller] = {
        "amazon": amazon,
        "shopify": shopify,
        "woocommerce": woocommerce,
    }
    return tellers.get(channel)
