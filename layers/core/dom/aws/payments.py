"""`dom.fulfillment.channel_ports.Payments`: the channel's teller, where its outlet captures."""

from __future__ import annotations

from dataclasses import dataclass

from dom.aws.accounts import Accounts
from dom.aws.outlet_store import OutletStore
from dom.channels.payments import payment_teller_of
from dom.errors import Busy
from dom.model.authorization import Authorization, Taken
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class ChannelPayments:
    """Whoever the order's channel says."""

    accounts: Accounts
    outlets: OutletStore

    def settle(self, order: Order, known: Authorization) -> Taken | None:
        """See the port. Money moves only where somebody said so of the account; while that is
        paused, Busy: what is due stays due.
        """
        outlet = self.outlets.find(order.channel, order.account)
        if outlet is None or not outlet.captures:
            return None
        if not outlet.active:
            raise Busy(f"{order.channel}/{order.account} is paused")
        with self.accounts.calling(order.channel, order.account) as credentials:
            return payment_teller_of(order.channel)(order, known, credentials)
