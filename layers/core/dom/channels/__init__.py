"""Sales channels. A new one is a file here that implements `protocol.Channel`, and a line below.

Importing this costs next to nothing: a channel loads its payload models when it first parses.
"""

from __future__ import annotations

from collections.abc import Mapping

from dom.channels.aftership import AfterShipChannel
from dom.channels.amazon import AmazonChannel
from dom.channels.api import ApiChannel
from dom.channels.bigcommerce import BigCommerceChannel
from dom.channels.easypost import EasyPostChannel
from dom.channels.fedex import FedExChannel
from dom.channels.magento import MagentoChannel
from dom.channels.protocol import Channel
from dom.channels.shippo import ShippoChannel
from dom.channels.shipstation import ShipStationChannel
from dom.channels.shopify import ShopifyChannel
from dom.channels.ups import UpsChannel
from dom.channels.usps import UspsChannel
from dom.channels.walmart import WalmartChannel
from dom.channels.woocommerce import WooCommerceChannel
from dom.errors import NotFound

CHANNELS: Mapping[str, Channel] = {
    "aftership": AfterShipChannel(),
    "amazon": AmazonChannel(),
    "api": ApiChannel(),
    "bigcommerce": BigCommerceChannel(),
    "easypost": EasyPostChannel(),
    "fedex": FedExChannel(),
    "magento": MagentoChannel(),
    "shippo": ShippoChannel(),
    "shipstation": ShipStationChannel(),
    "shopify": ShopifyChannel(),
    "ups": UpsChannel(),
    "usps": UspsChannel(),
    "walmart": WalmartChannel(),
    "woocommerce": WooCommerceChannel(),
}


def channel(name: str) -> Channel:
    """The channel of that name; NotFound if there is none."""
    try:
        return CHANNELS[name]
    except KeyError:
        raise NotFound("channel", name) from None
