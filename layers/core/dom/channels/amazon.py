"""Amazon's Selling Partner API: orders of one seller, told by `ORDER_CHANGE` notifications.

They come by SQS (`dom.channels.amazon_notices`), and name an order without its address and prices:
it is read by the API (`dom.channels.amazon_feed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.amazon_notices import ORDER_CHANGE
from dom.channels.protocol import DeliveryIdentity
from dom.errors import NotFound
from dom.model.facts import Facts, SeenOrder

# What `AmazonFeed` brings.
ORDER = "order"


class AmazonChannel:
    """`account` is the seller's id in lower case, such as `a3th9s8bh6gogm`."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """NotFound: Amazon sends no webhooks."""
        raise NotFound("webhook", "amazon")

    def parse(self, topic: str, account: str, body: bytes) -> Facts | SeenOrder | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.amazon_orders import changed, order

        if topic == ORDER_CHANGE:
            return changed(body)
        return order(account, body) if topic == ORDER else None
