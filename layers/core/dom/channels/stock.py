"""Showing stock by a channel's own API: which channels can."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dom.channels.credentials import Credentials
from dom.errors import InvalidInput
from dom.model.outlet import Outlet, Shelf

MakeShelf = Callable[[Outlet, Credentials], Shelf]


def shelf_of(channel: str) -> MakeShelf:
    """What makes the channel's shelves; InvalidInput: it shows no stock of ours.

    One file in this package implements `dom.model.outlet.Shelf`, and one line here registers it.
    """
    from dom.channels.amazon_stock import AmazonShelf
    from dom.channels.bigcommerce_stock import BigCommerceShelf
    from dom.channels.magento_stock import MagentoShelf
    from dom.channels.shopify_stock import ShopifyShelf
    from dom.channels.walmart_stock import WalmartShelf
    from dom.channels.woocommerce_stock import WooCommerceShelf

    shelves: Mapping[str, MakeShelf] = {
        "amazon": AmazonShelf,
        "bigcommerce": BigCommerceShelf,
        "magento": MagentoShelf,
        "shopify": ShopifyShelf,
        "walmart": WalmartShelf,
        "woocommerce": WooCommerceShelf,
    }
    if channel not in shelves:
        raise InvalidInput("channel", f"{channel} shows no stock: {', '.join(shelves)} can")
    return shelves[channel]
