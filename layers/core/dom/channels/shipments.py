"""Telling the channel what was shipped: what a teller implements, and which there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.fulfillment import FulfillmentOrder, Parcel, units_by_line
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


def shipped_at(work: FulfillmentOrder) -> datetime:
    """When it left, as its history says."""
    sent = ("FulfillmentOrderShipped", "FulfillmentOrderCollected")
    moments = [entry.at for entry in work.history if entry.type in sent]
    return min(moments) if moments else work.created_at or datetime.now(UTC)


def packed(work: FulfillmentOrder) -> Sequence[tuple[Parcel, Mapping[str, int]]]:
    """Its parcels with the units by line in each.

    Where nobody said what is in which, all of it is told with the first one: a unit may be told
    of once. Work without a parcel gets one without a number.
    """
    parcels = work.parcels or (Parcel(),)
    if all(parcel.units for parcel in parcels):
        return [(parcel, parcel.units) for parcel in parcels]
    return [(parcels[0], units_by_line(work.lines))]


def teller_of(channel: str) -> ShipmentTeller | None:
    """The teller of a channel; None for one that is told by the events of the bus only."""
    from dom.channels.amazon_shipments import tell as amazon
    from dom.channels.bigcommerce_shipments import tell as bigcommerce
    from dom.channels.magento_shipments import tell as magento
    from dom.channels.shopify_shipments import tell as shopify
    from dom.channels.walmart_shipments import tell as walmart
    from dom.channels.woocommerce_shipments import tell as woocommerce

    tellers: Mapping[str, ShipmentTeller] = {
        "amazon": amazon,
        "bigcommerce": bigcommerce,
        "magento": magento,
        "shopify": shopify,
        "walmart": walmart,
        "woocommerce": woocommerce,
    }
    return tellers.get(channel)
