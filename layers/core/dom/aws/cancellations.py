"""`dom.fulfillment.channel_ports.Cancellations`: the channel's teller, if its outlet pays back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dom.aws.accounts import Accounts
from dom.aws.outlet_store import OutletStore
from dom.channels.cancellations import canceller_of
from dom.model.as_sold import sold
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class ChannelCancellations:
    """Whoever the order's channel says. `noted` hears what was taken off, and the channel's id."""

    accounts: Accounts
    outlets: OutletStore
    noted: Callable[[Order, str], object] = lambda order, reference: None

    def tell(self, order: Order) -> int:
        """See the port. Money moves only where somebody said so of the account."""
        teller = canceller_of(order.channel)
        outlet = self.outlets.find(order.channel, order.account) if teller else None
        if teller is None or outlet is None or not (outlet.active and outlet.pays_back):
            return 0
        with self.accounts.calling(order.channel, order.account) as credentials:
            told = teller(sold(order), credentials)
        if told.reference:
            self.noted(order, told.reference)
        return sum(told.units.values())
