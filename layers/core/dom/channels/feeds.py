"""Reading orders by a channel's own API: what an implementation offers, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dom.channels.credentials import Credentials
from dom.model.facts import SeenOrder


class Reader(Protocol):
    """What events of one account only name. Every method: Busy, not now; Rejected, not with these
    credentials.
    """

    @property
    def topic(self) -> str:
        """What `Channel.parse` calls a body that `fetch` brings."""

    def fetch(self, external_id: str) -> bytes:
        """It as a webhook would bring it."""


class OrderFeed(Reader, Protocol):
    """The orders of one account."""

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """Orders changed in that time, the oldest change first, and the cursor of what follows
        ("": that was all).
        """


MakeReader = Callable[[str, Credentials], Reader]
MakeFeed = Callable[[str, Credentials], OrderFeed]


def feed_of(channel: str) -> MakeFeed | None:
    """What makes a channel's feeds; None: it has no API that we read.

    One file in this package implements `OrderFeed`, and one line here registers it.
    """
    from dom.channels.amazon_feed import AmazonFeed
    from dom.channels.bigcommerce_feed import BigCommerceFeed
    from dom.channels.magento_feed import MagentoFeed
    from dom.channels.shopify_feed import ShopifyFeed
    from dom.channels.walmart_feed import WalmartFeed
    from dom.channels.woocommerce_feed import WooCommerceFeed

    feeds: Mapping[str, MakeFeed] = {
        "amazon": AmazonFeed,
        "bigcommerce": BigCommerceFeed,
        "magento": MagentoFeed,
        "shopify": ShopifyFeed,
        "walmart": WalmartFeed,
        "woocommerce": WooCommerceFeed,
    }
    return feeds.get(channel)


def reader_of(channel: str) -> MakeReader | None:
    """What makes readers of whatever a channel's events only name: its feed, where it has orders.
    None: they say all there is.
    """
    from dom.channels.shipstation_reader import ShipStationReader

    readers: Mapping[str, MakeReader] = {"shipstation": ShipStationReader}
    return readers.get(channel) or feed_of(channel)
