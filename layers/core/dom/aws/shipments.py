"""`dom.fulfillment.channel_ports.Shipments`: the channel's teller, with its account's secrets."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dom.aws.accounts import Accounts
from dom.channels.shipments import teller_of
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class ChannelShipments:
    """Whoever the order's channel says. `count` hears of those that could not be told of."""

    accounts: Accounts
    count: Callable[[str], object] = lambda name: None

    def tell(self, order: Order, work: FulfillmentOrder, others: Collection[str]) -> str | None:
        """See the port. An account whose API token we were never given is not told."""
        teller = teller_of(order.channel)
        if teller is None:
            return None
        with self.accounts.calling(order.channel, order.account) as credentials:
            if not credentials.can_call:
                self.count("ShipmentsNotTold")
                return None
            return teller(order, work, others, credentials)
